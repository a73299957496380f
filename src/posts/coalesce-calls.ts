/** Many notices → few calls: one at a time, after a moment of quiet, and always one after the last notice. */

/** `change`: something was noticed. `look`: it is time to look, by hash if the folder's stamps cannot be trusted. */
export type Cause = 'change' | 'look';

export type Calls = {
  /** Asks for a call when it is quiet, or has not been for too long. */
  soon(): void;
  now(cause: Cause): void;
  /** Resolves when no call is open and none will come. */
  close(): Promise<void>;
};

/** Editors write in bursts, and `git pull` too: wait for quiet, but not for ever. */
const QUIET_MILLISECONDS = 100;
const LONGEST_WAIT_MILLISECONDS = 1000;

export function coalesceCalls(call: (cause: Cause) => void | Promise<void>): Calls {
  const oneByOne = callOneByOne(call);
  let quiet: NodeJS.Timeout | undefined;
  let deadline: NodeJS.Timeout | undefined;
  const forget = (): void => {
    clearTimeout(quiet);
    clearTimeout(deadline);
    deadline = undefined;
  };
  const fire = (): void => {
    forget();
    oneByOne.ask('change');
  };
  return {
    soon: () => {
      clearTimeout(quiet);
      quiet = setTimeout(fire, QUIET_MILLISECONDS);
      deadline ??= setTimeout(fire, LONGEST_WAIT_MILLISECONDS);
    },
    now: (cause) => oneByOne.ask(cause),
    close: async () => {
      oneByOne.close();
      forget();
      await oneByOne.idle();
    },
  };
}

type OneByOne = {
  ask(cause: Cause): void;
  close(): void;
  idle(): Promise<void>;
};

/** What is asked during a call makes one more call after it, however often. */
function callOneByOne(call: (cause: Cause) => void | Promise<void>): OneByOne {
  let running: Promise<void> = Promise.resolve();
  let isRunning = false;
  let waiting: Cause | null = null;
  let isClosed = false;
  const runAll = async (): Promise<void> => {
    isRunning = true;
    try {
      for (let cause = waiting; cause !== null; cause = waiting) {
        waiting = null;
        await call(cause);
      }
    } finally {
      isRunning = false;
    }
  };
  return {
    ask: (cause) => {
      if (isClosed) return;
      waiting = waiting === 'look' ? 'look' : cause;
      if (!isRunning) running = runAll();
    },
    close: () => {
      isClosed = true;
      waiting = null;
    },
    idle: async () => await running,
  };
}
