/** Who asked, who left, and who must not be written to. */
import { expect, it } from 'vitest';
import { type Database, openStoresOf } from './databases.ts';
import {
  address,
  at,
  claimOne,
  counts,
  DEFERRED,
  freezeRequest,
  newcomer,
  prepareDigest,
} from './samples.ts';

export function listContract(database: Database): void {
  const { open, openTwo } = openStoresOf(database);

  it('adds, with everything that was said', async () => {
    const store = await open();
    const [result] = await store.subscribers.add(
      [newcomer('Ann', { name: 'Ann Lee', series: ['weekly', 'monthly', 'weekly'] })],
      at('08:00'),
    );
    const subscriber = {
      id: 1,
      address: 'Ann@example.org',
      name: 'Ann Lee',
      state: 'active',
      series: ['monthly', 'weekly'],
      tags: null,
      pausedUntil: null,
      createdAt: at('08:00'),
      confirmedAt: at('08:00'),
      endedAt: null,
      endReason: null,
    };
    expect(result).toEqual({ kind: 'added', subscriber });
    expect(await store.subscribers.find(address('aNN@EXAMPLE.org'))).toEqual(subscriber);
    expect(await store.subscribers.byId(1)).toEqual(subscriber);
  });

  it('finds nobody who is not there', async () => {
    const store = await open();
    expect(await store.subscribers.find(address('ann@example.org'))).toBeNull();
    expect(await store.subscribers.byId(1)).toBeNull();
  });

  it('keeps a known address as it is, whatever its case', async () => {
    const store = await open();
    await store.subscribers.add([newcomer('ann', { name: 'Ann' })], at('08:00'));
    const again = await store.subscribers.add(
      [newcomer('ANN', { name: 'Other', series: [] }), newcomer('ann', { state: 'pending' })],
      at('09:00'),
    );
    expect(again).toMatchObject([
      { kind: 'kept', subscriber: { id: 1, address: 'ann@example.org', name: 'Ann', series: null } },
      { kind: 'kept', subscriber: { id: 1, state: 'active' } },
    ]);
    expect(await store.subscribers.counts()).toEqual({
      pending: 0,
      active: 1,
      unsubscribed: 0,
      suppressed: 0,
    });
  });

  it('confirms one who is pending, and only once', async () => {
    const store = await open();
    await store.subscribers.add([newcomer('ann', { state: 'pending', series: ['weekly'] })], at('08:00'));
    expect(await store.subscribers.byId(1)).toMatchObject({ state: 'pending', confirmedAt: null });
    const [confirmed] = await store.subscribers.add([newcomer('ann')], at('09:00'));
    expect(confirmed).toMatchObject({
      kind: 'confirmed',
      subscriber: { state: 'active', series: ['weekly'], confirmedAt: at('09:00'), createdAt: at('08:00') },
    });
    const [kept] = await store.subscribers.add([newcomer('ann')], at('10:00'));
    expect(kept).toMatchObject({ kind: 'kept', subscriber: { confirmedAt: at('09:00') } });
  });

  it('answers in the order of the batch, each fact once', async () => {
    const store = await open();
    const results = await store.subscribers.add(
      [
        newcomer('zoe'),
        newcomer('ann', { state: 'pending' }),
        newcomer('zoe'),
        newcomer('ann'),
        newcomer('ann'),
      ],
      at('08:00'),
    );
    expect(results.map(({ kind, subscriber }) => [kind, subscriber.id])).toEqual([
      ['added', 1],
      ['added', 2],
      ['kept', 1],
      ['confirmed', 2],
      ['kept', 2],
    ]);
    expect(await store.subscribers.add([], at('08:00'))).toEqual([]);
  });

  it('adds thousands in one go, in their order', async () => {
    const store = await open();
    const batch = Array.from({ length: 2500 }, (_, index) => newcomer(`reader${index}`));
    const results = await store.subscribers.add(batch, at('08:00'));
    expect(results.map(({ kind, subscriber }) => `${kind} ${subscriber.id}`)).toEqual(
      batch.map((_, index) => `added ${index + 1}`),
    );
  });

  it('adds each once when two programs import the same list at the same moment', async () => {
    const [one, other] = await openTwo();
    const batch = Array.from({ length: 300 }, (_, index) => newcomer(`reader${index}`));
    const answers = await Promise.all([
      one.subscribers.add(batch, at('08:00')),
      other.subscribers.add(batch, at('08:00')),
    ]);
    expect(answers.flat().filter(({ kind }) => kind === 'added')).toHaveLength(300);
    expect(await one.subscribers.counts()).toMatchObject({ active: 300 });
  });

  it('streams by id, over many pages, by state', async () => {
    const store = await open();
    await store.subscribers.add(
      Array.from({ length: 1100 }, (_, index) =>
        newcomer(`reader${index}`, { state: index % 2 === 0 ? 'active' : 'pending', series: ['weekly'] }),
      ),
      at('08:00'),
    );
    const all = await Array.fromAsync(store.subscribers.list());
    expect(all.map(({ id }) => id)).toEqual(all.map((_, index) => index + 1));
    expect(all).toHaveLength(1100);
    expect(all.every(({ series }) => series?.[0] === 'weekly')).toBe(true);
    const pending = await Array.fromAsync(store.subscribers.list({ state: 'pending' }));
    expect(pending).toHaveLength(550);
    expect(pending[0]?.id).toBe(2);
  });

  it('lets a person leave once, and keeps when and why', async () => {
    const store = await open();
    await store.subscribers.add([newcomer('ann')], at('08:00'));
    expect(await store.subscribers.unsubscribe(1, 'one-click', at('09:00'))).toBe(true);
    expect(await store.subscribers.unsubscribe(1, 'removed by hand', at('10:00'))).toBe(false);
    expect(await store.subscribers.byId(1)).toMatchObject({
      state: 'unsubscribed',
      endedAt: at('09:00'),
      endReason: 'one-click',
    });
    expect(await store.subscribers.unsubscribe(99, 'one-click', at('09:00'))).toBe(false);
  });

  it('withdraws what waits for a person who leaves, in every digest, at once', async () => {
    const store = await open();
    await prepareDigest(store, ['ann', 'bob']);
    await store.digests.freeze(2, freezeRequest('two'));
    await store.ledger.settle(await claimOne(store), DEFERRED, at('09:02'), at('10:00'));
    await store.subscribers.unsubscribe(1, 'one-click', at('09:03'));
    expect(await store.ledger.counts(1)).toEqual(counts({ withdrawn: 1, due: 1 }));
    expect(await store.ledger.counts(2)).toEqual(counts({ withdrawn: 1, due: 1 }));
    expect(await store.ledger.deliveriesOf(1)).toMatchObject([
      { digest: 2, reply: null, changedAt: at('09:03') },
      { digest: 1, reply: DEFERRED.reply },
    ]);
  });

  it('revives nobody who left or is suppressed', async () => {
    const store = await open();
    await store.subscribers.add([newcomer('left'), newcomer('dead')], at('08:00'));
    await store.subscribers.unsubscribe(1, 'one-click', at('09:00'));
    await store.subscribers.suppress(newcomer('dead').address, 'complaint', at('09:00'));
    const results = await store.subscribers.add([newcomer('left'), newcomer('dead')], at('10:00'));
    expect(results).toMatchObject([
      { kind: 'kept', subscriber: { state: 'unsubscribed' } },
      { kind: 'kept', subscriber: { state: 'suppressed' } },
    ]);
  });

  it('suppresses an address once, keeps why, and withdraws what waits', async () => {
    const store = await open();
    await prepareDigest(store, ['ann']);
    const ann = address('ANN@example.org');
    expect(await store.subscribers.suppress(ann, 'complaint', at('09:05'))).toBe(true);
    expect(await store.subscribers.suppress(ann, 'again', at('09:06'))).toBe(false);
    expect(await store.subscribers.byId(1)).toMatchObject({
      state: 'suppressed',
      endedAt: at('09:05'),
      endReason: 'complaint',
    });
    expect(await store.ledger.counts(1)).toEqual(counts({ withdrawn: 1 }));
    expect(await store.subscribers.unsubscribe(1, 'one-click', at('09:07'))).toBe(false);
  });

  it('suppresses an address that never subscribed: it is kept out when it comes', async () => {
    const store = await open();
    expect(await store.subscribers.suppress(address('eve@example.org'), 'complaint', at('08:00'))).toBe(true);
    const [result] = await store.subscribers.add([newcomer('eve', { series: ['weekly'] })], at('09:00'));
    expect(result).toMatchObject({
      kind: 'kept',
      subscriber: { state: 'suppressed', endReason: 'complaint', endedAt: at('08:00'), confirmedAt: null },
    });
    expect(await store.subscribers.audience('weekly', at('09:00'))).toBe(0);
  });

  it('tells the story of each, line by line, each fact once', async () => {
    const store = await open();
    await store.subscribers.suppress(address('eve@example.org'), 'complaint', at('07:00'));
    await store.subscribers.add(
      [newcomer('ann', { state: 'pending', source: 'form' }), newcomer('eve')],
      at('08:00'),
    );
    await store.subscribers.add([newcomer('ann')], at('09:00'));
    await store.subscribers.unsubscribe(1, 'one-click', at('10:00'));
    await store.subscribers.unsubscribe(1, 'one-click', at('10:01'));
    await store.subscribers.suppress(newcomer('ann').address, 'complaint', at('11:00'));
    await store.subscribers.suppress(newcomer('ann').address, 'complaint', at('11:01'));
    const stories = await store.subscribers.stories([2, 1, 99]);
    const tell = (id: number) => stories.get(id)?.map(({ at: when, kind, source }) => [when, kind, source]);
    expect(tell(1)).toEqual([
      [at('08:00'), 'added', 'form'],
      [at('09:00'), 'added', 'command line'],
      [at('10:00'), 'left', 'one-click'],
      [at('11:00'), 'suppressed', 'complaint'],
    ]);
    expect(tell(2)).toEqual([
      [at('08:00'), 'added', 'command line'],
      [at('07:00'), 'suppressed', 'complaint'],
    ]);
    expect(tell(99)).toBeUndefined();
  });

  it('suppresses somebody who had left already', async () => {
    const store = await open();
    await store.subscribers.add([newcomer('ann')], at('08:00'));
    await store.subscribers.unsubscribe(1, 'one-click', at('09:00'));
    expect(await store.subscribers.suppress(newcomer('ann').address, 'complaint', at('10:00'))).toBe(true);
    expect(await store.subscribers.byId(1)).toMatchObject({ state: 'suppressed', endReason: 'complaint' });
  });
}
