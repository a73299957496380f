/** Freezing: all of it or nothing, and once. */
import { expect, it } from 'vitest';
import { type Database, openStoresOf } from './databases.ts';
import { at, content, counts, freezeRequest, newcomer } from './samples.ts';

export function digestContract(database: Database): void {
  const { open, openTwo } = openStoresOf(database);

  async function openWeekly() {
    const store = await open();
    await store.series.open('weekly', at('08:00'), ['old']);
    return store;
  }

  it('numbers digests from 1', async () => {
    const store = await openWeekly();
    expect(await store.digests.nextNumber()).toBe(1);
    await store.digests.freeze(1, freezeRequest('one'));
    expect(await store.digests.nextNumber()).toBe(2);
  });

  it('freezes digest, contents, posts, slot and deliveries together', async () => {
    const store = await openWeekly();
    await store.subscribers.add([newcomer('ann'), newcomer('bob')], at('08:00'));
    const posts = [
      { id: 'z', title: 'First' },
      { id: 'a', title: 'Second' },
    ];
    const request = freezeRequest('one', { posts, contents: [content()] });
    expect(await store.digests.freeze(1, request)).toEqual({ kind: 'frozen', number: 1, deliveries: 2 });
    const digest = {
      number: 1,
      series: 'weekly',
      slot: 'weekly one',
      subject: 'the branch was deleted',
      frozenAt: at('09:00'),
      posts,
      hasContent: true,
    };
    expect(await store.digests.find(1)).toEqual(digest);
    expect(await store.digests.all()).toEqual([digest]);
    expect(await store.digests.contentKeys(1)).toEqual(['all']);
    expect(await store.digests.content(1, 'all')).toEqual({ ...content(), posts: ['z', 'a'] });
    expect(await store.series.carried('weekly')).toEqual(new Set(['old', 'z', 'a']));
    expect(await store.series.slots()).toEqual([{ ...request.slot, state: 'taken', digest: 1 }]);
    expect(await store.ledger.counts(1)).toEqual(counts({ due: 2 }));
  });

  it('takes a slot that was recorded, also one that was missed', async () => {
    const store = await openWeekly();
    const request = freezeRequest('one');
    await store.series.recordSlots('weekly', [request.slot], at('10:00'));
    await store.series.decideSlot('weekly one', 'missed', at('10:00'));
    await store.digests.freeze(1, request);
    expect(await store.series.slots()).toEqual([{ ...request.slot, state: 'taken', digest: 1 }]);
    expect(await store.series.decideSlot('weekly one', 'skipped', at('10:00'))).toBe(false);
  });

  it('lists the newest first, each with its own posts', async () => {
    const store = await openWeekly();
    await store.digests.freeze(1, freezeRequest('one'));
    await store.digests.freeze(2, freezeRequest('two'));
    const all = await store.digests.all();
    expect(all.map(({ number, posts }) => [number, posts[0]?.id])).toEqual([
      [2, 'two'],
      [1, 'one'],
    ]);
  });

  it('knows no digest, content or key of a number that was never frozen', async () => {
    const store = await openWeekly();
    expect(await store.digests.find(1)).toBeNull();
    expect(await store.digests.content(1, 'all')).toBeNull();
    expect(await store.digests.contentKeys(1)).toEqual([]);
    expect(await store.digests.all()).toEqual([]);
  });

  it('keeps several contents, megabytes long, byte for byte', async () => {
    const store = await openWeekly();
    const mime = Uint8Array.from({ length: 3_000_000 }, (_, index) => index % 256);
    const contents = [{ ...content('all'), mime }, content('verse')];
    await store.digests.freeze(1, freezeRequest('one', { contents }));
    expect(await store.digests.contentKeys(1)).toEqual(['all', 'verse']);
    const kept = await store.digests.content(1, 'all');
    expect(Buffer.compare(kept?.mime ?? new Uint8Array(), mime)).toBe(0);
  });

  it('answers slot-taken when the same slot is frozen again, and changes nothing', async () => {
    const store = await openWeekly();
    await store.subscribers.add([newcomer('ann')], at('08:00'));
    await store.digests.freeze(1, freezeRequest('one'));
    await store.subscribers.add([newcomer('bob')], at('09:30'));
    const answer = await store.digests.freeze(1, freezeRequest('one'));
    expect(answer).toEqual({ kind: 'slot-taken', number: 1 });
    const later = await store.digests.freeze(2, freezeRequest('one', { posts: [] }));
    expect(later).toEqual({ kind: 'slot-taken', number: 1 });
    expect(await store.ledger.counts(1)).toEqual(counts({ due: 1 }));
  });

  it('answers posts-taken when another digest of the series has carried one of them, or the backlog holds it', async () => {
    const store = await openWeekly();
    await store.digests.freeze(1, freezeRequest('one'));
    const posts = ['new', 'one', 'old'].map((id) => ({ id, title: id }));
    const answer = await store.digests.freeze(2, freezeRequest('two', { posts }));
    expect(answer.kind).toBe('posts-taken');
    expect(new Set('ids' in answer ? answer.ids : [])).toEqual(new Set(['one', 'old']));
    expect(await store.digests.find(2)).toBeNull();
    expect(await store.series.slots({ state: 'taken' })).toHaveLength(1);
    expect(await store.series.carried('weekly')).not.toContain('new');
  });

  it('lets another series carry the same post', async () => {
    const store = await openWeekly();
    await store.series.open('monthly', at('08:00'), []);
    await store.digests.freeze(1, freezeRequest('one'));
    const slot = { series: 'monthly', name: 'monthly one', dueAt: at('09:00') };
    expect(await store.digests.freeze(2, freezeRequest('one', { slot }))).toMatchObject({ kind: 'frozen' });
  });

  it('answers number-taken when only the number is', async () => {
    const store = await openWeekly();
    await store.digests.freeze(1, freezeRequest('one'));
    expect(await store.digests.freeze(1, freezeRequest('two'))).toEqual({ kind: 'number-taken' });
    expect(await store.series.carried('weekly')).not.toContain('two');
  });

  it('freezes for nobody', async () => {
    const store = await openWeekly();
    expect(await store.digests.freeze(1, freezeRequest('one'))).toMatchObject({ deliveries: 0 });
    expect(await store.ledger.counts(1)).toEqual(counts({}));
    expect(await store.ledger.nextDue('retry')).toBeNull();
  });

  it('goes to those who are active and take the series, and to nobody else', async () => {
    const store = await openWeekly();
    await store.subscribers.add(
      [
        newcomer('everything'),
        newcomer('this', { series: ['monthly', 'weekly'] }),
        newcomer('other', { series: ['monthly'] }),
        newcomer('none', { series: [] }),
        newcomer('pending', { state: 'pending' }),
        newcomer('left'),
        newcomer('suppressed'),
      ],
      at('08:00'),
    );
    await store.subscribers.unsubscribe(6, 'one-click', at('08:30'));
    await store.subscribers.suppress(newcomer('suppressed').address, 'complaint', at('08:30'));
    expect(await store.subscribers.audience('weekly', at('09:00'))).toBe(2);
    expect(await store.digests.freeze(1, freezeRequest('one'))).toMatchObject({ deliveries: 2 });
    const deliveries = await Array.fromAsync(store.ledger.deliveries(1));
    expect(deliveries.map((delivery) => delivery.address)).toEqual([
      'everything@example.org',
      'this@example.org',
    ]);
  });

  it('freezes one digest when two programs freeze one slot at the same moment', async () => {
    const [one, other] = await openTwo();
    await one.series.open('weekly', at('08:00'), []);
    await one.subscribers.add([newcomer('ann')], at('08:00'));
    const answers = await Promise.all([
      one.digests.freeze(1, freezeRequest('one')),
      other.digests.freeze(1, freezeRequest('one')),
    ]);
    expect(answers.map(({ kind }) => kind).toSorted()).toEqual(['frozen', 'slot-taken']);
    expect(await one.ledger.counts(1)).toEqual(counts({ due: 1 }));
  });

  it('freezes a post into one digest when two programs put it into two', async () => {
    const [one, other] = await openTwo();
    await one.series.open('weekly', at('08:00'), []);
    const posts = [{ id: 'same', title: 'Same' }];
    const answers = await Promise.all([
      one.digests.freeze(1, freezeRequest('one', { posts })),
      other.digests.freeze(2, freezeRequest('two', { posts })),
    ]);
    expect(answers.map(({ kind }) => kind).toSorted()).toEqual(['frozen', 'posts-taken']);
    expect(await one.digests.all()).toHaveLength(1);
  });
}
