/** The schedule: every slot once, whatever the clock or the program did; beyond the grace time a person decides. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Event } from '../../../src/app/event.ts';
import { keepSlots, nextSlot, slotsBetween } from '../../../src/app/digests/keep-slots.ts';
import type { PreparedEntry } from '../../../src/app/entries/prepare-entries.ts';
import type { Series } from '../../../src/domain/publication.ts';
import type { Store } from '../../../src/domain/store.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { PUBLICATION, sampleEntry } from '../../render/feeds/sample-entries.ts';
import { journalOf } from '../delivery/memory-journal.ts';
import { newcomer } from '../../store/samples.ts';

const instant = (text: string): Temporal.Instant => Temporal.Instant.from(text);
const OPENED = instant('2026-11-10T12:00:00Z');
/** Monday 16 November 2026, 09:00 in Berlin. */
const MONDAY = instant('2026-11-16T08:00:00Z');

const WEEKLY: Series = {
  name: 'weekly',
  schedule: { kind: 'cron', cron: '0 9 * * 1' },
  zone: 'Europe/Berlin',
  minimum: 1,
  label: null,
  backlog: 'include',
  body: 'auto',
  subject: '{{ title }}',
};

async function openStoreWithReader(): Promise<Store> {
  const folder = await mkdtemp(join(tmpdir(), 'renga-slots-'));
  const store = await openStore({ location: join(folder, 'renga.db'), now: OPENED });
  onTestFinished(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });
  await store.subscribers.add([newcomer('ann')], OPENED);
  return store;
}

function prepared(slug: string): PreparedEntry {
  const { post, url, summary, imageUrl, media, body } = sampleEntry({ slug, title: `Title of ${slug}` });
  const loadHtml = async (): Promise<string> => await Promise.resolve(body.html);
  return {
    post,
    url,
    summary,
    imageUrl,
    media,
    fingerprint: slug,
    assets: [],
    bodyWeight: 0,
    loadHtml,
  };
}

/** A renderer of plain documents: what the digest looks like is not what these tests are about. */
const plainRenderer = {
  render: async ({ unsubscribeUrl }: { readonly unsubscribeUrl: string }) =>
    await Promise.resolve({
      subject: 'a digest',
      html: `<p><a href="${unsubscribeUrl}">leave</a></p>`,
      text: `leave: ${unsubscribeUrl}\n`,
      folded: [],
    }),
  close: async () => await Promise.resolve(),
};

function keeper(store: Store, now: Temporal.Instant, series: Series = WEEKLY, events: Event[] = []) {
  return {
    publication: PUBLICATION,
    series: [series],
    settings: {
      feeds: { entries: 20, content: 'full' as const },
      pages: { enabled: false, permalink: null },
      delivery: {
        retryFor: Temporal.Duration.from({ hours: 48 }),
        inDoubt: 'retry' as const,
        grace: Temporal.Duration.from({ hours: 24 }),
      },
    },
    store,
    root: '',
    version: '0',
    templates: new Map(),
    workshop: { template: async () => await Promise.resolve('') },
    journal: journalOf(store),
    digestRenderer: plainRenderer,
    clock: () => now,
    report: (event: Event) => void events.push(event),
  };
}

const statesOf = async (store: Store): Promise<readonly (readonly [string, string])[]> =>
  (await store.series.slots())
    .map(({ name, state }) => [name, state] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));

describe('keepSlots', () => {
  it('sends nothing before the first slot, then once, however often it is woken', async () => {
    const store = await openStoreWithReader();
    expect(await keepSlots(keeper(store, OPENED), [prepared('a')])).toEqual([]);
    const reports = await keepSlots(keeper(store, MONDAY), [prepared('a')]);
    expect(reports).toMatchObject([
      { slot: 'weekly 2026-11-16T09:00', result: { kind: 'frozen', posts: 1, deliveries: 1 } },
    ]);
    expect(await keepSlots(keeper(store, MONDAY.add({ minutes: 1 })), [prepared('a')])).toEqual([]);
    const until = await store.series.consideredUntil('weekly');
    expect(until?.toString()).toBe(MONDAY.add({ minutes: 1 }).toString());
    expect(await store.digests.all()).toHaveLength(1);
  });

  it('leaves no older slot behind that would send another digest, when it dies after the freeze', async () => {
    const store = await openStoreWithReader();
    await keepSlots(keeper(store, OPENED), []);
    const late = MONDAY.add({ hours: 24 * 7 + 2 });
    const freeze: Store['digests']['freeze'] = async (...order) => {
      await store.digests.freeze(...order);
      throw new Error('the program is gone');
    };
    const dying = { ...store, instanceId: store.instanceId, digests: { ...store.digests, freeze } };
    await expect(keepSlots(keeper(dying, late), [prepared('a')])).rejects.toThrow('gone');
    await keepSlots(keeper(store, late), [prepared('a'), prepared('b')]);
    expect(await store.digests.all()).toHaveLength(1);
    expect(await statesOf(store)).toEqual([
      ['weekly 2026-11-16T09:00', 'folded'],
      ['weekly 2026-11-23T09:00', 'taken'],
    ]);
  });

  it('catches up within the grace time, and folds several missed slots into one', async () => {
    const store = await openStoreWithReader();
    await keepSlots(keeper(store, OPENED), []);
    await keepSlots(keeper(store, MONDAY.add({ hours: 24 * 14 + 20 })), [prepared('a')]);
    expect(await store.digests.all()).toHaveLength(1);
    expect(await statesOf(store)).toEqual([
      ['weekly 2026-11-16T09:00', 'folded'],
      ['weekly 2026-11-23T09:00', 'folded'],
      ['weekly 2026-11-30T09:00', 'taken'],
    ]);
  });

  it('leaves a slot to a person after the grace time', async () => {
    const store = await openStoreWithReader();
    await keepSlots(keeper(store, OPENED), []);
    const events: Event[] = [];
    await keepSlots(keeper(store, MONDAY.add({ hours: 25 }), WEEKLY, events), [prepared('a')]);
    expect(await store.digests.all()).toEqual([]);
    expect(await statesOf(store)).toEqual([['weekly 2026-11-16T09:00', 'missed']]);
    expect(events).toContainEqual({ kind: 'slot-missed', slot: 'weekly 2026-11-16T09:00' });
  });

  it('does not mail the backlog unless it is asked to, and then only what is new', async () => {
    const store = await openStoreWithReader();
    const skipping = { ...WEEKLY, backlog: 'skip' as const };
    await keepSlots(keeper(store, OPENED, skipping), [prepared('old')]);
    await keepSlots(keeper(store, MONDAY, skipping), [prepared('new'), prepared('old')]);
    const [digest] = await store.digests.all();
    expect(digest?.posts.map(({ title }) => title)).toEqual(['Title of new']);
  });

  it('records a slot without anything new as empty, and one with too little', async () => {
    const store = await openStoreWithReader();
    const demanding = { ...WEEKLY, minimum: 2 };
    await keepSlots(keeper(store, OPENED, demanding), []);
    await keepSlots(keeper(store, MONDAY, demanding), [prepared('a')]);
    expect(await statesOf(store)).toEqual([['weekly 2026-11-16T09:00', 'empty']]);
    await keepSlots(keeper(store, MONDAY.add({ hours: 24 * 7 }), demanding), [prepared('a'), prepared('b')]);
    expect((await store.digests.all())[0]?.posts).toHaveLength(2);
  });

  it('freezes one digest for two programs that wake at once', async () => {
    const store = await openStoreWithReader();
    await keepSlots(keeper(store, OPENED), []);
    const both = [keeper(store, MONDAY), keeper(store, MONDAY)].map(
      async (one) => await keepSlots(one, [prepared('a')]),
    );
    await Promise.all(both);
    expect(await store.digests.all()).toHaveLength(1);
    expect(await store.ledger.counts(1)).toMatchObject({ due: 1 });
  });
});

describe('slotsBetween', () => {
  const nightly: Series = { ...WEEKLY, name: 'nightly', schedule: { kind: 'cron', cron: '30 2 * * *' } };
  const namesAndMoments = (since: string, until: string): readonly string[] =>
    slotsBetween(nightly, instant(since), instant(until)).map(
      ({ name, dueAt }) => `${name} ${dueAt.toString()}`,
    );

  it('names the hour that autumn repeats once, at its first', () => {
    expect(namesAndMoments('2026-10-24T12:00:00Z', '2026-10-25T12:00:00Z')).toEqual([
      'nightly 2026-10-25T02:30 2026-10-25T00:30:00Z',
    ]);
  });

  it('keeps the hour that spring leaves out, at the first instant there is', () => {
    expect(namesAndMoments('2026-03-28T12:00:00Z', '2026-03-29T12:00:00Z')).toEqual([
      'nightly 2026-03-29T02:30 2026-03-29T01:00:00Z',
    ]);
  });

  it('counts the end of a span in, and its beginning not', () => {
    const due = '2026-11-16T01:30:00Z';
    expect(namesAndMoments('2026-11-16T00:00:00Z', due)).toHaveLength(1);
    expect(namesAndMoments(due, '2026-11-16T05:00:00Z')).toEqual([]);
  });

  it('gives the same slots whatever the steps it is asked in', () => {
    const [from, middle, to] = [
      instant('2026-10-20T00:00:00Z'),
      instant('2026-10-25T01:10:00Z'),
      instant('2026-10-30T00:00:00Z'),
    ];
    const names = (slots: ReturnType<typeof slotsBetween>): readonly string[] =>
      slots.map(({ name }) => name);
    const inSteps = [...slotsBetween(nightly, from, middle), ...slotsBetween(nightly, middle, to)];
    expect(names(inSteps)).toEqual(names(slotsBetween(nightly, from, to)));
  });
});

describe('nextSlot', () => {
  it('is the next by the schedule, however far', () => {
    expect(nextSlot(WEEKLY, OPENED)?.name).toBe('weekly 2026-11-16T09:00');
    expect(nextSlot({ ...WEEKLY, schedule: { kind: 'cron', cron: '0 9 29 2 *' } }, OPENED)?.name).toBe(
      'weekly 2028-02-29T09:00',
    );
  });
});
