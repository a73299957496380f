/**
 * A pool of threads for work that cannot be trusted to end. Each works on one request at a time, and may have a few more before it; one that takes
 * too long, or dies, is replaced, and only its own request hears of it. Threads start when first needed and never keep the program alive when idle.
 */
import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';

export type PoolAnswer<Answer> =
  | { readonly kind: 'answered'; readonly answer: Answer }
  | { readonly kind: 'too-long' }
  | { readonly kind: 'died'; readonly reason: string };

export type ThreadPoolOptions = {
  /**
   * A module that posts one answer to each request, in turn; a message to it is a list of requests. Before the first it posts `'ready'`. Where it must load more for one, it
   * says `'loading'` and `'ready'` around that, which is no time of the request's.
   */
  readonly file: URL;
  readonly data: unknown;
  readonly threads: number;
  /** From the moment a ready thread takes the request up, those before it being answered. */
  readonly timeLimitMilliseconds: number;
};

type Task<Request, Answer> = {
  readonly request: Request;
  readonly resolve: (answer: PoolAnswer<Answer>) => void;
  readonly reject: (error: Error) => void;
};

type Thread<Request, Answer> = {
  readonly worker: Worker;
  isReady: boolean;
  /** It was started with other data, and ends when it has answered. */
  isStale: boolean;
  /** In the order they are worked on: the first is, unless the thread is not ready. */
  tasks: Task<Request, Answer>[];
  timer: NodeJS.Timeout | null;
};

/** What a thread has before it: enough that it need not wait for this one, which may be busy, to hand it the next. */
const AHEAD = 8;
/** It gets more when no more than these are left, several in one message: to wake a thread costs as much as a short request. */
const FEW_LEFT = 4;

/** A thread takes longer to start than a dozen of requests to be answered: another one is worth it for more than these behind each. */
const BACKLOG = 12;

/** A post that needs more is an attack: what is honest needs a few times its own size. */
const MEMORY = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 24, stackSizeMb: 4 };

export class ThreadPool<Request, Answer> {
  readonly #options: ThreadPoolOptions;
  readonly #threads = new Set<Thread<Request, Answer>>();
  readonly #waiting: Task<Request, Answer>[] = [];
  #data: unknown;
  #isClosed = false;
  #isHandingOut = false;

  constructor(options: ThreadPoolOptions) {
    this.#options = options;
    this.#data = options.data;
  }

  /** Requests from now on are answered by threads that were started with this data. */
  renew(data: unknown): void {
    this.#data = data;
    for (const thread of this.#threads) {
      if (thread.tasks.length > 0) thread.isStale = true;
      else this.#end(thread);
    }
  }

  /** Starts a thread ahead of the first request, which else waits for it. */
  warmUp(): void {
    if (!this.#isClosed && this.#threads.size === 0) this.#start().worker.unref();
  }

  run(request: Request): Promise<PoolAnswer<Answer>> {
    if (this.#isClosed) return Promise.reject(new Error('the pool is closed'));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, resolve, reject });
      this.#handOutSoon();
    });
  }

  /** Ends all threads; requests without an answer are rejected. Safe to call twice. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const threads = [...this.#threads];
    const open = [...this.#waiting.splice(0), ...threads.flatMap(({ tasks }) => tasks)];
    for (const thread of threads) this.#forget(thread);
    for (const task of open) task.reject(new Error('the pool was closed before the work was done'));
    await Promise.all(threads.map(({ worker }) => worker.terminate()));
  }

  /** What is asked for in one go is handed out in one go. */
  #handOutSoon(): void {
    if (this.#isHandingOut) return;
    this.#isHandingOut = true;
    queueMicrotask(() => {
      this.#isHandingOut = false;
      this.#handOut();
    });
  }

  #handOut(): void {
    while (this.#waiting.length > 0) {
      const thread = this.#choose();
      if (!thread) return;
      const share = Math.ceil(this.#waiting.length / this.#options.threads);
      const tasks = this.#waiting.splice(0, Math.min(share, AHEAD - thread.tasks.length));
      const isIdle = thread.tasks.length === 0;
      thread.tasks.push(...tasks);
      thread.worker.ref();
      ask(thread, tasks);
      if (isIdle && thread.isReady) this.#startClock(thread);
    }
  }

  /** One that is idle, else a new one where that is worth it, else the one with the least before it; null when all have enough. */
  #choose(): Thread<Request, Answer> | null {
    const [least] = [...this.#threads]
      .filter(({ isStale }) => !isStale)
      .toSorted((one, other) => one.tasks.length - other.tasks.length);
    if (least?.tasks.length === 0) return least;
    if (this.#isWorthStarting()) return this.#start();
    return least && least.tasks.length <= FEW_LEFT ? least : null;
  }

  #isWorthStarting(): boolean {
    const { size } = this.#threads;
    return size === 0 || (size < this.#options.threads && this.#waiting.length > BACKLOG * size);
  }

  #start(): Thread<Request, Answer> {
    const worker = new Worker(this.#options.file, {
      workerData: this.#data,
      env: environment(),
      execArgv: [],
      resourceLimits: MEMORY,
    });
    const thread: Thread<Request, Answer> = {
      worker,
      isReady: false,
      isStale: false,
      tasks: [],
      timer: null,
    };
    this.#threads.add(thread);
    worker.on('message', (message: unknown) => this.#hear(thread, message));
    worker.on('error', (error: Error) => this.#lose(thread, { kind: 'died', reason: error.message }));
    worker.on('exit', (code) =>
      this.#lose(thread, { kind: 'died', reason: `its thread ended with code ${code}` }),
    );
    return thread;
  }

  #hear(thread: Thread<Request, Answer>, message: unknown): void {
    if (!this.#threads.has(thread)) return;
    this.#stopClock(thread);
    if (message === 'ready' || message === 'loading') {
      thread.isReady = message === 'ready';
      if (thread.isReady && thread.tasks.length > 0) this.#startClock(thread);
      return;
    }
    const task = thread.tasks.shift();
    if (thread.tasks.length > 0) this.#startClock(thread);
    else {
      thread.worker.unref();
      if (thread.isStale) this.#end(thread);
    }
    task?.resolve({ kind: 'answered', answer: message as Answer });
    this.#handOut();
  }

  #startClock(thread: Thread<Request, Answer>): void {
    thread.timer = setTimeout(() => {
      const { timer } = thread;
      // When this thread itself was busy, the answer may be lying there already: one look before judging.
      setImmediate(() => {
        if (thread.timer && thread.timer === timer) this.#lose(thread, { kind: 'too-long' });
      });
    }, this.#options.timeLimitMilliseconds);
  }

  /** What was before it, and not yet worked on, waits again, in its place. */
  #lose(thread: Thread<Request, Answer>, answer: PoolAnswer<Answer>): void {
    if (!this.#threads.has(thread)) return;
    this.#end(thread);
    const [task, ...others] = thread.tasks;
    this.#waiting.unshift(...others);
    task?.resolve(answer);
    this.#handOut();
  }

  #end(thread: Thread<Request, Answer>): void {
    this.#forget(thread);
    void thread.worker.terminate();
  }

  #forget(thread: Thread<Request, Answer>): void {
    this.#stopClock(thread);
    this.#threads.delete(thread);
  }

  #stopClock(thread: Thread<Request, Answer>): void {
    if (thread.timer) clearTimeout(thread.timer);
    thread.timer = null;
  }
}

/** In one message. */
function ask<Request, Answer>(
  { worker }: Thread<Request, Answer>,
  tasks: readonly Task<Request, Answer>[],
): void {
  worker.postMessage(
    tasks.map(({ request }) => request),
    [],
  );
}

/** Nothing of ours, but for where compiled code is kept, if it is: a thread starts in two thirds of the time with it. */
function environment(): NodeJS.ProcessEnv {
  const folder = getCompileCacheDir();
  // It names the folder of this version, inside the one that was asked for.
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: dirname(folder) };
}
