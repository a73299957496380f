/** Notices: claimed by one, marked, settled, limited, and never to anybody who is suppressed. */
import { expect, it } from 'vitest';
import type { NewNotice, NoticeClaim } from '../../src/domain/notice.ts';
import type { Store } from '../../src/domain/store.ts';
import { type Database, openStoresOf } from './databases.ts';
import {
  ACCEPTED,
  address,
  at,
  claim as claimDeliveries,
  claimOne,
  DEFERRED,
  freezeRequest,
  IN_DOUBT,
  newcomer,
  NO_MAILBOX,
  prepareDigest,
  worker,
} from './samples.ts';

function notice(name: string, changes: Partial<NewNotice> = {}): NewNotice {
  return {
    kind: 'goodbye',
    address: address(`${name}@example.org`),
    subscriber: 1,
    subject: 1,
    detail: '',
    ...changes,
  };
}

async function claim(
  store: Store,
  who = 'first',
  now = at('09:01'),
  limit = 10,
): Promise<readonly NoticeClaim[]> {
  await store.ledger.enlist(worker(who), now);
  return await store.notices.claim({ worker: who, limit, now, leaseUntil: now.add({ minutes: 15 }) });
}

export function noticeContract(database: Database): void {
  const { open, openTwo } = openStoresOf(database);

  it('gives each to one worker, oldest first, with the newest link key', async () => {
    const [one, other] = await openTwo();
    for (const name of ['a', 'b', 'c', 'd']) await one.notices.add(notice(name), at('09:00'));
    expect(await one.rotateLinkKey(at('09:00'))).toBe(1);
    await one.notices.add(notice('e'), at('09:00'));
    const claimed = (
      await Promise.all([claim(one, 'first', at('09:01'), 3), claim(other, 'second', at('09:01'), 3)])
    ).flat();
    expect(claimed.map(({ id }) => id).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5]);
    expect(claimed.find(({ id }) => id === 1)).toMatchObject({
      linkKey: 0,
      attempts: 1,
      madeAt: at('09:00'),
    });
    expect(claimed.find(({ id }) => id === 5)).toMatchObject({ linkKey: 1 });
    expect(await claim(one)).toEqual([]);
  });

  it('marks for its holder only, and settles once', async () => {
    const store = await open();
    await store.notices.add(notice('ann'), at('09:00'));
    const [first] = await claim(store);
    await store.ledger.release('first', at('09:02'));
    const [second] = await claim(store, 'second', at('09:02'));
    expect(second).toMatchObject({ id: first!.id, attempts: 2 });
    expect(await store.notices.mark(first!, at('09:03'))).toBe(false);
    await store.notices.settle(first!, ACCEPTED, at('09:03'));
    expect(await store.notices.mark(second!, at('09:03'))).toBe(true);
    await store.notices.settle(second!, ACCEPTED, at('09:03'));
    await store.notices.settle(second!, DEFERRED, at('09:03'));
    expect(await store.notices.nextDue()).toBeNull();
  });

  it('tries what was put off or is in doubt later each time, and not for ever', async () => {
    const store = await open();
    await store.notices.add(notice('ann'), at('09:00'));
    let now = at('09:00');
    const waits: number[] = [];
    for (;;) {
      const [claimed] = await claim(store, 'first', now);
      expect(await store.notices.mark(claimed!, now)).toBe(true);
      await store.notices.settle(claimed!, waits.length % 2 ? IN_DOUBT : DEFERRED, now);
      const due = await store.notices.nextDue();
      if (due === null) break;
      waits.push(due.since(now).total('minutes'));
      expect(await claim(store, 'first', due.subtract({ milliseconds: 1 }))).toEqual([]);
      now = due;
    }
    expect(waits).toEqual([2, 5, 15, 30, 60, 120, 240, 480, 720]);
  });

  it('ends what was refused for the address, and keeps what was refused for us', async () => {
    const store = await open();
    await store.notices.add(notice('ann'), at('09:00'));
    await store.notices.add(notice('bob'), at('09:00'));
    const [ann, bob] = await claim(store);
    await store.notices.settle(ann!, NO_MAILBOX, at('09:01'));
    await store.notices.settle(
      bob!,
      { ...NO_MAILBOX, kind: 'rejected', scope: 'us' } as typeof NO_MAILBOX,
      at('09:01'),
    );
    expect(await store.notices.nextDue()).toEqual(at('09:03'));
  });

  it('lets a dead worker hold nothing: at once before the mark, after a while behind it', async () => {
    const store = await open();
    await store.notices.add(notice('ann'), at('09:00'));
    await store.notices.add(notice('bob'), at('09:00'));
    const [ann] = await claim(store);
    expect((await store.ledger.claimants()).map(({ worker: { id } }) => id)).toEqual(['first']);
    await store.notices.mark(ann!, at('09:01'));
    await store.ledger.release('first', at('09:02'));
    expect(await store.ledger.claimants()).toEqual([]);
    expect((await claim(store, 'second', at('09:02'))).map(({ address }) => address)).toEqual([
      'bob@example.org',
    ]);
    expect((await claim(store, 'second', at('09:12'))).map(({ address }) => address)).toEqual([
      'ann@example.org',
    ]);
  });

  it('gives back what was not tried, without counting it', async () => {
    const store = await open();
    await store.notices.add(notice('ann'), at('09:00'));
    await store.notices.unclaim(await claim(store), at('09:01'));
    const again = await claim(store);
    expect(again).toMatchObject([{ attempts: 1, fence: 2 }]);
    await store.notices.unclaim(again, at('09:01'), at('09:11'));
    expect((await store.notices.nextDue())?.toString()).toBe(at('09:11').toString());
  });

  it('goes to nobody who is suppressed, before or after it was made', async () => {
    const store = await open();
    await store.notices.add(notice('ann'), at('09:00'));
    const [ann] = await claim(store);
    await store.subscribers.suppress(address('ann@example.org'), 'complaint', at('09:01'));
    expect(await store.notices.mark(ann!, at('09:02'))).toBe(false);
    await store.notices.settle(ann!, DEFERRED, at('09:02'));
    expect(await store.notices.nextDue()).toBeNull();
    expect(await store.notices.add(notice('ann'), at('09:03'))).toBe(false);
  });

  it('makes two of a kind in a day for an address, and no more, whoever asks', async () => {
    const [one, other] = await openTwo();
    const added = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        (index % 2 ? one : other).notices.add(notice('ann'), at('09:00')),
      ),
    );
    expect(added.filter(Boolean)).toHaveLength(2);
    expect(await one.notices.add(notice('ann', { kind: 'address-change' }), at('09:00'))).toBe(true);
    expect(await one.notices.add(notice('ann'), at('09:00').add({ hours: 24 }))).toBe(true);
  });

  it('says goodbye once to who left by a link, who can come back for a day, and only from that', async () => {
    const store = await open();
    await store.subscribers.add([newcomer('ann')], at('08:00'));
    const left = at('09:00').add({ milliseconds: 321 });
    expect(await store.subscribers.leave(1, 'one-click', left)).toBe(true);
    expect(await store.subscribers.leave(1, 'one-click', at('09:01'))).toBe(false);
    const goodbyes = await claim(store);
    expect(goodbyes).toMatchObject([
      { kind: 'goodbye', address: 'ann@example.org', subscriber: 1, subject: 1 },
    ]);
    const { madeAt } = goodbyes[0]!;
    const comeBack = (...asked: Parameters<Store['subscribers']['comeBack']>) =>
      store.subscribers.comeBack(...asked);
    expect(await comeBack(1, madeAt.subtract({ seconds: 1 }), at('09:02'))).toBe('expired');
    expect(await comeBack(1, madeAt, left.add({ hours: 24, milliseconds: 1 }))).toBe('expired');
    expect(await comeBack(1, madeAt, left.add({ hours: 24 }))).toBe('returned');
    expect(await comeBack(1, madeAt, left.add({ hours: 24 }))).toBe('known');
    expect(await store.subscribers.byId(1)).toMatchObject({
      state: 'active',
      endedAt: null,
      endReason: null,
    });
    await store.subscribers.unsubscribe(1, 'one-click', at('11:00'));
    expect(await comeBack(1, madeAt, at('11:01'))).toBe('expired');
    expect(await comeBack(99, madeAt, at('11:01'))).toBe('expired');
    expect((await store.subscribers.story(1)).map(({ kind }) => kind).slice(-3)).toEqual([
      'left',
      'returned',
      'left',
    ]);
  });

  it('gives back to who comes back what was on its way to them, and nothing that was cancelled or in doubt', async () => {
    const store = await open();
    await prepareDigest(store, ['ann', 'bob']);
    await store.digests.freeze(2, freezeRequest('two'));
    await store.digests.freeze(3, freezeRequest('three'));
    await store.ledger.settle(await claimOne(store), ACCEPTED, at('09:01'), null);
    const held = (await claimDeliveries(store)).filter(({ subscriber }) => subscriber === 1);
    expect(held.map(({ digest }) => digest)).toEqual([2, 3]);
    await store.ledger.settle(held[0]!, IN_DOUBT, at('09:02'), at('09:30'));
    await store.ledger.unclaim([held[1]!], at('09:02'));
    await store.digests.freeze(4, freezeRequest('four'));
    await store.subscribers.leave(1, 'one-click', at('09:10'));
    await store.repairs.cancel(4, at('09:11'));
    expect(await store.subscribers.comeBack(1, at('09:10'), at('09:12'))).toBe('returned');
    const states = (await store.ledger.deliveriesOf(1)).map(({ digest, state }) => [digest, state]);
    expect(states).toEqual([
      [4, 'withdrawn'],
      [3, 'due'],
      [2, 'in-doubt'],
      [1, 'accepted'],
    ]);
    const again = await claimDeliveries(store, { now: at('09:13') });
    expect(again.filter(({ subscriber }) => subscriber === 1)).toMatchObject([{ digest: 3 }]);
  });

  it('rotates link keys, the newest first and none lost', async () => {
    const [one, other] = await openTwo();
    expect(await one.rotateLinkKey(at('07:00'))).toBe(1);
    expect(
      (await Promise.all([one.rotateLinkKey(at('09:00')), other.rotateLinkKey(at('09:00'))])).toSorted(
        (a, b) => a - b,
      ),
    ).toEqual([2, 3]);
    expect((await other.linkKeys()).map(({ id }) => id)).toEqual([3, 2, 1, 0]);
  });
}
