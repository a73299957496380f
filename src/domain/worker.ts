/** The worker: one running program that may hold claims, described so that another can tell whether it is still alive. */

export type Worker = {
  /** Random, new for every start of the program. */
  readonly id: string;
  readonly host: string;
  /** Identifies the boot of that host, or '' where it cannot be read: a pid means nothing after a reboot. */
  readonly boot: string;
  readonly pid: number;
  /** When the process started, as the system tells it: a pid is used again. */
  readonly startedAt: string;
};
