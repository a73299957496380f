/** Backlog and slots. */
import { expect, it } from 'vitest';
import { type Database, openStoresOf } from './databases.ts';
import { at } from './samples.ts';

export function seriesContract(database: Database): void {
  const { open, openTwo } = openStoresOf(database);
  const slot = (name: string, time = '09:00') => ({
    series: 'weekly',
    name: `weekly ${name}`,
    dueAt: at(time),
  });

  it('knows nothing of a series before it was opened', async () => {
    const store = await open();
    expect(await store.series.isOpen('weekly')).toBe(false);
    expect(await store.series.consideredUntil('weekly')).toBeNull();
    expect(await store.series.carried('weekly')).toEqual(new Set());
  });

  it('opens once: later calls change neither the moment nor the backlog', async () => {
    const store = await open();
    expect(await store.series.open('weekly', at('08:00'), ['a', 'b', 'a'])).toBe('opened');
    expect(await store.series.open('weekly', at('12:00'), ['a', 'news'])).toBe('known');
    expect(await store.series.isOpen('weekly')).toBe(true);
    expect(await store.series.consideredUntil('weekly')).toEqual(at('08:00'));
    expect(await store.series.carried('weekly')).toEqual(new Set(['a', 'b']));
  });

  it('opens once when two programs do so at the same moment', async () => {
    const [one, other] = await openTwo();
    const answers = await Promise.all([
      one.series.open('weekly', at('08:00'), ['a']),
      other.series.open('weekly', at('08:01'), ['a', 'b']),
    ]);
    expect(answers.toSorted()).toEqual(['known', 'opened']);
    const opener = answers[0] === 'opened' ? ['a'] : ['a', 'b'];
    expect(await one.series.carried('weekly')).toEqual(new Set(opener));
  });

  it('keeps series apart', async () => {
    const store = await open();
    await store.series.open('weekly', at('08:00'), ['a']);
    await store.series.open('monthly', at('08:00'), []);
    expect(await store.series.carried('monthly')).toEqual(new Set());
  });

  it('takes a backlog of five thousand posts', async () => {
    const store = await open();
    const backlog = Array.from({ length: 5000 }, (_, index) => `post ${index}`);
    await store.series.open('weekly', at('08:00'), backlog);
    expect((await store.series.carried('weekly')).size).toBe(5000);
  });

  it('records slots as due, in order of their time', async () => {
    const store = await open();
    await store.series.open('weekly', at('08:00'), []);
    await store.series.recordSlots('weekly', [slot('later', '10:00'), slot('sooner')], at('10:30'));
    expect(await store.series.slots()).toEqual([
      { ...slot('sooner'), state: 'due', digest: null },
      { ...slot('later', '10:00'), state: 'due', digest: null },
    ]);
    expect(await store.series.consideredUntil('weekly')).toEqual(at('10:30'));
  });

  it('never moves consideredUntil back, and moves it without slots', async () => {
    const store = await open();
    await store.series.open('weekly', at('08:00'), []);
    await store.series.recordSlots('weekly', [], at('10:00'));
    await store.series.recordSlots('weekly', [], at('09:00'));
    expect(await store.series.consideredUntil('weekly')).toEqual(at('10:00'));
  });

  it('leaves a known slot as it was decided', async () => {
    const store = await open();
    await store.series.open('weekly', at('08:00'), []);
    await store.series.recordSlots('weekly', [slot('one')], at('10:00'));
    await store.series.decideSlot('weekly one', 'skipped', at('10:00'));
    await store.series.recordSlots('weekly', [slot('one', '11:00')], at('10:00'));
    expect(await store.series.slots()).toEqual([{ ...slot('one'), state: 'skipped', digest: null }]);
  });

  it('filters slots by series and state', async () => {
    const store = await open();
    await store.series.open('weekly', at('08:00'), []);
    await store.series.open('monthly', at('08:00'), []);
    await store.series.recordSlots('weekly', [slot('one'), slot('two')], at('10:00'));
    await store.series.recordSlots(
      'monthly',
      [{ series: 'monthly', name: 'monthly one', dueAt: at('09:30') }],
      at('10:00'),
    );
    await store.series.decideSlot('weekly two', 'missed', at('10:00'));
    const names = async (filter: Parameters<typeof store.series.slots>[0]) =>
      (await store.series.slots(filter)).map(({ name }) => name);
    expect(await names({ series: 'weekly' })).toEqual(['weekly one', 'weekly two']);
    expect(await names({ state: 'due' })).toEqual(['weekly one', 'monthly one']);
    expect(await names({ series: 'weekly', state: 'missed' })).toEqual(['weekly two']);
  });

  it('lets the first decide a slot and tells the second', async () => {
    const [one, other] = await openTwo();
    await one.series.open('weekly', at('08:00'), []);
    await one.series.recordSlots('weekly', [slot('one')], at('10:00'));
    const answers = await Promise.all([
      one.series.decideSlot('weekly one', 'empty', at('10:00')),
      other.series.decideSlot('weekly one', 'folded', at('10:00')),
    ]);
    expect(answers.filter(Boolean)).toHaveLength(1);
    expect((await one.series.slots())[0]?.state).toBe(answers[0] ? 'empty' : 'folded');
  });

  it('lets a person decide a missed slot either way, once', async () => {
    const store = await open();
    await store.series.open('weekly', at('08:00'), []);
    await store.series.recordSlots('weekly', [slot('one'), slot('two')], at('10:00'));
    for (const name of ['weekly one', 'weekly two']) {
      expect(await store.series.decideSlot(name, 'missed', at('10:00'))).toBe(true);
      expect(await store.series.decideSlot(name, 'missed', at('10:00'))).toBe(false);
    }
    expect(await store.series.decideSlot('weekly one', 'due', at('10:00'))).toBe(true);
    expect(await store.series.decideSlot('weekly one', 'due', at('10:00'))).toBe(false);
    expect(await store.series.decideSlot('weekly two', 'skipped', at('10:00'))).toBe(true);
    expect(await store.series.decideSlot('weekly two', 'due', at('10:00'))).toBe(false);
    expect(await store.series.decideSlot('weekly never', 'skipped', at('10:00'))).toBe(false);
  });
}
