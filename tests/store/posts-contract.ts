/** Identity for good. */
import { expect, it } from 'vitest';
import { type Database, openStoresOf } from './databases.ts';
import { at, postRecord } from './samples.ts';

export function postContract(database: Database): void {
  const { open, openTwo } = openStoresOf(database);

  it('gives back what was recorded', async () => {
    const store = await open();
    const records = [postRecord('a'), postRecord('b', { changedAt: at('10:00') })];
    await store.posts.record(records);
    expect(await store.posts.all()).toEqual(records);
  });

  it('updates by id and never moves firstSeenAt', async () => {
    const store = await open();
    await store.posts.record([postRecord('a')]);
    const renamed = { path: 'posts/new.md', slug: 'new', contentHash: 'new', changedAt: at('11:00') };
    await store.posts.record([postRecord('a', { ...renamed, firstSeenAt: at('10:00') })]);
    expect(await store.posts.all()).toEqual([postRecord('a', renamed)]);
  });

  it('changes nothing when the same is recorded again', async () => {
    const store = await open();
    await store.posts.record([postRecord('a')]);
    await store.posts.record([postRecord('a')]);
    expect(await store.posts.all()).toEqual([postRecord('a')]);
  });

  it('gives those that are asked for', async () => {
    const store = await open();
    await store.posts.record(['a', 'b', 'c'].map((id) => postRecord(id)));
    const some = await store.posts.some(['c', 'unknown', 'a']);
    expect(some.toSorted((one, other) => (one.id < other.id ? -1 : 1))).toEqual([
      postRecord('a'),
      postRecord('c'),
    ]);
    expect(await store.posts.some([])).toEqual([]);
  });

  it('is marked anew by every write of records, showings and volumes, and says which mark it found', async () => {
    const [store, other] = await openTwo();
    const marks = [await store.posts.mark()];
    expect(await other.posts.mark()).toBe(marks[0]);
    const since = at('09:00');
    const showing = { slug: 'a', since, until: null, isInFeed: true };
    const writes = [
      async () => await store.posts.record([postRecord('a')]),
      async () => await other.posts.record([postRecord('a')]),
      async () => await store.posts.show([{ id: 'a', showing }]),
      async () => (await other.volumes.close([{ number: 1, name: '2026', posts: ['a'] }])).step,
    ];
    for (const write of writes) {
      const step = await write();
      expect(step?.from).toBe(marks.at(-1));
      marks.push(step?.to ?? '');
      expect([await store.posts.mark(), await other.posts.mark()]).toEqual([step?.to, step?.to]);
    }
    expect(new Set(marks).size).toBe(1 + writes.length);
    expect([await store.posts.record([]), await store.posts.show([])]).toEqual([null, null]);
    expect(await store.posts.mark()).toBe(marks.at(-1));
  });

  it('gives every one of two writers at once the mark that the other left', async () => {
    const [one, other] = await openTwo();
    const first = await one.posts.mark();
    const steps = await Promise.all(
      [one, other, one, other].map((store) => store.posts.record([postRecord('a')])),
    );
    const next = new Map(steps.map((step) => [step?.from, step?.to]));
    let at = next.get(first);
    for (let count = 1; count < steps.length; count += 1) at = next.get(at);
    expect(at).toBe(await one.posts.mark());
  });

  it('takes nothing, and one id twice', async () => {
    const store = await open();
    await store.posts.record([]);
    await store.posts.record([postRecord('a'), postRecord('a', { slug: 'later' })]);
    expect(await store.posts.all()).toEqual([postRecord('a', { slug: 'later' })]);
  });

  it('takes ten thousand at once', async () => {
    const store = await open();
    const records = Array.from({ length: 10_000 }, (_, index) =>
      postRecord(`tag:example.org,2026:${String(index).padStart(5, '0')}`),
    );
    await store.posts.record(records);
    expect(await store.posts.all()).toEqual(records);
  });

  it('keeps any text as it is', async () => {
    const store = await open();
    const odd = postRecord('日本語 \'quoted\' "double" \\ %_ 🍂', { slug: '' });
    await store.posts.record([odd]);
    expect(await store.posts.all()).toEqual([odd]);
  });
}
