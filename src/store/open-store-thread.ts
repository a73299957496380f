/**
 * A store's thread, seen from the program: it starts with the first call and ends with `close`. Calls are taken in the order in which they
 * were made. When the thread dies, every open call is rejected, and the next one starts another.
 */
import { Worker } from 'node:worker_threads';
import type { Ledger } from '../domain/store.ts';
import { COLLECTING, PATIENCE } from './group-commit.ts';
import {
  packValue,
  type StoreAnswer,
  type StoreCall,
  type StoreReply,
  type StorePart,
  unpackError,
  unpackValue,
} from './thread-call.ts';
import { isWord, isWordAnswer, packMark, packSettlement, type StoreWord } from './thread-words.ts';

export type StoreThread = {
  readonly isRunning: () => boolean;
  readonly call: (part: StorePart, verb: string, parameters: readonly unknown[]) => Promise<unknown>;
  readonly words: Pick<Ledger, 'mark' | 'settle'>;
  /** Ends it when everything it was told is durable. */
  readonly close: () => Promise<void>;
};

type Open = { readonly resolve: (value: unknown) => void; readonly reject: (error: unknown) => void };

type Running = {
  readonly worker: Worker;
  readonly open: Map<number, Open>;
  /** Calls of this turn, which leave together. */
  outbox: (StoreCall | StoreWord)[];
  isSending: boolean;
  /** Runs while there is only what nobody waits for. */
  patience: NodeJS.Timeout | null;
  /** Runs while marks wait for others to go along with. */
  collecting: NodeJS.Timeout | null;
};

export type ThreadOptions = {
  readonly location: string;
  /** The file it must be: see `watch-file.ts`. */
  readonly identity: string;
  /** Milliseconds since 1970. */
  readonly now: number;
};

export function openStoreThread(options: ThreadOptions): StoreThread {
  let running: Running | null = null;
  let lastId = 0;
  const forget = (gone: Running, error: unknown): void => {
    if (running === gone) running = null;
    for (const { reject } of gone.open.values()) reject(error);
    gone.open.clear();
  };
  const ask = (compose: (id: number) => StoreCall | StoreWord): Promise<unknown> => {
    running ??= start(options, forget);
    const { open, worker } = running;
    const id = (lastId += 1);
    if (open.size === 0) worker.ref();
    post(running, compose(id));
    return new Promise((resolve, reject) => open.set(id, { resolve, reject }));
  };
  return {
    isRunning: () => running !== null,
    call: (part, verb, parameters) =>
      ask((id) => ({ kind: 'call', id, part, verb, parameters: parameters.map(packValue) })),
    words: {
      mark: async (claim, now, copy) => (await ask((id) => packMark(id, claim, now, copy))) === true,
      settle: async (claim, outcome, now, nextAttemptAt) => {
        await ask((id) => packSettlement(id, claim, outcome, now, nextAttemptAt));
      },
    },
    close: async () => {
      if (running === null) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      running.worker.ref();
      running.worker.once('exit', () => resolve());
      post(running, { kind: 'close' });
      await promise;
    },
  };
}

function start(options: ThreadOptions, forget: (gone: Running, error: unknown) => void): Running {
  const worker = new Worker(fileUrl(), { workerData: options });
  const running: Running = {
    worker,
    open: new Map(),
    outbox: [],
    isSending: false,
    patience: null,
    collecting: null,
  };
  worker.unref();
  worker.on('message', (replies: readonly StoreReply[]) => {
    for (const reply of replies) hear(running, reply);
    if (running.open.size === 0) worker.unref();
  });
  worker.on('error', (error) => forget(running, error));
  worker.on('exit', () => forget(running, new Error('the thread of the store ended')));
  return running;
}

/** In a checkout this file is `.ts`, and so is the thread's; in the package both are `.js`. */
function fileUrl(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? 'store-thread.ts' : 'store-thread.js', import.meta.url);
}

function hear({ open }: Running, reply: StoreReply): void {
  if (isWordAnswer(reply)) {
    const [id, value] = reply;
    open.get(id)?.resolve(value);
    open.delete(id);
  } else hearAnswer(open, reply);
}

function hearAnswer(open: Running['open'], answer: StoreAnswer): void {
  const waiting = open.get(answer.id);
  open.delete(answer.id);
  if (answer.kind === 'done') waiting?.resolve(unpackValue(answer.value));
  else waiting?.reject(unpackError(answer.problem));
}

/** Marks are collected here, so that the thread is woken once for several. What nobody waits for goes along. Order is kept. */
function post(running: Running, call: StoreCall | StoreWord): void {
  running.outbox.push(call);
  const word = isWord(call) ? call[0] : null;
  if (word === 'settle') running.patience ??= setTimeout(() => send(running), PATIENCE);
  else if (word === 'mark') running.collecting ??= setTimeout(() => send(running), COLLECTING);
  else if (!running.isSending) {
    running.isSending = true;
    queueMicrotask(() => send(running));
  }
}

function send(running: Running): void {
  if (running.patience) clearTimeout(running.patience);
  if (running.collecting) clearTimeout(running.collecting);
  running.patience = null;
  running.collecting = null;
  running.isSending = false;
  if (running.outbox.length > 0) running.worker.postMessage(running.outbox, []);
  running.outbox = [];
}
