/**
 * A program: makes a publication's database by Renga's own store. `node prepare.ts add FOLDER SUBSCRIBERS` adds them;
 * `node prepare.ts freeze FOLDER SUBSCRIBERS BYTES` freezes one digest for them, all of it due, and prints as JSON what that took.
 * A fifth argument names the database.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NewSubscriber } from '../../src/domain/subscriber.ts';
import type { Store } from '../../src/domain/store.ts';
import { openStore } from '../../src/store/open-store.ts';
import { composeSizedDigest, toAddress } from './documents.ts';
import { readPeakOf } from './programs.ts';

export type Frozen = {
  /** Of the transaction alone. */
  readonly seconds: number;
  /** Of the whole process. */
  readonly peakMegabytes: number | null;
};

const BATCH = 1000;

const [verb, folder = '', subscribers = '0', bytes = '0', location = join(folder, 'var', 'renga.db')] =
  process.argv.slice(2);
const now = Temporal.Now.instant();
await mkdir(join(folder, 'var'), { recursive: true });
const store = await openStore({ location, now });
try {
  const count = Number(subscribers);
  if (verb === 'add') await addSubscribers(store, count);
  else {
    const seconds = await freeze(store, count, Number(bytes));
    const frozen: Frozen = { seconds, peakMegabytes: readPeakOf(process.pid) };
    process.stdout.write(JSON.stringify(frozen));
  }
} finally {
  await store.close();
}

async function addSubscribers(store: Store, count: number): Promise<void> {
  for (let first = 0; first < count; first += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, count - first) }, (_, at) => composeOne(first + at));
    await store.subscribers.add(batch, now);
  }
}

function composeOne(number: number): NewSubscriber {
  const address = toAddress(`reader.${number}@d${number % 500}.example`);
  return { address, name: `Reader ${number}`, state: 'active', series: null, source: 'bench' };
}

/** Seconds of the transaction alone. */
async function freeze(store: Store, expected: number, bytes: number): Promise<number> {
  const { digest, mime } = await composeSizedDigest(bytes);
  await writeFile(join(folder, 'documents.json'), JSON.stringify(digest));
  await store.series.open('weekly', now, []);
  const number = await store.digests.nextNumber();
  const request = {
    slot: { name: 'weekly by hand', series: 'weekly', dueAt: now },
    subject: digest.subject,
    posts: [{ id: 'one', title: 'One' }],
    contents: [{ ...digest, key: 'all', posts: ['one'], mime }],
    now,
  };
  const started = process.hrtime.bigint();
  const result = await store.digests.freeze(number, request);
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const frozen = result.kind === 'frozen' ? result.deliveries : 0;
  if (frozen !== expected) throw new Error(`${result.kind}: ${frozen} deliveries of ${expected}`);
  return seconds;
}
