/** A post reaches a subscriber once, and those who chose tags get what has one of them. */
import { hash } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Carried } from '../../src/domain/audience.ts';
import type { Outcome } from '../../src/domain/delivery.ts';
import type { FreezeResult, Store } from '../../src/domain/store.ts';
import { type Database, openStoresOf } from './databases.ts';
import {
  ACCEPTED,
  at,
  claimOne,
  content,
  DEFERRED,
  freezeRequest,
  IN_DOUBT,
  newcomer,
  worker,
} from './samples.ts';

const REFUSED: Outcome = {
  kind: 'rejected',
  reply: '554 5.6.0 not this message',
  scope: 'subscriber',
  enhancedCode: '5.6.0',
};
const LINE = { source: 'preferences page', words: '', origin: null } as const;

type Frozen = FreezeResult | { readonly kind: 'number-taken' };

/** What a program does: asks who gets what, makes those contents, freezes. Each content is named for its posts. */
export async function freezeGrouped(
  store: Store,
  series: string,
  posts: readonly Carried[],
): Promise<Frozen> {
  const now = at('09:00');
  const { groups, isFolded } = await store.digests.groups({ series, posts, now });
  const whole = posts.map(({ id }) => id);
  const parts = groups.map((group) => group.posts).filter((ids) => ids.length < whole.length);
  const contents = [content(), ...parts.map((ids) => content(ids.join('+'), ids))];
  const number = await store.digests.nextNumber();
  const slot = { series, name: `${series} ${number}`, dueAt: now };
  const titled = posts.map((post) => ({ ...post, title: post.id }));
  return await store.digests.freeze(number, freezeRequest('', { slot, posts: titled, contents, isFolded }));
}

/** Who gets which content of a digest, by its key. */
async function readContents(store: Store, digest: number): Promise<Readonly<Record<string, string>>> {
  const claims = await store.ledger.claim({
    worker: 'first',
    limit: 100,
    now: at('09:01'),
    leaseUntil: at('09:06'),
    inDoubt: 'retry',
  });
  const mine = claims.filter((claim) => claim.digest === digest);
  return Object.fromEntries(mine.map((claim) => [claim.address.replace('@example.org', ''), claim.content]));
}

export function groupContract(database: Database): void {
  const { open } = openStoresOf(database);

  async function openSeries(...names: readonly string[]): Promise<Store> {
    const store = await open();
    for (const series of ['weekly', 'monthly']) await store.series.open(series, at('08:00'), []);
    await store.subscribers.add(
      names.map((name) => newcomer(name)),
      at('08:00'),
    );
    await store.ledger.enlist(worker('first'), at('08:00'));
    return store;
  }

  it('is one group while nobody chose anything', async () => {
    const store = await openSeries('ann', 'bob');
    const posts = [{ id: 'a', tags: ['verse'] }, { id: 'b' }];
    expect(await store.digests.groups({ series: 'weekly', posts, now: at('09:00') })).toEqual({
      subscribers: 2,
      groups: [{ posts: ['a', 'b'], subscribers: 2 }],
      isFolded: false,
    });
    await freezeGrouped(store, 'weekly', posts);
    expect(await readContents(store, 1)).toEqual({ ann: 'all', bob: 'all' });
  });

  it('leaves out what a subscriber had from another series, and sends no empty digest', async () => {
    const store = await openSeries('both', 'late');
    await store.subscribers.choose(2, { series: ['monthly'] }, LINE, at('08:30'));
    await freezeGrouped(store, 'weekly', [{ id: 'a' }, { id: 'b' }]);
    expect(await readContents(store, 1)).toEqual({ both: 'all' });
    const posts = [{ id: 'a' }, { id: 'b' }, { id: 'c' }];
    expect(await store.digests.groups({ series: 'monthly', posts, now: at('09:00') })).toEqual({
      subscribers: 2,
      groups: [
        { posts: ['a', 'b', 'c'], subscribers: 1 },
        { posts: ['c'], subscribers: 1 },
      ],
      isFolded: false,
    });
    expect(await freezeGrouped(store, 'monthly', posts)).toMatchObject({ deliveries: 2 });
    expect(await readContents(store, 2)).toEqual({ both: 'c', late: 'all' });
    expect((await store.digests.content(2, 'c'))?.posts).toEqual(['c']);
    await store.subscribers.choose(2, { series: ['weekly'] }, LINE, at('09:30'));
    expect(await freezeGrouped(store, 'weekly', [{ id: 'c' }])).toMatchObject({ deliveries: 0 });
  });

  it('counts as had what is on its way or in doubt, and not what was refused or withdrawn', async () => {
    const store = await openSeries('refused', 'given-up', 'accepted', 'doubted', 'due');
    await freezeGrouped(store, 'weekly', [{ id: 'a' }]);
    for (const outcome of [REFUSED, DEFERRED, ACCEPTED, IN_DOUBT]) {
      const taken = await claimOne(store);
      await store.ledger.mark(taken, at('09:02'));
      await store.ledger.settle(taken, outcome, at('09:02'), null);
    }
    expect(await freezeGrouped(store, 'monthly', [{ id: 'a' }])).toMatchObject({ deliveries: 2 });
    const again = await Array.fromAsync(store.ledger.deliveries(2));
    expect(again.map((delivery) => delivery.address)).toEqual([
      'refused@example.org',
      'given-up@example.org',
    ]);
  });

  it('gives a cancelled digest anew', async () => {
    const store = await openSeries('ann');
    await freezeGrouped(store, 'weekly', [{ id: 'a' }]);
    await store.repairs.cancel(1, at('09:01'));
    expect(await freezeGrouped(store, 'monthly', [{ id: 'a' }])).toMatchObject({ deliveries: 1 });
  });

  it('gives those who chose tags the posts with one of them, whatever their case', async () => {
    const store = await openSeries('all', 'code', 'both', 'none', 'other');
    const { subscribers } = store;
    await subscribers.choose(2, { tags: ['code'] }, LINE, at('08:30'));
    await subscribers.choose(3, { tags: ['CODE', 'Verse'] }, LINE, at('08:30'));
    await subscribers.choose(4, { tags: [] }, LINE, at('08:30'));
    await subscribers.choose(5, { tags: ['gardens'] }, LINE, at('08:30'));
    const posts = [{ id: 'c', tags: ['Code'] }, { id: 'v', tags: ['verse', 'x'] }, { id: 'n' }];
    expect(await freezeGrouped(store, 'weekly', posts)).toMatchObject({ deliveries: 3 });
    expect(await readContents(store, 1)).toEqual({ all: 'all', code: 'c', both: 'c+v' });
  });

  it('takes choices that are longer than a database takes into an index', async () => {
    const store = await openSeries('one', 'other');
    // Hashes, for what is alike a database makes shorter.
    const tags = Array.from({ length: 200 }, (_, index) => hash('sha256', String(index)));
    await store.subscribers.choose(1, { tags: tags.slice(1) }, LINE, at('08:30'));
    await store.subscribers.choose(2, { tags }, LINE, at('08:30'));
    const posts = [
      { id: 'a', tags: tags.slice(0, 1) },
      { id: 'b', tags: tags.slice(1) },
    ];
    expect(await freezeGrouped(store, 'weekly', posts)).toMatchObject({ deliveries: 2 });
    expect(await readContents(store, 1)).toEqual({ one: 'b', other: 'all' });
  });

  it('gives later, from another series, what was not chosen before', async () => {
    const store = await openSeries('ann');
    await store.subscribers.choose(1, { tags: ['code'] }, LINE, at('08:30'));
    const posts = [
      { id: 'c', tags: ['code'] },
      { id: 'v', tags: ['verse'] },
    ];
    await freezeGrouped(store, 'weekly', posts);
    await store.subscribers.choose(1, { tags: null }, LINE, at('08:40'));
    await freezeGrouped(store, 'monthly', posts);
    expect(await readContents(store, 1)).toEqual({ ann: 'c' });
    await store.ledger.release('first', at('09:10'));
    expect((await store.ledger.deliveriesOf(1)).map(({ digest }) => digest)).toEqual([2, 1]);
    expect((await store.digests.content(2, 'v'))?.posts).toEqual(['v']);
  });

  it('answers audience-changed when a content is missing, and nothing was done', async () => {
    const store = await openSeries('ann', 'bob');
    await store.subscribers.choose(2, { tags: ['code'] }, LINE, at('08:30'));
    const posts = [
      { id: 'c', title: 'C', tags: ['code'] },
      { id: 'v', title: 'V' },
    ];
    const request = freezeRequest('', { posts, contents: [content()] });
    expect(await store.digests.freeze(1, request)).toEqual({ kind: 'audience-changed' });
    expect(await store.digests.all()).toEqual([]);
    expect(await store.series.carried('weekly')).toEqual(new Set());
    // Nothing is left over that a second try would trip on.
    expect(await store.digests.freeze(1, request)).toEqual({ kind: 'audience-changed' });
    expect(await freezeGrouped(store, 'weekly', posts)).toMatchObject({ kind: 'frozen', deliveries: 2 });
  });

  it('folds what is too varied, so that nobody misses a post and few get one they did not ask for', async () => {
    const names = Array.from({ length: 130 }, (_, index) => `r${index}`);
    const store = await openSeries(...names);
    const posts = Array.from({ length: 8 }, (_, index) => ({ id: `p${index}`, tags: [`t${index}`] }));
    for (const index of names.keys()) {
      const tags = posts.flatMap((post, bit) => (((index + 1) >> bit) & 1 ? post.tags : []));
      await store.subscribers.choose(index + 1, { tags }, LINE, at('08:30'));
    }
    const audience = await store.digests.groups({ series: 'weekly', posts, now: at('09:00') });
    expect(audience).toMatchObject({ subscribers: 130, isFolded: true });
    expect(audience.groups.length).toBeLessThanOrEqual(100);
    expect(await freezeGrouped(store, 'weekly', posts)).toMatchObject({ deliveries: 130 });
    expect((await store.digests.contentKeys(1)).length).toBeLessThanOrEqual(100);
  });

  it('passes posts over', async () => {
    const store = await openSeries('ann');
    await freezeGrouped(store, 'weekly', [{ id: 'a' }]);
    await store.series.pass('weekly', ['a', 'b']);
    await store.series.pass('weekly', ['b']);
    expect(await store.series.carried('weekly')).toEqual(new Set(['a', 'b']));
    expect((await store.digests.find(1))?.posts).toEqual([{ id: 'a', title: 'a' }]);
  });
}
