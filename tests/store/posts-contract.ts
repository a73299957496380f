/** Identity for good. */
import { expect, it } from 'vitest';
import { markRecords, toMarked } from '../../src/domain/mark-records.ts';
import { type Database, openStoresOf } from './databases.ts';
import { at, postRecord } from './samples.ts';

export function postContract(database: Database): void {
  const { open } = openStoresOf(database);

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

  it('marks them as their records are marked, and otherwise with every change of one', async () => {
    const store = await open();
    const marks = new Set([await store.posts.mark()]);
    const changes = [
      {},
      { path: 'x' },
      { slug: 'x' },
      { fileHash: 'x' },
      { contentHash: 'x' },
      { changedAt: at('12:00') },
    ];
    for (const change of changes) {
      await store.posts.record([postRecord('b'), postRecord('a', change)]);
      const mark = await store.posts.mark();
      expect(mark).toBe(markRecords((await store.posts.all()).toReversed().map(toMarked)));
      marks.add(mark);
    }
    expect(marks.size).toBe(1 + changes.length);
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
