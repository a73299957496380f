/** The promise: the mark, the outcome, and what an older holder says. */
import { expect, it } from 'vitest';
import type { Copy } from '../../src/domain/message.ts';
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
  NO_MAILBOX,
  newcomer,
  prepareDigest,
} from './samples.ts';

const COPY: Copy = {
  address: newcomer('ann').address,
  name: 'Ann',
  linkKey: 7,
  seal: { fields: 'DKIM-Signature: v=1\r\n', bodyHash: 'body', headHash: 'head' },
};

export function settleContract(database: Database): void {
  const { open, openTwo } = openStoresOf(database);

  it('marks what is held, and says so again when asked again', async () => {
    const store = await open();
    await prepareDigest(store, ['ann']);
    const held = await claimOne(store);
    expect(await store.ledger.mark(held, at('09:01'))).toBe(true);
    expect(await store.ledger.mark(held, at('09:01'))).toBe(true);
    expect(await store.ledger.counts(1)).toEqual(counts({ 'handing-over': 1 }));
  });

  it.each([DEFERRED, IN_DOUBT])(
    'keeps what the first mark fixed of a message, whatever comes later: $kind',
    async (outcome) => {
      const store = await open();
      await prepareDigest(store, ['ann']);
      const first = await claimOne(store);
      expect(first.copy).toBeNull();
      await store.ledger.mark(first, at('09:01'), COPY);
      await store.ledger.settle(first, outcome, at('09:02'), at('09:03'));
      const second = await claimOne(store, { now: at('09:03') });
      expect(second.copy).toEqual(COPY);
      await store.ledger.mark(second, at('09:04'), {
        ...COPY,
        name: 'Ann the Second',
        linkKey: 8,
        seal: null,
      });
      await store.ledger.settle(second, outcome, at('09:05'), at('09:06'));
      expect((await claimOne(store, { now: at('09:06') })).copy).toEqual(COPY);
    },
  );

  it('keeps what was fixed of a message that was not signed', async () => {
    const store = await open();
    await prepareDigest(store, ['ann']);
    const held = await claimOne(store);
    await store.ledger.mark(held, at('09:01'), { ...COPY, seal: null });
    await store.ledger.release('first', at('09:02'));
    expect((await claimOne(store, { now: at('09:03') })).copy).toEqual({ ...COPY, seal: null });
  });

  it('refuses the mark to a worker that was overtaken', async () => {
    const [one, other] = await openTwo();
    await prepareDigest(one, ['ann']);
    const slept = await claimOne(one);
    await other.ledger.release('first', at('09:10'));
    expect(await one.ledger.mark(slept, at('09:10'))).toBe(false);
    expect(await one.ledger.counts(1)).toEqual(counts({ due: 1 }));
    const taken = await claimOne(other, { worker: 'second', now: at('09:10') });
    expect(await one.ledger.mark(slept, at('09:11'))).toBe(false);
    expect(await other.ledger.mark(taken, at('09:11'))).toBe(true);
    expect(await one.ledger.mark(slept, at('09:11'))).toBe(false);
    expect(await one.ledger.counts(1)).toEqual(counts({ 'handing-over': 1 }));
  });

  it.each(['unsubscribe', 'suppress'] as const)(
    'refuses the mark once an %s was answered, and withdraws',
    async (way) => {
      const [one, other] = await openTwo();
      await prepareDigest(one, ['ann', 'bob']);
      const held = await claimOne(one);
      if (way === 'unsubscribe') await other.subscribers.unsubscribe(1, 'one-click', at('09:01'));
      else await other.subscribers.suppress(newcomer('ann').address, 'complaint', at('09:01'));
      expect(await one.ledger.mark(held, at('09:01'))).toBe(false);
      expect(await one.ledger.mark(held, at('09:01'))).toBe(false);
      expect(await one.ledger.counts(1)).toEqual(counts({ withdrawn: 1, due: 1 }));
      expect(await one.ledger.claimants()).toEqual([]);
    },
  );

  it('refuses the mark but keeps the doubt of one that was in doubt before its subscriber left', async () => {
    const store = await open();
    await prepareDigest(store, ['ann']);
    await store.ledger.settle(await claimOne(store), IN_DOUBT, at('09:02'), at('09:02'));
    const again = await claimOne(store, { now: at('09:03') });
    await store.subscribers.unsubscribe(1, 'one-click', at('09:03'));
    expect(await store.ledger.mark(again, at('09:04'))).toBe(false);
    expect(await store.ledger.counts(1)).toEqual(counts({ 'in-doubt': 1 }));
  });

  it.each([
    ['accepted', ACCEPTED, null],
    ['rejected', NO_MAILBOX, null],
    ['deferred', DEFERRED, at('09:30')],
    ['given-up', DEFERRED, null],
    ['in-doubt', IN_DOUBT, null],
  ] as const)('settles as %s, once, with the server’s words', async (state, outcome, next) => {
    const store = await open();
    await prepareDigest(store, ['ann']);
    const held = await claimOne(store);
    await store.ledger.mark(held, at('09:01'));
    await store.ledger.settle(held, outcome, at('09:02'), next);
    await store.ledger.settle(held, outcome, at('09:05'), next);
    expect(await Array.fromAsync(store.ledger.deliveries(1))).toEqual([
      {
        digest: 1,
        address: 'ann@example.org',
        state,
        reply: outcome.reply,
        attempts: 1,
        changedAt: at('09:02'),
      },
    ]);
    expect(await store.ledger.mark(held, at('09:06'))).toBe(false);
  });

  it('settles a refusal that came before the mark', async () => {
    const store = await open();
    await prepareDigest(store, ['ann']);
    await store.ledger.settle(await claimOne(store), DEFERRED, at('09:02'), at('09:30'));
    expect(await store.ledger.counts(1)).toEqual(counts({ deferred: 1 }));
  });

  it('does not believe an older holder', async () => {
    const [one, other] = await openTwo();
    await prepareDigest(one, ['ann']);
    const slept = await claimOne(one);
    await one.ledger.mark(slept, at('09:01'));
    await other.ledger.release('first', at('09:10'));
    await one.ledger.settle(slept, ACCEPTED, at('09:11'), null);
    expect(await one.ledger.counts(1)).toEqual(counts({ 'in-doubt': 1 }));
    const taken = await claimOne(other, { worker: 'second', now: at('09:12') });
    await one.ledger.settle(slept, ACCEPTED, at('09:13'), null);
    expect(await one.ledger.counts(1)).toEqual(counts({ claimed: 1 }));
    await other.ledger.settle(taken, DEFERRED, at('09:14'), at('09:30'));
    const [view] = await Array.fromAsync(one.ledger.deliveries(1));
    expect(view).toMatchObject({ state: 'deferred', attempts: 2, reply: DEFERRED.reply });
  });

  it('leaves the final states alone', async () => {
    const store = await open();
    await prepareDigest(store, ['ann']);
    const held = await claimOne(store);
    await store.ledger.settle(held, ACCEPTED, at('09:02'), null);
    await store.ledger.unclaim([held], at('09:03'));
    await store.ledger.release('first', at('09:03'));
    await store.subscribers.unsubscribe(1, 'one-click', at('09:03'));
    expect(await claim(store, { now: at('23:00') })).toEqual([]);
    expect(await store.ledger.counts(1)).toEqual(counts({ accepted: 1 }));
  });

  it('makes what a connection settled durable with or before its next mark, awaited or not', async () => {
    const [one, other] = await openTwo();
    await prepareDigest(one, ['ann', 'bob']);
    const [first, second] = await claim(one);
    await one.ledger.mark(first!, at('09:01'));
    const settled = one.ledger.settle(first!, ACCEPTED, at('09:02'), null);
    expect(await one.ledger.mark(second!, at('09:02'))).toBe(true);
    expect(await other.ledger.counts(1)).toEqual(counts({ accepted: 1, 'handing-over': 1 }));
    await settled;
  });

  it('finishes what was said before it closes', async () => {
    const [one, other] = await openTwo();
    await prepareDigest(one, ['ann']);
    const held = await claimOne(one);
    const settled = one.ledger.settle(held, ACCEPTED, at('09:02'), null);
    await one.close();
    await settled;
    expect(await other.ledger.counts(1)).toEqual(counts({ accepted: 1 }));
  });

  it('answers each of many connections for its own delivery', async () => {
    const store = await open();
    await prepareDigest(store, ['ann', 'bob', 'cem', 'dee']);
    const held = await claim(store);
    await store.subscribers.unsubscribe(2, 'one-click', at('09:01'));
    const stale = { ...held[3]!, fence: 99 };
    const words = [held[0]!, held[1]!, held[2]!, stale].map((one) => store.ledger.mark(one, at('09:01')));
    expect(await Promise.all(words)).toEqual([true, false, true, false]);
    expect(await store.ledger.counts(1)).toEqual(counts({ 'handing-over': 2, withdrawn: 1, claimed: 1 }));
  });

  it('suppresses an address that the server calls dead, everywhere and with its words', async () => {
    const store = await open();
    await prepareDigest(store, ['ann', 'bob']);
    await store.digests.freeze(2, freezeRequest('two'));
    await store.ledger.settle(await claimOne(store), NO_MAILBOX, at('09:02'), null);
    expect(await store.subscribers.byId(1)).toMatchObject({
      state: 'suppressed',
      endedAt: at('09:02'),
      endReason: NO_MAILBOX.reply,
    });
    expect(await store.ledger.counts(1)).toEqual(counts({ rejected: 1, due: 1 }));
    expect(await store.ledger.counts(2)).toEqual(counts({ withdrawn: 1, due: 1 }));
  });

  it.each([
    ['5.1.1', 'us'],
    ['5.7.1', 'subscriber'],
    ['5.2.2', 'subscriber'],
    ['5.10.1', 'subscriber'],
    [null, 'subscriber'],
  ] as const)('suppresses nobody for %s about %s', async (enhancedCode, scope) => {
    const store = await open();
    await prepareDigest(store, ['ann']);
    const outcome = { kind: 'rejected', reply: '550 no', scope, enhancedCode } as const;
    await store.ledger.settle(await claimOne(store), outcome, at('09:02'), null);
    expect(await store.subscribers.byId(1)).toMatchObject({ state: 'active' });
    expect(await store.ledger.counts(1)).toEqual(counts({ rejected: 1 }));
  });
}
