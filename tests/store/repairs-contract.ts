/** What a person decides: doubt resolved, a digest cancelled, a database that is behind made fit; and the epoch that tells it is behind. */
import { describe, expect, it } from 'vitest';
import type { JournalDigest } from '../../src/domain/journal.ts';
import type { Copy } from '../../src/domain/message.ts';
import type { Store } from '../../src/domain/store.ts';
import { type Database, openStoresOf } from './databases.ts';
import {
  ACCEPTED,
  at,
  claim,
  claimOne,
  collect,
  counts,
  DEFERRED,
  freezeRequest,
  IN_DOUBT,
  newcomer,
  prepareDigest,
} from './samples.ts';

const COPY: Copy = { address: newcomer('ann').address, name: 'Ann', linkKey: 0, seal: null };
const LOST: JournalDigest = {
  number: 2,
  series: 'weekly',
  slot: 'weekly two',
  subject: 'lost',
  frozenAt: at('09:30'),
  posts: ['two', 'three'],
};

/** One delivery in doubt that waits for a person, with a copy. */
async function doubtOne(store: Store): Promise<void> {
  const held = await claimOne(store, { inDoubt: 'ask' });
  await store.ledger.mark(held, at('09:01'), COPY);
  await store.ledger.settle(held, IN_DOUBT, at('09:02'), at('09:30'));
}

export function repairContract(database: Database): void {
  const { open, openAt, openTwo, makeLocation } = openStoresOf(database);

  describe('the epoch', () => {
    it('begins at 0 and grows, for all programs on the store and over a restart', async () => {
      const location = await makeLocation();
      const store = await openAt(location);
      expect(await store.ledger.epoch()).toBe(0);
      expect(await store.ledger.raiseEpoch()).toBe(1);
      const other = await openAt(location);
      expect(await other.ledger.raiseEpoch()).toBe(2);
      expect(await store.ledger.epoch()).toBe(2);
    });

    it('gives two programs that raise it at once a number each', async () => {
      const [one, other] = await openTwo();
      const raised = await Promise.all(
        [1, 2, 3, 4].flatMap(() => [one.ledger.raiseEpoch(), other.ledger.raiseEpoch()]),
      );
      expect(raised.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    });
  });

  describe('resolving doubt', () => {
    const resolve = (
      store: Store,
      decision: 'resend' | 'skip',
      subscribers: readonly number[] | null = null,
    ) => store.repairs.resolve({ digest: 1, decision, subscribers, now: at('09:10') });

    it('sends the same copy again, whatever the policy, and for good', async () => {
      const store = await open();
      await prepareDigest(store, ['ann', 'bob']);
      await doubtOne(store);
      expect(await store.repairs.undecided(1)).toBe(1);
      expect(await resolve(store, 'resend')).toBe(1);
      expect(await store.repairs.undecided(1)).toBe(0);
      const held = await claim(store, { inDoubt: 'ask', now: at('09:11') });
      expect(held.map(({ subscriber, copy }) => [subscriber, copy])).toEqual([
        [1, COPY],
        [2, null],
      ]);
      // Given back, it is due and no question again.
      await store.ledger.unclaim(held, at('09:12'));
      expect(await store.ledger.counts(1)).toEqual(counts({ due: 2 }));
      await claim(store, { inDoubt: 'ask', now: at('09:13') });
      await store.ledger.release('first', at('09:14'));
      expect(await store.ledger.counts(1)).toEqual(counts({ due: 2 }));
      // But if its subscriber leaves now, nobody says that they were not written to.
      await store.subscribers.unsubscribe(1, 'one-click', at('09:15'));
      expect(await store.ledger.counts(1)).toEqual(counts({ due: 1, 'in-doubt': 1 }));
    });

    it('lets doubt stand for good, also where doubt is retried', async () => {
      const store = await open();
      await prepareDigest(store, ['ann']);
      await doubtOne(store);
      expect(await resolve(store, 'skip')).toBe(1);
      expect(await store.repairs.undecided(1)).toBe(0);
      expect(await claim(store, { now: at('23:00') })).toEqual([]);
      expect(await store.ledger.nextDue('retry')).toBeNull();
      expect(await store.ledger.counts(1)).toEqual(counts({ 'in-doubt': 1 }));
      // A person may think again.
      expect(await resolve(store, 'resend')).toBe(1);
      expect(await store.ledger.counts(1)).toEqual(counts({ due: 1 }));
    });

    it('tries again what was given up, and skips none of it', async () => {
      const store = await open();
      await prepareDigest(store, ['ann']);
      await store.ledger.settle(await claimOne(store), DEFERRED, at('09:02'), null);
      expect(await resolve(store, 'skip')).toBe(0);
      expect(await resolve(store, 'resend')).toBe(1);
      expect(await store.ledger.counts(1)).toEqual(counts({ due: 1 }));
    });

    it('is about those who are named, and about nothing that is settled', async () => {
      const store = await open();
      await prepareDigest(store, ['ann', 'bob', 'cem']);
      await doubtOne(store);
      await doubtOne(store);
      await store.ledger.settle(await claimOne(store, { inDoubt: 'ask' }), ACCEPTED, at('09:02'), null);
      expect(await resolve(store, 'resend', [2, 3])).toBe(1);
      expect(await store.ledger.counts(1)).toEqual(counts({ due: 1, 'in-doubt': 1, accepted: 1 }));
      expect(await resolve(store, 'resend', [])).toBe(0);
    });
  });

  describe('cancelling', () => {
    it('withdraws what was not handed over, and leaves the rest', async () => {
      const store = await open();
      await prepareDigest(store, ['ann', 'bob', 'cem', 'dee', 'eve']);
      await store.ledger.settle(await claimOne(store), ACCEPTED, at('09:02'), null);
      await store.ledger.settle(await claimOne(store), DEFERRED, at('09:02'), at('09:30'));
      await doubtOne(store);
      const held = await claimOne(store, { inDoubt: 'ask' });
      expect(await store.repairs.cancel(1, at('09:05'))).toBe(3);
      expect(await store.ledger.counts(1)).toEqual(counts({ accepted: 1, withdrawn: 3, 'in-doubt': 1 }));
      expect(await store.ledger.mark(held, at('09:06'))).toBe(false);
      expect(await claim(store, { now: at('23:00') })).toEqual([]);
      expect(await store.ledger.claimants()).toEqual([]);
      expect(await store.repairs.cancel(1, at('09:07'))).toBe(0);
      expect(await store.series.slots({ state: 'cancelled' })).toHaveLength(1);
    });

    it.each([
      ['accepted', ACCEPTED, null, { accepted: 1 }],
      ['deferred', DEFERRED, at('09:30'), { withdrawn: 1 }],
      ['in doubt', IN_DOUBT, at('09:30'), { 'in-doubt': 1 }],
    ] as const)('finishes what is under way, and repeats none of it: %s', async (_, outcome, next, after) => {
      const store = await open();
      await prepareDigest(store, ['ann']);
      const held = await claimOne(store);
      await store.ledger.mark(held, at('09:03'));
      expect(await store.repairs.cancel(1, at('09:05'))).toBe(0);
      await store.ledger.settle(held, outcome, at('09:06'), next);
      expect(await store.ledger.counts(1)).toEqual(counts(after));
      expect(await claim(store, { now: at('23:00') })).toEqual([]);
    });

    it('leaves in doubt for good what a worker died over', async () => {
      const store = await open();
      await prepareDigest(store, ['ann']);
      await store.ledger.mark(await claimOne(store), at('09:03'));
      await store.repairs.cancel(1, at('09:05'));
      await store.ledger.release('first', at('09:06'));
      expect(await store.ledger.counts(1)).toEqual(counts({ 'in-doubt': 1 }));
      expect(await claim(store, { now: at('23:00') })).toEqual([]);
    });

    it('stops one digest and no other', async () => {
      const store = await open();
      await prepareDigest(store, ['ann']);
      await store.digests.freeze(2, freezeRequest('two'));
      await store.repairs.cancel(1, at('09:05'));
      const held = await claim(store);
      expect(held.map(({ digest }) => digest)).toEqual([2]);
      await store.ledger.settle(held[0]!, DEFERRED, at('09:06'), at('09:30'));
      expect(await store.ledger.counts(2)).toEqual(counts({ deferred: 1 }));
    });
  });

  describe('recovering', () => {
    const recover = (store: Store, openOnes: 'skip' | 'resend') =>
      store.repairs.recover({ digests: [LOST], open: openOnes, above: 7, now: at('10:00') });

    it('takes number, slot and posts of a digest it does not know', async () => {
      const store = await open();
      await prepareDigest(store, ['ann']);
      expect(await recover(store, 'resend')).toMatchObject({ digests: 1, epoch: 8 });
      expect(await store.ledger.epoch()).toBe(8);
      expect(await store.digests.nextNumber()).toBe(3);
      expect([...(await store.series.carried('weekly'))].toSorted()).toEqual(['one', 'three', 'two']);
      const again = await store.digests.freeze(3, freezeRequest('two'));
      expect(again).toEqual({ kind: 'slot-taken', number: 2 });
      expect(await store.ledger.counts(2)).toEqual(counts({}));
      expect(await recover(store, 'resend')).toMatchObject({ digests: 0, epoch: 9 });
    });

    it('finds another number for one that this database gave away', async () => {
      const store = await open();
      await prepareDigest(store, ['ann']);
      await store.digests.freeze(2, freezeRequest('other'));
      await recover(store, 'resend');
      expect((await store.digests.all()).map(({ number, slot }) => [number, slot])).toEqual([
        [3, 'weekly two'],
        [2, 'weekly other'],
        [1, 'weekly one'],
      ]);
    });

    it('keeps open deliveries for a person, with the reason', async () => {
      const store = await open();
      await prepareDigest(store, ['ann', 'bob', 'cem', 'dee', 'eve']);
      await store.ledger.settle(await claimOne(store), ACCEPTED, at('09:02'), null);
      await store.ledger.settle(await claimOne(store), DEFERRED, at('09:02'), at('09:30'));
      await doubtOne(store);
      await store.ledger.mark(await claimOne(store, { inDoubt: 'ask' }), at('09:03'));
      expect(await recover(store, 'skip')).toMatchObject({ deliveries: 3 });
      expect(await store.ledger.counts(1)).toEqual(counts({ accepted: 1, 'in-doubt': 4 }));
      expect(await claim(store, { now: at('23:00') })).toEqual([]);
      expect(await store.ledger.claimants()).toEqual([]);
      const said = await collect(store.ledger.deliveries(1, ['in-doubt']));
      expect(said.filter(({ reply }) => reply?.includes('may have been sent'))).toHaveLength(3);
    });

    it('gives nothing back to who left before, for they may have come back since and have it', async () => {
      const store = await open();
      await prepareDigest(store, ['ann']);
      await store.subscribers.leave(1, 'one-click', at('09:10'));
      await recover(store, 'skip');
      expect(await store.subscribers.comeBack(1, at('09:10'), at('10:10'))).toBe('returned');
      expect(await store.ledger.counts(1)).toEqual(counts({ withdrawn: 1 }));
    });

    it('makes open deliveries due again', async () => {
      const store = await open();
      await prepareDigest(store, ['ann', 'bob', 'cem']);
      await store.ledger.settle(await claimOne(store), ACCEPTED, at('09:02'), null);
      await store.ledger.settle(await claimOne(store), DEFERRED, at('09:02'), at('09:30'));
      expect(await recover(store, 'resend')).toMatchObject({ deliveries: 2 });
      expect(await store.ledger.counts(1)).toEqual(counts({ accepted: 1, due: 2 }));
      expect(await claim(store, { now: at('10:01'), inDoubt: 'ask' })).toHaveLength(2);
    });
  });
}
