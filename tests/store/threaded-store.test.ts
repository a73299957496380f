/** A store written in a thread keeps the same contract, and leaves the calling thread free meanwhile. */
import { mkdir, rm } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { OperatorError } from '../../src/domain/operator-error.ts';
import { openThreadedStore } from '../../src/store/threaded-store.ts';
import { claimContract } from './claim-contract.ts';
import { DATABASES, type Database, openStoresOf } from './databases.ts';
import { ACCEPTED, at, claimOne, counts, freezeRequest, newcomer, prepareDigest, worker } from './samples.ts';
import { settleContract } from './settle-contract.ts';

const [sqlite] = DATABASES;
if (!sqlite) throw new Error('SQLite is always there');
const THREADED: Database = { ...sqlite, open: openThreadedStore };

describe('written in a thread', () => {
  describe('claiming', () => {
    claimContract(THREADED);
  });
  describe('marking and settling', () => {
    settleContract(THREADED);
  });

  const { open, makeLocation, openAt } = openStoresOf(THREADED);

  it('lets the calling thread go on while it freezes', async () => {
    const store = await open();
    await store.series.open('weekly', at('08:00'), []);
    await store.subscribers.add(
      Array.from({ length: 20_000 }, (_, index) => newcomer(`reader${index}`)),
      at('08:00'),
    );
    let turns = 0;
    const takeTurn = (): void => {
      turns += 1;
      turn = setImmediate(takeTurn);
    };
    let turn = setImmediate(takeTurn);
    const frozen = await store.digests.freeze(1, freezeRequest('one'));
    clearImmediate(turn);
    expect(frozen).toMatchObject({ kind: 'frozen', deliveries: 20_000 });
    // A freeze in this thread would have taken it whole: two or three turns.
    expect(turns).toBeGreaterThan(100);
  });

  it('stops a message by an unsubscribe that was answered, whichever thread answered it', async () => {
    const store = await open();
    await prepareDigest(store, ['ann', 'bob']);
    const held = await claimOne(store);
    await store.subscribers.unsubscribe(1, 'one-click', at('09:01'));
    expect(await store.ledger.mark(held, at('09:01'))).toBe(false);
    expect(await store.ledger.counts(1)).toEqual(counts({ withdrawn: 1, due: 1 }));
  });

  it('makes what it was told durable before it closes', async () => {
    const location = await makeLocation();
    const store = await openThreadedStore({ location, now: at('08:00') });
    await prepareDigest(store, ['ann']);
    const held = await claimOne(store);
    const words = [
      store.ledger.mark(held, at('09:01')),
      store.ledger.settle(held, ACCEPTED, at('09:02'), null),
    ];
    await store.close();
    await Promise.all(words);
    expect(await (await openAt(location)).ledger.counts(1)).toEqual(counts({ accepted: 1 }));
  });

  it('answers whoever asked before it closes, also for what takes long', async () => {
    const location = await makeLocation();
    const store = await openThreadedStore({ location, now: at('08:00') });
    await store.series.open('weekly', at('08:00'), []);
    const names = Array.from({ length: 3000 }, (_, index) => newcomer(`reader${index}`));
    await store.subscribers.add(names, at('08:00'));
    const asked = [
      store.digests.freeze(1, freezeRequest('one')),
      store.ledger.enlist(worker('first'), at('09:00')),
    ];
    await store.close();
    expect(await Promise.all(asked)).toEqual([{ kind: 'frozen', number: 1, deliveries: 3000 }, undefined]);
  });

  it('hands on what a person can put right', async () => {
    const location = await makeLocation();
    const store = await openAt(location);
    // The thread opens the file for itself, at the first call that needs it.
    for (const suffix of ['', '-wal', '-shm']) await rm(location + suffix, { force: true });
    await mkdir(location);
    await expect(store.ledger.enlist(worker('first'), at('08:00'))).rejects.toBeInstanceOf(OperatorError);
  });
});
