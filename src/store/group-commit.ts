/**
 * Group commit: jobs that arrive at about the same time, from however many connections, share one transaction
 * and so one sync of the disk; those that nobody waits for go along with the next that somebody does. Order is kept: a job is
 * durable with or before every job added after it.
 */

/** How long a commit waits for more to take along, in milliseconds: less than a mail server takes to answer. */
export const COLLECTING = 1;

/** The longest that a job nobody waits for lies here, in milliseconds: a death in that time puts an answered message in doubt. */
export const PATIENCE = 5;

export type GroupCommit<Job, Result> = {
  /** Resolves when the job is durable. */
  readonly add: (job: Job) => Promise<Result>;
  /** The same for a job that nobody waits for: it goes along with the next `add`, or after `PATIENCE`. */
  readonly addPatiently: (job: Job) => Promise<Result>;
  /** Resolves when every job added so far is durable or has failed. */
  readonly drain: () => Promise<void>;
};

type Waiting<Job, Result> = {
  readonly job: Job;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
};

/** `collecting`: milliseconds, 0 where jobs arrive together already. `commit` makes a group durable in one transaction and answers with one result per job, in order; when it throws, none is durable. */
export function openGroupCommit<Job, Result>(
  commit: (jobs: readonly Job[]) => Promise<readonly Result[]>,
  collecting: number = COLLECTING,
): GroupCommit<Job, Result> {
  let waiting: Waiting<Job, Result>[] = [];
  let running: Promise<void> | null = null;
  /** Whether somebody waits for one of those waiting. */
  let isAwaited = false;

  async function run(): Promise<void> {
    // In that time the other connections have their say: a commit costs as much for many as for one.
    await new Promise((resolve) => {
      if (collecting > 0) setTimeout(resolve, collecting);
      else setImmediate(resolve);
    });
    while (isAwaited) {
      isAwaited = false;
      const group = waiting;
      waiting = [];
      await commitGroup(group, commit);
    }
    running = null;
  }

  let patience: NodeJS.Timeout | null = null;
  const start = (): void => {
    if (patience) clearTimeout(patience);
    patience = null;
    isAwaited = true;
    running ??= run();
  };
  const push = (job: Job): Promise<Result> =>
    new Promise((resolve, reject) => void waiting.push({ job, resolve, reject }));

  return {
    add: (job) => {
      start();
      return push(job);
    },
    addPatiently: (job) => {
      patience ??= setTimeout(start, PATIENCE);
      return push(job);
    },
    drain: async () => {
      if (waiting.length > 0) start();
      await running;
    },
  };
}

async function commitGroup<Job, Result>(
  group: readonly Waiting<Job, Result>[],
  commit: (jobs: readonly Job[]) => Promise<readonly Result[]>,
): Promise<void> {
  try {
    const results = await commit(group.map(({ job }) => job));
    for (const [index, { resolve }] of group.entries()) resolve(results[index] as Result);
  } catch (error) {
    for (const { reject } of group) reject(error);
  }
}
