/** The thread in which a SQLite store is written: it takes calls in order and answers each when it is durable. Started by `threaded-store.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Store } from '../domain/store.ts';
import type { ThreadOptions } from './open-store-thread.ts';
import { packError, packValue, type StoreCall, type StoreReply, unpackValue } from './thread-call.ts';
import { isWord, sayWord, type StoreWord } from './thread-words.ts';

type VerbCall = Extract<StoreCall, { kind: 'call' }>;
type Verbs = Readonly<Record<string, (...parameters: readonly unknown[]) => Promise<unknown>>>;

/** Answers of one turn leave together: after a group commit there are many. */
let answers: StoreReply[] = [];

function answer(one: StoreReply): void {
  answers.push(one);
  if (answers.length === 1) setImmediate(sendAnswers);
}

function sendAnswers(): void {
  if (answers.length > 0) parentPort?.postMessage(answers, []);
  answers = [];
}

/** Node 24 has no Temporal yet, and a thread has globals of its own. */
async function open(): Promise<Store> {
  if (!('Temporal' in globalThis)) await import('temporal-polyfill/global');
  const { openStore } = await import('./open-store.ts');
  const { location, identity, now } = workerData as ThreadOptions;
  // Marks have been collected where they come from.
  const collecting = 0;
  return await openStore({
    location,
    identity,
    now: Temporal.Instant.fromEpochMilliseconds(now),
    collecting,
  });
}

let opening: Promise<Store> | null = null;

/** A disk that was full has room again one day. */
function ensureOpen(): Promise<Store> {
  opening ??= open().catch((error: unknown) => {
    opening = null;
    throw error;
  });
  return opening;
}

async function run({ id, part, verb, parameters }: VerbCall): Promise<void> {
  try {
    const verbs = (await ensureOpen())[part] as unknown as Verbs;
    const value = await verbs[verb]?.(...parameters.map(unpackValue));
    answer({ kind: 'done', id, value: packValue(value) });
  } catch (error) {
    answer({ kind: 'failed', id, problem: packError(error) });
  }
}

async function say(word: StoreWord): Promise<void> {
  const [, id] = word;
  try {
    answer([id, await sayWord((await ensureOpen()).ledger, word)]);
  } catch (error) {
    answer({ kind: 'failed', id, problem: packError(error) });
  }
}

/** Whoever said something before they closed hears what became of it. */
async function close(): Promise<void> {
  await Promise.all(running);
  await opening?.then((store) => store.close()).catch(() => undefined);
  sendAnswers();
  parentPort?.close();
}

const running = new Set<Promise<void>>();

parentPort?.on('message', (calls: readonly (StoreCall | StoreWord)[]) => {
  for (const call of calls) {
    if (!isWord(call) && call.kind === 'close') {
      void close();
      return;
    }
    const work = (isWord(call) ? say(call) : run(call)).finally(() => running.delete(work));
    running.add(work);
  }
});
