/**
 * Makes the copies of frozen contents, sealed on all cores, off the event loop. Threads start with the first copy that is to be signed and end with
 * `close`; nothing of a message crosses to them and back but what differs, and an unsigned copy needs none.
 */
import { Worker } from 'node:worker_threads';
import type { Seal } from '../domain/message.ts';
import type { SigningKey } from './dkim/signing-key.ts';
import { gatherSmall } from './large-parts.ts';
import { encodeSlots, fillSlots, type PreparedMime, prepareMime, type SlotTexts } from './personalise.ts';
import type { SealingAnswer, SealingOrder } from './sealing-thread.ts';

/** A frozen content under a name of its own: `mime` must not be changed after. */
export type NamedContent = { readonly name: string; readonly mime: Uint8Array };

/** `first`: no copy can have arrived anywhere. Else the seal of the copy that may have; null where it had none. */
export type EarlierSeal = 'first' | Seal | null;

export type SealedCopy =
  | { readonly kind: 'sealed'; readonly parts: readonly Uint8Array[]; readonly seal: Seal | null }
  /** Its bytes would not be those of the copy that may have arrived: the store or the program is not what it was. */
  | { readonly kind: 'differs' };

export type Sealer = {
  readonly seal: (content: NamedContent, slots: SlotTexts, earlier: EarlierSeal) => Promise<SealedCopy>;
  /** Ends the threads; copies in the making are rejected. Safe to call twice. */
  readonly close: () => Promise<void>;
};

/** Megabytes. What a copy leaves behind is little and short-lived. */
const MEMORY = { maxYoungGenerationSizeMb: 4 };

type Waiting = { readonly resolve: (seal: Seal | null) => void; readonly reject: (error: unknown) => void };

type Thread = {
  readonly worker: Worker;
  /** Names of the contents it has. */
  readonly contents: Set<string>;
  readonly waiting: Map<number, Waiting>;
  /** Orders of this turn, which leave together. */
  outbox: SealingOrder[];
};

export function openSealer(options: {
  readonly keys: readonly SigningKey[];
  readonly threads: number;
}): Sealer {
  const { keys } = options;
  const threads: Thread[] = [];
  const contents = new Map<string, PreparedMime>();
  let lastId = 0;
  const prepare = ({ name, mime }: NamedContent): PreparedMime => {
    let prepared = contents.get(name);
    if (!prepared) contents.set(name, (prepared = prepareMime(mime)));
    return prepared;
  };
  return {
    seal: async (content, slots, earlier) => {
      const parts = fillSlots(prepare(content), encodeSlots(slots));
      const isPlain = earlier === null || (earlier === 'first' && keys.length === 0);
      if (isPlain) return { kind: 'sealed', parts: gatherSmall(parts), seal: null };
      const thread = chooseThread(threads, options);
      lastId += 1;
      const seal = await order(thread, lastId, content, slots, earlier === 'first' ? null : earlier);
      if (seal === null) return { kind: 'differs' };
      return { kind: 'sealed', parts: gatherSmall([Buffer.from(seal.fields), ...parts]), seal };
    },
    close: async () => {
      await Promise.all(threads.splice(0).map(({ worker }) => worker.terminate()));
    },
  };
}

/** The one with the least to do; another is started while all have something and there may be more. */
function chooseThread(
  threads: Thread[],
  options: { readonly keys: readonly SigningKey[]; readonly threads: number },
): Thread {
  const [idlest] = threads.toSorted((one, other) => one.waiting.size - other.waiting.size);
  if (idlest && (idlest.waiting.size === 0 || threads.length >= options.threads)) return idlest;
  const thread = startThread(options.keys, (gone) => {
    const index = threads.indexOf(gone);
    if (index >= 0) threads.splice(index, 1);
  });
  threads.push(thread);
  return thread;
}

function startThread(keys: readonly SigningKey[], forget: (gone: Thread) => void): Thread {
  const worker = new Worker(fileUrl(), {
    workerData: keys,
    resourceLimits: MEMORY,
  });
  const thread: Thread = { worker, contents: new Set(), waiting: new Map(), outbox: [] };
  const lose = (error: unknown): void => {
    forget(thread);
    for (const { reject } of thread.waiting.values()) reject(error);
    thread.waiting.clear();
  };
  worker.unref();
  worker.on('message', (answers: readonly SealingAnswer[]) => {
    for (const answer of answers) hear(thread, answer);
  });
  worker.on('error', lose);
  worker.on('exit', () => lose(new Error('the thread that seals copies ended')));
  return thread;
}

/** In a checkout this file is `.ts`, and so is the thread's; in the package both are `.js`. */
function fileUrl(): URL {
  return new URL(
    import.meta.url.endsWith('.ts') ? 'sealing-thread.ts' : 'sealing-thread.js',
    import.meta.url,
  );
}

function order(
  thread: Thread,
  id: number,
  { name, mime }: NamedContent,
  slots: SlotTexts,
  seal: Seal | null,
): Promise<Seal | null> {
  const isNew = !thread.contents.has(name);
  thread.contents.add(name);
  if (thread.waiting.size === 0) thread.worker.ref();
  thread.outbox.push({ id, content: name, mime: isNew ? mime : null, slots, seal });
  if (thread.outbox.length === 1) queueMicrotask(() => send(thread));
  return new Promise((resolve, reject) => thread.waiting.set(id, { resolve, reject }));
}

function send(thread: Thread): void {
  thread.worker.postMessage(thread.outbox, []);
  thread.outbox = [];
}

function hear(thread: Thread, answer: SealingAnswer): void {
  const waiting = thread.waiting.get(answer.id);
  thread.waiting.delete(answer.id);
  if (thread.waiting.size === 0) thread.worker.unref();
  if (answer.kind === 'done') waiting?.resolve(answer.seal);
  else waiting?.reject(answer.error);
}
