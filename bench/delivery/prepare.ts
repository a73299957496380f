/**
 * A program: makes a publication's database by Renga's own store, with so many subscribers and one digest frozen for them, everything due.
 * `node prepare.ts FOLDER SUBSCRIBERS BYTES`; prints as JSON how long the freeze took, how long adding took, and its own peak memory.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NewSubscriber } from '../../src/domain/subscriber.ts';
import type { Store } from '../../src/domain/store.ts';
import { openStore } from '../../src/store/open-store.ts';
import { composeSizedDigest, toAddress } from './documents.ts';
import { readPeakOf } from './programs.ts';

export type Prepared = {
  readonly addSeconds: number;
  readonly freezeSeconds: number;
  readonly peakMegabytes: number | null;
};

const BATCH = 10_000;

const [folder = '', subscribers = '0', bytes = '0'] = process.argv.slice(2);
const now = Temporal.Now.instant();
await mkdir(join(folder, 'var'), { recursive: true });
const store = await openStore({ location: join(folder, 'var', 'renga.db'), now });
try {
  const addSeconds = await timed(async () => await addSubscribers(store, Number(subscribers)));
  const freezeSeconds = await freeze(store, Number(subscribers), Number(bytes));
  const prepared: Prepared = { addSeconds, freezeSeconds, peakMegabytes: readPeakOf(process.pid) };
  process.stdout.write(JSON.stringify(prepared));
} finally {
  await store.close();
}

async function timed(work: () => Promise<void>): Promise<number> {
  const started = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - started) / 1e9;
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
    posts: [],
    contents: [{ ...digest, key: 'all', mime }],
    now,
  };
  return await timed(async () => {
    const result = await store.digests.freeze(number, request);
    const frozen = result.kind === 'frozen' ? result.deliveries : 0;
    if (frozen !== expected) throw new Error(`${result.kind}: ${frozen} deliveries of ${expected}`);
  });
}
