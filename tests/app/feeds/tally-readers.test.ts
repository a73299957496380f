/** Readers counted from what was answered, kept in a real store, and summed up again. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { showReaders } from '../../../src/app/feeds/show-readers.ts';
import { openReaderTally, OTHERS } from '../../../src/app/feeds/tally-readers.ts';
import type { FeedReading } from '../../../src/domain/reader.ts';
import type { Store } from '../../../src/domain/store.ts';
import { openStore } from '../../../src/store/open-store.ts';

let now = Temporal.Instant.from('2026-11-20T09:00:00Z');
let folder: string;
let store: Store;
beforeEach(async () => {
  now = Temporal.Instant.from('2026-11-20T09:00:00Z');
  folder = await mkdtemp(join(tmpdir(), 'renga-readers-'));
  store = await openStore({ location: join(folder, 'renga.db'), now });
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const worker = { id: 'w', host: 'h', boot: 'b', pid: 1, startedAt: 0 } as never;
const openTally = (): ReturnType<typeof openReaderTally> =>
  openReaderTally({ store, clock: () => now, worker });

const NOTHING = { unchanged: 0, deltas: 0, codings: 0 };
const reading = (agent: string, changes: Partial<FeedReading> = {}): FeedReading => ({
  feed: 'rss.xml',
  agent,
  isConditional: false,
  status: 200,
  sent: 100,
  saved: NOTHING,
  ...changes,
});

describe('readers', () => {
  it('are summed up by name, with their subscribers over all feeds', async () => {
    const tally = openTally();
    tally.count(reading('Feedly/1.0 (x; 16 subscribers)', { saved: { ...NOTHING, codings: 50 } }));
    tally.count(
      reading('Feedly/1.0 (x; 17 subscribers)', {
        isConditional: true,
        status: 304,
        sent: 0,
        saved: { ...NOTHING, unchanged: 100 },
      }),
    );
    tally.count(
      reading('Feedly/1.0 (x; 3 subscribers)', {
        feed: 'atom.xml',
        isConditional: true,
        status: 226,
        sent: 40,
        saved: { ...NOTHING, deltas: 60 },
      }),
    );
    for (let times = 0; times < 3; times += 1) tally.count(reading('loop/1.0'));
    tally.count(reading('curl/8', { status: 429 }));
    await tally.keep();
    await tally.keep();
    const { readers, ...sums } = await showReaders({ store, clock: () => now });
    expect(sums).toEqual({
      since: '2026-11-20',
      subscribers: 20,
      requests: 7,
      sent: 540,
      saved: { unchanged: 100, deltas: 60, codings: 50 },
    });
    expect(
      readers.map(({ name, subscribers, requests, neverConditional }) => [
        name,
        subscribers,
        requests,
        neverConditional,
      ]),
    ).toEqual([
      ['Feedly', 20, 3, false],
      ['loop', null, 3, true],
      ['curl', null, 1, false],
    ]);
  });

  it('of a day are written as they grow, and those of another day beside them', async () => {
    const tally = openTally();
    tally.count(reading('curl'));
    await tally.keep();
    tally.count(reading('curl'));
    await tally.keep();
    now = now.add({ hours: 24 });
    await tally.keep();
    tally.count(reading('curl'));
    await tally.keep();
    const counts = await store.readers.since('2026-11-20');
    expect(counts.map(({ day, requests }) => [day, requests])).toEqual([
      ['2026-11-20', 2],
      ['2026-11-21', 1],
    ]);
    now = now.add({ hours: 24 * 91 });
    await tally.keep();
    expect(await store.readers.since('2026-11-20')).toEqual([]);
  });

  it('with made-up names are counted together from the five hundredth on', async () => {
    const tally = openTally();
    for (let number = 0; number < 2000; number += 1)
      tally.count(reading(`bot${number}/1.0 (${number} subscribers)`));
    await tally.keep();
    const counts = await store.readers.since('2026-11-20');
    expect(counts).toHaveLength(501);
    expect(counts.find(({ reader }) => reader === OTHERS)).toMatchObject({
      requests: 1500,
      subscribers: null,
    });
  });

  it('that could not be kept are kept the next time', async () => {
    const tally = openTally();
    tally.count(reading('curl'));
    const whole = store;
    await store.close();
    await expect(tally.keep()).rejects.toThrow(/./);
    store = await openStore({ location: join(folder, 'renga.db'), now });
    Object.assign(whole.readers, store.readers);
    await tally.keep();
    expect(await store.readers.since('2026-11-20')).toHaveLength(1);
  });
});
