/** What subscribers choose, and the story that tells of it. */
import { expect, it } from 'vitest';
import { type Database, openStoresOf } from './databases.ts';
import { at, freezeRequest, newcomer } from './samples.ts';

const LINE = { source: 'preferences page', words: 'weekly', origin: null } as const;

export function choiceContract(database: Database): void {
  const { open, openTwo } = openStoresOf(database);

  async function openWithAnn() {
    const store = await open();
    await store.series.open('weekly', at('08:00'), []);
    await store.subscribers.add([newcomer('ann')], at('08:00'));
    return store;
  }

  it('keeps what is chosen, and leaves what is not named as it was', async () => {
    const store = await openWithAnn();
    const { subscribers } = store;
    expect(await subscribers.choose(1, { series: ['weekly', 'daily', 'weekly'] }, LINE, at('09:00'))).toBe(
      true,
    );
    expect(await subscribers.choose(1, { tags: ['verse', 'code'] }, LINE, at('09:01'))).toBe(true);
    expect(await subscribers.choose(1, { pausedUntil: at('12:00') }, LINE, at('09:02'))).toBe(true);
    expect(await subscribers.byId(1)).toMatchObject({
      series: ['daily', 'weekly'],
      tags: ['code', 'verse'],
      pausedUntil: at('12:00'),
    });
    expect(await subscribers.choose(1, { tags: ['code'], series: [] }, LINE, at('09:03'))).toBe(true);
    expect(await subscribers.byId(1)).toMatchObject({
      series: [],
      tags: ['code'],
      pausedUntil: at('12:00'),
    });
    expect(await subscribers.choose(1, { name: 'Ann Lee' }, LINE, at('09:03'))).toBe(true);
    expect(await subscribers.choose(1, { name: 'Ann Lee' }, LINE, at('09:03'))).toBe(false);
    expect(await subscribers.byId(1)).toMatchObject({ name: 'Ann Lee', tags: ['code'] });
    const everything = { series: null, tags: null, pausedUntil: null };
    expect(await subscribers.choose(1, everything, LINE, at('09:04'))).toBe(true);
    expect(await subscribers.byId(1)).toMatchObject(everything);
  });

  it('tells of each choice in the story, in order', async () => {
    const { subscribers } = await openWithAnn();
    const before = await subscribers.story(1);
    await subscribers.choose(1, { series: ['weekly'] }, LINE, at('09:00'));
    await subscribers.choose(
      1,
      { tags: ['code'] },
      { ...LINE, words: 'code', origin: '192.0.2.1' },
      at('09:01'),
    );
    const story = await subscribers.story(1);
    expect(story.slice(before.length)).toEqual([
      { at: at('09:00'), kind: 'chose', source: 'preferences page', words: 'weekly', origin: null },
      { at: at('09:01'), kind: 'chose', source: 'preferences page', words: 'code', origin: '192.0.2.1' },
    ]);
    expect(await subscribers.story(99)).toEqual([]);
  });

  it('writes nothing when that was chosen already', async () => {
    const { subscribers } = await openWithAnn();
    const before = await subscribers.story(1);
    expect(await subscribers.choose(1, {}, LINE, at('09:00'))).toBe(false);
    expect(await subscribers.choose(1, { series: null, tags: null }, LINE, at('09:00'))).toBe(false);
    await subscribers.choose(1, { tags: ['a', 'b'], pausedUntil: at('12:00') }, LINE, at('09:01'));
    const again = { tags: ['b', 'a', 'b'], pausedUntil: at('12:00') };
    expect(await subscribers.choose(1, again, LINE, at('09:02'))).toBe(false);
    expect(await subscribers.story(1)).toHaveLength(before.length + 1);
  });

  it('lets nobody choose who left, is suppressed, or never was', async () => {
    const { subscribers } = await openWithAnn();
    await subscribers.add([newcomer('dead')], at('08:00'));
    await subscribers.unsubscribe(1, 'one-click', at('08:30'));
    await subscribers.suppress(newcomer('dead').address, 'complaint', at('08:30'));
    for (const id of [1, 2, 99]) {
      const before = await subscribers.story(id);
      expect(await subscribers.choose(id, { series: ['weekly'] }, LINE, at('09:00'))).toBe(false);
      expect(await subscribers.story(id)).toEqual(before);
    }
    expect(await subscribers.byId(1)).toMatchObject({ series: null });
  });

  it('takes two choices made at the same moment one after the other', async () => {
    const [one, other] = await openTwo();
    await one.subscribers.add([newcomer('ann')], at('08:00'));
    const before = await one.subscribers.story(1);
    await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        (index % 2 === 0 ? one : other).subscribers.choose(1, { tags: [`tag ${index}`] }, LINE, at('09:00')),
      ),
    );
    expect((await one.subscribers.byId(1))?.tags).toHaveLength(1);
    expect(await one.subscribers.story(1)).toHaveLength(before.length + 8);
  });

  it('leaves who pauses out of an audience until then, and takes back nothing that was frozen', async () => {
    const store = await openWithAnn();
    await store.digests.freeze(1, freezeRequest('one', { now: at('08:30') }));
    await store.subscribers.choose(1, { pausedUntil: at('10:00') }, LINE, at('08:45'));
    expect(await store.ledger.counts(1)).toMatchObject({ due: 1 });
    expect(await store.subscribers.audience('weekly', at('09:59'))).toBe(0);
    expect(await store.digests.freeze(2, freezeRequest('two', { now: at('09:59') }))).toMatchObject({
      deliveries: 0,
    });
    expect(await store.subscribers.audience('weekly', at('10:00'))).toBe(1);
    expect(await store.digests.freeze(3, freezeRequest('three', { now: at('10:00') }))).toMatchObject({
      deliveries: 1,
    });
  });
}
