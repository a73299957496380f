/** Volumes: closed once, by whoever is first, and then as they are. */
import { expect, it } from 'vitest';
import { type Database, openStoresOf } from './databases.ts';
import { postRecord } from './samples.ts';

const YEAR = { number: 1, name: '2025', posts: ['a', 'b'] };
const NEXT = { number: 2, name: '2026', posts: ['c'] };

export function volumesContract(database: Database): void {
  const { open, openTwo } = openStoresOf(database);
  const records = ['a', 'b', 'c', 'd'].map((id) => postRecord(id));

  it('gives back what was closed', async () => {
    const store = await open();
    await store.posts.record(records);
    expect(await store.volumes.all()).toEqual([]);
    expect(await store.volumes.close([])).toMatchObject({ kind: 'closed' });
    expect(await store.volumes.close([YEAR])).toMatchObject({ kind: 'closed' });
    expect(await store.volumes.close([NEXT])).toMatchObject({ kind: 'closed' });
    expect(await store.volumes.all()).toEqual([YEAR, NEXT]);
  });

  it('takes the same again, for the answer may have been lost', async () => {
    const store = await open();
    await store.posts.record(records);
    await store.volumes.close([YEAR, NEXT]);
    expect(await store.volumes.close([YEAR, NEXT])).toMatchObject({ kind: 'closed' });
    expect(await store.volumes.all()).toEqual([YEAR, NEXT]);
  });

  it('never changes a volume', async () => {
    const store = await open();
    await store.posts.record(records);
    await store.volumes.close([YEAR]);
    expect(await store.volumes.close([{ ...YEAR, posts: ['a', 'd'] }])).toMatchObject({ kind: 'taken' });
    expect(await store.volumes.close([{ ...YEAR, posts: ['a'] }])).toMatchObject({ kind: 'taken' });
    expect(await store.volumes.all()).toEqual([YEAR]);
  });

  it('takes the volumes of one of two programs that close at once', async () => {
    const [one, other] = await openTwo();
    await one.posts.record(records);
    const answers = await Promise.all([
      one.volumes.close([YEAR]),
      other.volumes.close([{ ...YEAR, posts: ['c', 'd'] }]),
    ]);
    expect(answers.map(({ kind }) => kind).toSorted()).toEqual(['closed', 'taken']);
    expect((await one.volumes.all()).map(({ posts }) => posts.length)).toEqual([2]);
  });

  it('closes thousands at once', async () => {
    const store = await open();
    const ids = Array.from({ length: 5_000 }, (_, index) => `post-${String(index).padStart(5, '0')}`);
    await store.posts.record(ids.map((id) => postRecord(id)));
    const volumes = ids.map((id, index) => ({ number: index + 1, name: `2026-${index + 1}`, posts: [id] }));
    expect(await store.volumes.close(volumes)).toMatchObject({ kind: 'closed' });
    expect(await store.volumes.all()).toEqual(volumes);
  });
}
