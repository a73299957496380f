/** The queue: who gets which delivery, and that nobody else does. */
import { expect, it } from 'vitest';
import { EVERYTHING } from '../../src/domain/pause.ts';
import { type Database, openStoresOf } from './databases.ts';
import {
  ACCEPTED,
  at,
  claim,
  claimOne,
  counts,
  DEFERRED,
  freezeRequest,
  IN_DOUBT,
  newcomer,
  prepareDigest,
  worker,
} from './samples.ts';

export function claimContract(database: Database): void {
  const { open, openTwo } = openStoresOf(database);

  it('gives what is due, in order, up to the limit', async () => {
    const store = await open();
    await prepareDigest(store, ['ann', 'bob', 'cem']);
    const claims = await claim(store, { limit: 2 });
    expect(claims).toEqual([
      {
        digest: 1,
        subscriber: 1,
        address: 'ann@example.org',
        name: '',
        content: 'all',
        fence: 1,
        earlierAttempts: 0,
        firstClaimedAt: at('09:01'),
        copy: null,
      },
      expect.objectContaining({ subscriber: 2, address: 'bob@example.org' }),
    ]);
    expect(await store.ledger.counts(1)).toEqual(counts({ due: 1, claimed: 2 }));
    expect(await claim(store)).toHaveLength(1);
    expect(await claim(store)).toEqual([]);
  });

  it('gives nothing for a limit of 0', async () => {
    const store = await open();
    await prepareDigest(store, ['ann']);
    expect(await claim(store, { limit: 0 })).toEqual([]);
  });

  it('never gives the same delivery to two programs', async () => {
    const [one, other] = await openTwo();
    const names = Array.from({ length: 60 }, (_, index) => `reader${index}`);
    await prepareDigest(one, names);
    const claims: number[] = [];
    const takeAll = async (store: typeof one, id: string) => {
      for (;;) {
        const taken = await claim(store, { worker: id, limit: 3 });
        if (taken.length === 0) return;
        claims.push(...taken.map(({ subscriber }) => subscriber));
      }
    };
    await Promise.all([takeAll(one, 'first'), takeAll(other, 'second'), takeAll(one, 'second')]);
    expect(claims.toSorted((a, b) => a - b)).toEqual(names.map((_, index) => index + 1));
  });

  it('gives the oldest digest first, its deferred deliveries before the next digest', async () => {
    const store = await open();
    await prepareDigest(store, ['ann', 'bob']);
    await store.digests.freeze(2, freezeRequest('two'));
    const early = await claimOne(store);
    await store.ledger.settle(early, DEFERRED, at('09:01'), at('09:10'));
    const claims = await claim(store, { now: at('09:10'), limit: 3 });
    expect(claims.map(({ digest }) => digest)).toEqual([1, 1, 2]);
    const subscribers = new Set(claims.slice(0, 2).map(({ subscriber }) => subscriber));
    expect(subscribers).toEqual(new Set([1, 2]));
  });

  it('gives a deferred delivery again when its time has come, and not before', async () => {
    const store = await open();
    await prepareDigest(store, ['ann']);
    await store.ledger.settle(await claimOne(store), DEFERRED, at('09:01'), at('09:30'));
    expect(await claim(store, { now: at('09:29:59.999') })).toEqual([]);
    const again = await claimOne(store, { now: at('09:30') });
    expect(again).toMatchObject({ fence: 2, earlierAttempts: 1, firstClaimedAt: at('09:01') });
  });

  it('looks past deferred deliveries of an older digest that are not due yet', async () => {
    const store = await open();
    await prepareDigest(store, ['ann']);
    await store.digests.freeze(2, freezeRequest('two'));
    await store.ledger.settle(await claimOne(store), DEFERRED, at('09:01'), at('10:00'));
    await store.ledger.settle(await claimOne(store), DEFERRED, at('09:01'), at('09:20'));
    expect(await claim(store, { now: at('09:30') })).toMatchObject([{ digest: 2 }]);
  });

  it('keeps the first claim’s time through every later one', async () => {
    const store = await open();
    await prepareDigest(store, ['ann']);
    for (const [minute, fence] of [
      ['09:01', 1],
      ['09:02', 2],
      ['09:03', 3],
    ] as const) {
      const claimed = await claimOne(store, { now: at(minute) });
      expect(claimed).toMatchObject({ fence, firstClaimedAt: at('09:01') });
      await store.ledger.unclaim([claimed], at(minute));
    }
  });

  it('cuts the first claim’s time as the database keeps it, so that each copy has the same', async () => {
    const store = await open();
    await prepareDigest(store, ['ann']);
    const first = await claimOne(store, { now: at('09:01:00.123456789') });
    await store.ledger.unclaim([first], at('09:01:01'));
    const second = await claimOne(store, { now: at('09:02') });
    expect(second.firstClaimedAt).toEqual(first.firstClaimedAt);
  });

  it.each([
    ['retry', 1],
    ['skip', 0],
    ['ask', 0],
  ] as const)('under `%s` gives %i of one in doubt', async (inDoubt, given) => {
    const store = await open();
    await prepareDigest(store, ['ann']);
    const first = await claimOne(store);
    await store.ledger.mark(first, at('09:01'));
    await store.ledger.settle(first, IN_DOUBT, at('09:02'), at('09:02'));
    const nextDue = await store.ledger.nextDue(inDoubt);
    expect(nextDue === null).toBe(given === 0);
    const claims = await claim(store, { now: at('09:02'), inDoubt });
    expect(claims).toHaveLength(given);
    expect(await claim(store, { worker: 'second', now: at('09:02'), inDoubt })).toEqual([]);
  });

  it('offers one in doubt no more when its retry time ran out', async () => {
    const store = await open();
    await prepareDigest(store, ['ann']);
    const first = await claimOne(store);
    await store.ledger.mark(first, at('09:01'));
    await store.ledger.settle(first, IN_DOUBT, at('09:02'), null);
    expect(await store.ledger.nextDue('retry')).toBeNull();
    expect(await claim(store, { now: at('23:59'), inDoubt: 'retry' })).toEqual([]);
  });

  it('waits with one in doubt until the time it was given', async () => {
    const store = await open();
    await prepareDigest(store, ['ann']);
    await store.ledger.settle(await claimOne(store), IN_DOUBT, at('09:02'), at('10:00'));
    expect(await claim(store, { now: at('09:59') })).toEqual([]);
    expect(await claim(store, { now: at('10:00') })).toHaveLength(1);
  });

  it('withdraws those who left after the freeze, and fills the claim with others', async () => {
    const store = await open();
    await prepareDigest(store, ['ann', 'bob', 'cem', 'dee']);
    const held = await claim(store, { limit: 2 });
    await store.subscribers.unsubscribe(1, 'one-click', at('09:01'));
    await store.subscribers.suppress(newcomer('bob').address, 'complaint', at('09:01'));
    // They were held while they left: nothing was withdrawn yet.
    await store.ledger.unclaim(held, at('09:01'));
    const claims = await claim(store, { limit: 1 });
    expect(claims).toMatchObject([{ address: 'cem@example.org' }]);
    expect(await store.ledger.counts(1)).toEqual(counts({ withdrawn: 2, claimed: 1, due: 1 }));
  });

  it('leaves one in doubt in doubt when its subscriber left, and offers it no more', async () => {
    const store = await open();
    await prepareDigest(store, ['ann']);
    await store.ledger.settle(await claimOne(store), IN_DOUBT, at('09:02'), at('09:02'));
    await store.subscribers.unsubscribe(1, 'one-click', at('09:03'));
    expect(await claim(store, { now: at('09:04') })).toEqual([]);
    expect(await store.ledger.counts(1)).toEqual(counts({ 'in-doubt': 1 }));
    expect(await store.ledger.nextDue('retry')).toBeNull();
  });

  it('gives nothing during a pause, and again after it', async () => {
    const store = await open();
    await prepareDigest(store, ['ann', 'bob']);
    const scope = EVERYTHING;
    const pause = { scope, reason: '535 login refused', hint: 'Check the password.', since: at('09:00') };
    await store.ledger.setPause({ ...pause, until: null });
    expect(await claim(store)).toEqual([]);
    await store.ledger.setPause({ ...pause, until: at('09:30') });
    expect(await claim(store, { now: at('09:29') })).toEqual([]);
    expect(await claim(store, { now: at('09:30'), limit: 1 })).toHaveLength(1);
    await store.ledger.setPause({ ...pause, until: null });
    await store.ledger.endPause(EVERYTHING);
    expect(await claim(store)).toHaveLength(1);
  });

  it('gives nothing for an account that another worker paused, and the rest to the others', async () => {
    const store = await open();
    await prepareDigest(store, ['ann', 'bob']);
    const scope = { kind: 'account', account: 'main' } as const;
    const pause = { scope, reason: '535 login refused', hint: 'Check it.', since: at('09:00') };
    await store.ledger.setPause({ ...pause, until: at('09:30') });
    expect(await claim(store, { account: 'main' })).toEqual([]);
    expect(await claim(store, { account: 'other', limit: 1 })).toHaveLength(1);
    expect(await claim(store, { account: 'main', now: at('09:30') })).toHaveLength(1);
  });

  it('gives nothing of a digest that is paused, but of the others', async () => {
    const store = await open();
    await prepareDigest(store, ['ann']);
    await store.digests.freeze(2, freezeRequest('two'));
    const scope = { kind: 'digest', digest: 1 } as const;
    const pause = { scope, reason: 'a person said so', hint: 'resume it', since: at('09:00') };
    await store.ledger.setPause({ ...pause, until: null });
    expect((await claim(store)).map(({ digest }) => digest)).toEqual([2]);
    expect(await store.ledger.nextDue('retry')).toBeNull();
    await store.ledger.setPause({ ...pause, until: at('09:30') });
    expect((await store.ledger.nextDue('retry'))?.toString()).toBe(at('09:30').toString());
    expect(await claim(store, { now: at('09:29') })).toEqual([]);
    expect((await claim(store, { now: at('09:30') })).map(({ digest }) => digest)).toEqual([1]);
  });

  it('refuses a worker that was never enlisted', async () => {
    const store = await open();
    await prepareDigest(store, ['ann']);
    await expect(claim(store, { worker: 'stranger' })).rejects.toThrow(/never enlisted/);
    expect(await store.ledger.counts(1)).toEqual(counts({ due: 1 }));
  });

  it('names the workers that hold claims, with their leases', async () => {
    const store = await open();
    await prepareDigest(store, ['ann', 'bob']);
    await store.ledger.enlist(worker('first'), at('08:30'));
    expect(await store.ledger.claimants()).toEqual([]);
    const held = await claimOne(store, { leaseUntil: at('09:06') });
    const second = await claimOne(store, { worker: 'second', leaseUntil: at('09:07') });
    expect(await store.ledger.claimants()).toEqual([
      { worker: worker('first'), leaseUntil: at('09:06') },
      { worker: worker('second'), leaseUntil: at('09:07') },
    ]);
    await store.ledger.mark(second, at('09:01'));
    await store.ledger.settle(held, ACCEPTED, at('09:01'), null);
    expect(await store.ledger.claimants()).toMatchObject([{ worker: { id: 'second' } }]);
  });

  it('puts off a lease and never shortens it', async () => {
    const store = await open();
    await prepareDigest(store, ['ann']);
    await claimOne(store, { leaseUntil: at('09:06') });
    await store.ledger.renew('first', at('09:20'));
    await store.ledger.renew('first', at('09:10'));
    expect(await store.ledger.claimants()).toMatchObject([{ leaseUntil: at('09:20') }]);
  });

  it('gives claims back untouched', async () => {
    const store = await open();
    await prepareDigest(store, ['ann', 'bob']);
    const held = await claim(store);
    await store.ledger.unclaim(held, at('09:02'));
    await store.ledger.unclaim(held, at('09:02'));
    expect(await store.ledger.counts(1)).toEqual(counts({ due: 2 }));
    expect(await claim(store, { worker: 'second' })).toMatchObject([
      { fence: 2, earlierAttempts: 0 },
      { fence: 2, earlierAttempts: 0 },
    ]);
    // The older holder's word counts no more.
    await store.ledger.unclaim(held, at('09:03'));
    expect(await store.ledger.counts(1)).toEqual(counts({ claimed: 2 }));
  });

  it('takes back from a dead worker: due before the mark, in doubt after it', async () => {
    const store = await open();
    await prepareDigest(store, ['ann', 'bob', 'cem']);
    const [, marked] = await claim(store, { limit: 2 });
    await claimOne(store, { worker: 'second' });
    expect(await store.ledger.mark(marked!, at('09:01'))).toBe(true);
    expect(await store.ledger.release('first', at('09:02'))).toEqual({ due: 1, inDoubt: 1 });
    expect(await store.ledger.release('first', at('09:02'))).toEqual({ due: 0, inDoubt: 0 });
    expect(await store.ledger.counts(1)).toEqual(counts({ due: 1, 'in-doubt': 1, claimed: 1 }));
    const [doubted] = await Array.fromAsync(store.ledger.deliveries(1, ['in-doubt']));
    expect(doubted).toMatchObject({ address: 'bob@example.org', attempts: 1 });
    expect(doubted?.reply).toMatch(/ended before the server answered/);
    expect(await store.ledger.claimants()).toMatchObject([{ worker: { id: 'second' } }]);
  });

  it('gives one that was in doubt back to doubt, so that another policy still holds', async () => {
    const store = await open();
    await prepareDigest(store, ['ann']);
    await store.ledger.settle(await claimOne(store), IN_DOUBT, at('09:02'), at('09:02'));
    const again = await claimOne(store, { now: at('09:03') });
    expect(await store.ledger.release('first', at('09:04'))).toEqual({ due: 0, inDoubt: 1 });
    expect(again.fence).toBe(2);
    expect(await claim(store, { now: at('09:05'), inDoubt: 'skip' })).toEqual([]);
    expect(await claim(store, { now: at('09:05'), inDoubt: 'retry' })).toHaveLength(1);
  });
}
