/** One call of the program as `main` hands it over. */
import type { Wiring } from './context.ts';
import type { Terminal } from './terminal.ts';

export type CommandLine = {
  /** Arguments after the program's name. */
  readonly arguments: readonly string[];
  readonly workingDirectory: string;
  readonly terminal: Terminal;
  readonly wiring: Wiring;
  readonly stopping: AbortSignal;
};
