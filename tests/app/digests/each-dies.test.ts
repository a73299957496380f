/** A series that sends each post, by a program that dies at any of its calls: each post is one digest, once, whatever was done before. */
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { deliver } from '../../../src/app/delivery/deliver.ts';
import { keepSlots } from '../../../src/app/digests/keep-slots.ts';
import type { PreparedEntry } from '../../../src/app/entries/prepared-entry.ts';
import { publishFeedsAndPages } from '../../../src/app/publish.ts';
import type { Renga } from '../../../src/app/renga.ts';
import { openSealer } from '../../../src/mail/open-sealer.ts';
import { openStore } from '../../../src/store/open-store.ts';
import {
  Death as ProgramDeath,
  describeWorker,
  mortal,
  openServer,
  type Server,
  transportTo,
} from '../delivery/delivering.ts';
import { journalOf } from '../delivery/memory-journal.ts';
import { newcomer } from '../../store/samples.ts';
import {
  openExamplePublication,
  openExampleWorkshop,
  postText,
  START,
  WEEKLY,
} from '../example-publication.ts';

const workshop = openExampleWorkshop();
// Its thread takes longer to start than a run takes.
const sealer = openSealer({ keys: [], threads: 1 });
afterAll(async () => {
  await sealer.close();
  await workshop.close();
});

const LETTERS = { ...WEEKLY, name: 'letters', schedule: { kind: 'each' }, backlog: 'skip' } as const;
const never = new AbortController().signal;

/** What a round does once the pages are there. */
async function run(renga: Renga, prepared: readonly PreparedEntry[], minutes: number): Promise<void> {
  const now = { ...renga, clock: () => START.add({ minutes }) };
  await keepSlots(now, prepared);
  await deliver(now, never);
}

function compose(example: Renga, store: Renga['store'], server: Server): Renga {
  return {
    ...example,
    store,
    journal: journalOf(store),
    openSealer: async () => await Promise.resolve({ ...sealer, close: async () => await Promise.resolve() }),
    openTransport: async () => await Promise.resolve(transportTo(server, 1)),
    isAlive: () => false,
  };
}

/** A store whose series was opened with what is old, as a file to be copied: it takes longer to make than a run takes. */
async function makeOpened(example: Renga, old: readonly PreparedEntry[]): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), 'renga-each-')), 'opened.db');
  onTestFinished(async () => await rm(dirname(file), { recursive: true, force: true }));
  const store = await openStore({ location: file, now: START });
  await store.subscribers.add([newcomer('ann')], START);
  await run(compose(example, store, openServer()), old, 0);
  await store.close();
  return file;
}

type Death = { readonly call: number; readonly when: 'before' | 'after' };

/** Sends two posts and dies at that call; then others go on. Whether it died. */
async function dieAt(
  example: Renga,
  prepared: readonly PreparedEntry[],
  opened: string,
  death: Death,
): Promise<boolean> {
  const location = `${opened}.${death.call}-${death.when}`;
  await copyFile(opened, location);
  const store = await openStore({ location, now: START });
  try {
    return await dieAndGoOn(example, prepared, store, death);
  } finally {
    await store.close();
  }
}

async function dieAndGoOn(
  example: Renga,
  prepared: readonly PreparedEntry[],
  real: Renga['store'],
  death: Death,
): Promise<boolean> {
  // Copies of a store must not share a journal.
  const store = { ...real, instanceId: `${real.instanceId} ${death.call} ${death.when}` };
  const server = openServer();
  const renga = compose(example, store, server);
  const dying = mortal(store, death, ['ledger', 'series', 'digests']);
  const hasDied = await run({ ...renga, store: dying, worker: describeWorker('mortal') }, prepared, 1).then(
    () => false,
    (error: unknown) => {
      if (error instanceof ProgramDeath) return true;
      throw error;
    },
  );
  await run({ ...renga, worker: describeWorker('second') }, prepared, 5);
  await run({ ...renga, worker: describeWorker('third') }, prepared, 20);
  const digests = (await store.digests.all()).toReversed();
  expect(digests.map(({ posts }) => posts.map(({ title }) => title))).toEqual([['Frost'], ['Thaw']]);
  const slots = await store.series.slots();
  expect(slots.map(({ state, digest }) => [state, digest])).toEqual([
    ['taken', 1],
    ['taken', 2],
  ]);
  for (const number of [1, 2]) expect((await store.ledger.counts(number)).accepted).toBe(1);
  // Two are owed; what was in doubt may come once more, as the same copy.
  expect([2, 3]).toContain(server.taken.length);
  const copies = server.taken.map(({ parts }) => Buffer.concat(parts).toString());
  expect(new Set(copies).size).toBe(2);
  return hasDied;
}

it('sends each post once, wherever it died', { timeout: 120_000 }, async () => {
  const { renga, write } = await openExamplePublication(workshop, { series: [LETTERS] });
  await write('posts/old.md', postText('Old'));
  await write('posts/frost.md', postText('Frost', 'Text.', '2026-11-11'));
  await write('posts/thaw.md', postText('Thaw', 'Text.', '2026-11-12'));
  const { site } = await publishFeedsAndPages(renga, { trustStamps: true, allowEmpty: false });
  const opened = await makeOpened(renga, site.prepared.slice(-1));
  let call = 0;
  for (let hasDied = true; hasDied; ) {
    call += 1;
    for (const when of ['before', 'after'] as const)
      hasDied = await dieAt(renga, site.prepared, opened, { call, when });
  }
  // It lives once it has made all its calls: there were some to die at.
  expect(call).toBeGreaterThan(20);
});
