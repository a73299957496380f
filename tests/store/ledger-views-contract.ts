/** What people and the scheduler are told about the ledger. */
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
  newcomer,
  prepareDigest,
} from './samples.ts';

export function ledgerViewContract(database: Database): void {
  const { open } = openStoresOf(database);

  it('has all nine counts, also for a digest that never was', async () => {
    const store = await open();
    expect(await store.ledger.counts(7)).toEqual(counts({}));
  });

  it('tells when the next delivery is due', async () => {
    const store = await open();
    expect(await store.ledger.nextDue('retry')).toBeNull();
    await prepareDigest(store, ['ann', 'bob']);
    const now = (await store.ledger.nextDue('retry'))?.epochMilliseconds ?? Number.NaN;
    expect(now).toBeLessThanOrEqual(at('09:00').epochMilliseconds);
    const [ann, bob] = await claim(store);
    expect(await store.ledger.nextDue('retry')).toBeNull();
    await store.ledger.settle(ann!, DEFERRED, at('09:02'), at('10:00'));
    await store.ledger.settle(bob!, DEFERRED, at('09:02'), at('09:40'));
    expect(await store.ledger.nextDue('retry')).toEqual(at('09:40'));
    await store.ledger.settle(await claimOne(store, { now: at('09:40') }), ACCEPTED, at('09:41'), null);
    expect(await store.ledger.nextDue('skip')).toEqual(at('10:00'));
  });

  it('looks for the next delivery in every open digest', async () => {
    const store = await open();
    await prepareDigest(store, ['ann']);
    await store.digests.freeze(2, freezeRequest('two'));
    const [old, recent] = await claim(store);
    await store.ledger.settle(old!, DEFERRED, at('09:02'), at('11:00'));
    await store.ledger.settle(recent!, DEFERRED, at('09:02'), at('10:00'));
    expect(await store.ledger.nextDue('retry')).toEqual(at('10:00'));
  });

  it('streams deliveries in order of subscriber, over many pages, by state', async () => {
    const store = await open();
    const names = Array.from({ length: 1203 }, (_, index) => `reader${index}`);
    await prepareDigest(store, names);
    const held = await claim(store, { limit: 3 });
    await store.ledger.settle(held[1]!, ACCEPTED, at('09:02'), null);
    const all = await Array.fromAsync(store.ledger.deliveries(1), (delivery) => delivery.address);
    expect(all).toEqual(names.map((name) => `${name}@example.org`));
    const due = await Array.fromAsync(store.ledger.deliveries(1, ['due']));
    expect(due).toHaveLength(1200);
    const some = await Array.fromAsync(store.ledger.deliveries(1, ['accepted', 'claimed']));
    expect(some.map(({ state }) => state)).toEqual(['claimed', 'accepted', 'claimed']);
    expect(await Array.fromAsync(store.ledger.deliveries(1, []))).toEqual([]);
    expect(await Array.fromAsync(store.ledger.deliveries(2))).toEqual([]);
  });

  it('lets others write while a stream is read', async () => {
    const store = await open();
    await prepareDigest(
      store,
      Array.from({ length: 600 }, (_, index) => `reader${index}`),
    );
    let seen = 0;
    for await (const delivery of store.ledger.deliveries(1)) {
      expect(delivery.digest).toBe(1);
      seen += 1;
      if (seen % 100 === 1) await claimOne(store);
    }
    expect(seen).toBe(600);
  });

  it('tells what a subscriber was sent, newest digest first', async () => {
    const store = await open();
    await prepareDigest(store, ['ann', 'bob']);
    await store.digests.freeze(2, freezeRequest('two'));
    await store.ledger.settle(await claimOne(store), ACCEPTED, at('09:02'), null);
    expect(await store.ledger.deliveriesOf(1)).toMatchObject([
      { digest: 2, state: 'due', reply: null, attempts: 0 },
      { digest: 1, state: 'accepted', reply: ACCEPTED.reply, attempts: 1 },
    ]);
    expect(await store.ledger.deliveriesOf(99)).toEqual([]);
  });

  it('keeps one pause for each scope, and forgets it', async () => {
    const store = await open();
    expect(await store.ledger.pauses()).toEqual([]);
    const all = { scope: EVERYTHING, reason: '535', hint: 'Check it.', since: at('09:00'), until: null };
    const account = { ...all, scope: { kind: 'account', account: 'main relay' } as const };
    await store.ledger.setPause(all);
    await store.ledger.setPause({ ...all, until: at('10:00') });
    await store.ledger.setPause(account);
    expect(await store.ledger.pauses()).toEqual([account, { ...all, until: at('10:00') }]);
    const [, kept] = await store.ledger.pauses();
    expect(String(kept?.until)).toBe(at('10:00').toString());
    expect([await store.ledger.endPause(EVERYTHING), await store.ledger.endPause(EVERYTHING)]).toEqual([
      true,
      false,
    ]);
    expect(await store.ledger.pauses()).toEqual([account]);
  });

  it('counts a digest’s audience whole, whoever came after the freeze', async () => {
    const store = await open();
    await prepareDigest(store, ['ann', 'bob']);
    await store.subscribers.add([newcomer('cem')], at('09:30'));
    expect(await store.ledger.counts(1)).toEqual(counts({ due: 2 }));
  });

  it('counts slice by slice, and adds up whatever changes meanwhile', async () => {
    const store = await open();
    const names = Array.from({ length: 21_000 }, (_, index) => `reader${index}`);
    await prepareDigest(store, names);
    const held = await claim(store, { limit: 40 });
    const settling = held.map(async (each) => {
      await store.ledger.mark(each, at('09:02'));
      await store.ledger.settle(each, ACCEPTED, at('09:03'), null);
    });
    const sums = await Promise.all([1, 2, 3].map(() => store.ledger.counts(1)));
    for (const sum of sums) expect(Object.values(sum).reduce((a, b) => a + b)).toBe(names.length);
    await Promise.all(settling);
    expect(await store.ledger.counts(1)).toEqual(counts({ accepted: 40, due: names.length - 40 }));
  });
}
