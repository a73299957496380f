/** PostgreSQL restarts, ends sessions, turns read-only; lines are lost at the worst moment: workers wait and go on, and the promise holds. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Claim } from '../../src/domain/delivery.ts';
import { OperatorError } from '../../src/domain/operator-error.ts';
import { EVERYTHING } from '../../src/domain/pause.ts';
import type { Store } from '../../src/domain/store.ts';
import { openPostgres, type PostgresOptions } from '../../src/store/open-postgres.ts';
import { openStoreOn } from '../../src/store/open-store.ts';
import {
  ACCEPTED,
  address,
  at,
  claim,
  claimOne,
  counts,
  DEFERRED,
  freezeRequest,
  newcomer,
  prepareDigest,
  worker,
} from '../store/samples.ts';
import '../store/compare-instants.ts';
import { type Fault, type LossyProxy, openLossyProxy } from './lossy-proxy.ts';
import { useCluster } from './postgres-cluster.ts';

const cluster = useCluster();
let undo: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of undo.toReversed()) await step();
  undo = [];
});

async function open(url: string, options: PostgresOptions = {}): Promise<Store> {
  const store = await openStoreOn(await openPostgres(url, options), at('08:00'));
  undo.push(() => store.close());
  return store;
}

async function openEmpty(options: PostgresOptions = {}) {
  const name = await cluster.makeDatabase();
  return { name, store: await open(cluster.url(name), options) };
}

/** A store behind a bad network, and the same store seen without it. */
async function openLossy(): Promise<{ proxy: LossyProxy; store: Store; seen: Store }> {
  const proxy = await openLossyProxy(cluster.port());
  undo.push(() => proxy.close());
  const { name, store: seen } = await openEmpty();
  const url = cluster.url(name).replace(`:${cluster.port()}/`, `:${proxy.port}/`);
  return { proxy, seen, store: await open(url, { lookEvery: 300 }) };
}

const FAULTS: readonly Fault[] = ['unheard', 'unsent', 'silent'];

describe.each(FAULTS)('a COMMIT that goes %s', (fault) => {
  it('leaves no claim that nobody knows of', async () => {
    const { proxy, store, seen } = await openLossy();
    await prepareDigest(seen, ['ann', 'bob', 'cem', 'dora']);
    const first = await claim(store, { limit: 1 });
    proxy.failNext(fault);
    const second = await claim(store, { limit: 2 });
    expect(proxy.failures()).toBe(1);
    expect([...first, ...second].map(({ subscriber }) => subscriber)).toEqual([1, 2, 3]);
    expect(await seen.ledger.counts(1)).toEqual(counts({ claimed: 3, due: 1 }));
    // Every claim that was given is one that may be marked.
    for (const held of [...first, ...second]) expect(await store.ledger.mark(held, at('09:02'))).toBe(true);
  });

  it('answers a mark with yes, and settles once', async () => {
    const { proxy, store, seen } = await openLossy();
    await prepareDigest(seen, ['ann', 'bob']);
    const [ann, bob] = (await claim(store)) as [Claim, Claim];
    proxy.failNext(fault);
    expect(await store.ledger.mark(ann, at('09:02'))).toBe(true);
    expect(await seen.ledger.counts(1)).toEqual(counts({ 'handing-over': 1, claimed: 1 }));
    proxy.failNext(fault);
    const words = [
      store.ledger.settle(ann, ACCEPTED, at('09:03'), null),
      store.ledger.mark(bob, at('09:03')),
    ];
    expect(await Promise.all(words)).toEqual([undefined, true]);
    proxy.failNext(fault);
    await store.ledger.settle(bob, DEFERRED, at('09:03'), at('09:30'));
    expect(proxy.failures()).toBe(3);
    expect(await seen.ledger.counts(1)).toEqual(counts({ accepted: 1, deferred: 1 }));
    const views = await Array.fromAsync(seen.ledger.deliveries(1));
    expect(views.map(({ attempts }) => attempts)).toEqual([1, 1]);
  });

  it('freezes one digest, and says that the slot has it', async () => {
    const { proxy, store, seen } = await openLossy();
    await prepareDigest(seen, ['ann', 'bob']);
    proxy.failNext(fault);
    const result = await store.digests.freeze(2, freezeRequest('two'));
    expect(proxy.failures()).toBe(1);
    expect(result).toMatchObject(
      fault === 'unsent' ? { kind: 'frozen', number: 2 } : { kind: 'slot-taken', number: 2 },
    );
    expect(await seen.ledger.counts(2)).toEqual(counts({ due: 2 }));
    expect(await seen.digests.nextNumber()).toBe(3);
  });

  it('changes nothing twice: release, unclaim, pause, subscribers, slots', async () => {
    const { proxy, store, seen } = await openLossy();
    await prepareDigest(seen, ['ann', 'bob', 'cem']);
    const asked = async (verb: () => Promise<unknown>): Promise<void> => {
      proxy.failNext(fault);
      await verb();
    };
    const held = await claim(store);
    await store.ledger.mark(held[0] as Claim, at('09:02'));
    await asked(() => store.ledger.unclaim([held[1] as Claim], at('09:03')));
    await asked(() => store.ledger.release('first', at('09:03')));
    expect(await seen.ledger.counts(1)).toEqual(counts({ 'in-doubt': 1, due: 2 }));
    await asked(() => store.ledger.enlist(worker('third'), at('09:03')));
    await asked(() => store.ledger.renew('third', at('09:30')));
    const pause = { scope: EVERYTHING, reason: 'policy', hint: 'ask', since: at('09:03'), until: null };
    await asked(() => store.ledger.setPause(pause));
    expect((await seen.ledger.pauses()).map(({ reason }) => reason)).toEqual(['policy']);
    await asked(() => store.subscribers.add([newcomer('dora')], at('09:03')));
    await asked(() => store.subscribers.unsubscribe(2, 'one-click', at('09:03')));
    await asked(() => store.subscribers.suppress(address('cem@example.org'), 'bounced', at('09:03')));
    expect(await seen.subscribers.counts()).toEqual({
      active: 2,
      pending: 0,
      unsubscribed: 1,
      suppressed: 1,
    });
    const slots = [{ series: 'weekly', name: 'weekly soon', dueAt: at('10:00') }];
    await asked(() => store.series.recordSlots('weekly', slots, at('10:00')));
    await asked(() => store.series.decideSlot('weekly soon', 'missed', at('10:00')));
    expect(await seen.series.slots({ state: 'missed' })).toHaveLength(1);
    expect(proxy.failures()).toBe(10);
  });
});

/** Delivers to everybody on three connections, as `deliver` does; gives the subscribers whose dot left, in order. */
async function handOverAll(store: Store, id: string, isDone: () => boolean): Promise<readonly number[]> {
  const dots: number[] = [];
  await store.ledger.enlist(worker(id), at('08:00'));
  const line = async (): Promise<void> => {
    while (!isDone()) {
      for (const held of await claim(store, { worker: id, limit: 3 })) {
        if (!(await store.ledger.mark(held, at('09:02')))) continue;
        dots.push(held.subscriber);
        await store.ledger.settle(held, ACCEPTED, at('09:03'), null);
      }
    }
  };
  await Promise.all([line(), line(), line()]);
  return dots;
}

const READERS = 1500;

/** Two workers deliver to all readers while `disturb` is called again and again. */
async function deliverUnder(disturb: (name: string) => Promise<unknown>): Promise<readonly number[]> {
  const { name, store } = await openEmpty();
  const other = await open(cluster.url(name));
  await prepareDigest(
    store,
    Array.from({ length: READERS }, (_, index) => `reader${index}`),
  );
  let isDone = false;
  const dots = [handOverAll(store, 'first', () => isDone), handOverAll(other, 'second', () => isDone)];
  while ((await store.ledger.counts(1)).accepted < READERS) await disturb(name);
  isDone = true;
  const left = (await Promise.all(dots)).flat();
  expect(await store.ledger.counts(1)).toEqual(counts({ accepted: READERS }));
  return left.toSorted((a, b) => a - b);
}

/** Nobody missed, nobody twice: the programs lived, so not even a doubt is allowed. */
const EACH_ONCE = Array.from({ length: READERS }, (_, index) => index + 1);

const moment = async (): Promise<void> =>
  await new Promise((resolve) => void setTimeout(resolve, Math.random() * 60));

describe('workers wait and go on', () => {
  it('when the server ends their sessions', async () => {
    const dots = await deliverUnder(async (name) => {
      await moment();
      await cluster.ask(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}' and random() < 0.6`,
      );
    });
    expect(dots).toEqual(EACH_ONCE);
  });

  it('when the server restarts, cleanly and by a crash', async () => {
    let restarts = 0;
    const dots = await deliverUnder(async () => {
      await moment();
      if (restarts >= 4) return;
      restarts += 1;
      await cluster.stop(restarts % 2 === 0 ? 'fast' : 'immediate');
      await moment();
      await cluster.start();
    });
    expect(dots).toEqual(EACH_ONCE);
    expect(restarts).toBeGreaterThan(1);
  });

  it('when the server is read-only for a while, as after a failover', async () => {
    let changes = 0;
    const set = async (value: string): Promise<void> => {
      await cluster.ask(`alter system set default_transaction_read_only = ${value}`);
      await cluster.ask('select pg_reload_conf()');
    };
    undo.push(() => set('off'));
    const dots = await deliverUnder(async () => {
      await moment();
      if (changes >= 3) return;
      changes += 1;
      await set('on');
      await moment();
      await set('off');
    });
    expect(dots).toEqual(EACH_ONCE);
    expect(changes).toBeGreaterThan(1);
  });
});

describe('a server that stays away', () => {
  it('stops the sending; what a mail server answered meanwhile is recorded when it is back', async () => {
    const { store } = await openEmpty({ patience: 200 });
    await prepareDigest(store, ['ann', 'bob', 'cem']);
    const ann = await claimOne(store);
    const bob = await claimOne(store);
    expect(await store.ledger.mark(ann, at('09:02'))).toBe(true);
    await cluster.stop('fast');
    try {
      await expect(store.ledger.settle(ann, ACCEPTED, at('09:03'), null)).rejects.toThrow(OperatorError);
      await expect(store.ledger.mark(bob, at('09:03'))).rejects.toThrow(/cannot be reached/);
      await expect(claim(store)).rejects.toThrow(OperatorError);
      await expect(store.ledger.counts(1)).rejects.toThrow(OperatorError);
    } finally {
      await cluster.start();
    }
    await claim(store, { limit: 1 });
    expect(await store.ledger.counts(1)).toEqual(counts({ accepted: 1, claimed: 2 }));
    expect(await store.ledger.mark(bob, at('09:05'))).toBe(true);
  });
});
