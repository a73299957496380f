/** A correction is told once by each series that had mailed the post, and never of a post that nobody got. */
import { expect, it } from 'vitest';
import { type Database, openStoresOf } from './databases.ts';
import { at, freezeRequest, newcomer } from './samples.ts';

export function correctionsContract(database: Database): void {
  const { open } = openStoresOf(database);
  const openWithDigest = async () => {
    const store = await open();
    for (const series of ['weekly', 'daily']) await store.series.open(series, at('08:00'), ['backlog']);
    await store.subscribers.add([newcomer('ann')], at('08:00'));
    await store.digests.freeze(1, freezeRequest('one'));
    return store;
  };
  const one = { post: 'one', words: 'It was Tuesday.' };

  it('is told of posts that a digest of the series carried', async () => {
    const { series } = await openWithDigest();
    const candidates = [one, { post: 'backlog', words: 'x' }, { post: 'never', words: 'x' }];
    expect(await series.untold('weekly', candidates)).toEqual([one]);
    expect(await series.untold('daily', candidates)).toEqual([]);
    expect(await series.untold('weekly', [])).toEqual([]);
  });

  it('is told once, and another one of the same post again', async () => {
    const { series, digests } = await openWithDigest();
    const other = { post: 'one', words: 'It was Wednesday.' };
    await digests.freeze(2, freezeRequest('two', { corrections: [one] }));
    expect(await series.untold('weekly', [one, other])).toEqual([other]);
  });

  it('is not told by a digest that was frozen meanwhile by another program', async () => {
    const { digests } = await openWithDigest();
    await digests.freeze(2, freezeRequest('two', { corrections: [one] }));
    expect(await digests.freeze(3, freezeRequest('three', { corrections: [one] }))).toEqual({
      kind: 'posts-taken',
      ids: ['one'],
    });
    expect(await digests.all()).toHaveLength(2);
  });
}
