/**
 * Group commit: jobs that arrive in one turn of the event loop, from however many connections, share one transaction
 * and so one sync of the disk. Order is kept: a job is durable with or before every job added after it. A job is
 * plain data, so that the committing side can move to a thread of its own.
 */

export type GroupCommit<Job, Result> = {
  /** Resolves when the job is durable. */
  readonly add: (job: Job) => Promise<Result>;
  /** Resolves when every job added so far is durable or has failed. */
  readonly drain: () => Promise<void>;
};

type Waiting<Job, Result> = {
  readonly job: Job;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
};

/** `commit` makes a group durable in one transaction and answers with one result per job, in order; when it throws, none is durable. */
export function openGroupCommit<Job, Result>(
  commit: (jobs: readonly Job[]) => Promise<readonly Result[]>,
): GroupCommit<Job, Result> {
  let waiting: Waiting<Job, Result>[] = [];
  let running: Promise<void> | null = null;

  async function run(): Promise<void> {
    // One turn later, all sockets that were readable in this turn have had their say.
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      await commitGroup(group, commit);
    }
    running = null;
  }

  return {
    add: (job) =>
      new Promise((resolve, reject) => {
        waiting.push({ job, resolve, reject });
        running ??= run();
      }),
    drain: async () => {
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
