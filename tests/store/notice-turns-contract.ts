/** Turns of notices: under the limits of digests, ahead of a digest, and never all of them. */
import { expect, it } from 'vitest';
import type { Account } from '../../src/domain/account.ts';
import type { NoticeTurn } from '../../src/domain/notice-box.ts';
import type { Store } from '../../src/domain/store.ts';
import { ACCOUNT } from '../app/delivery/delivering.ts';
import { type Database, openStoresOf } from './databases.ts';
import { address, at, freezeRequest, newcomer, prepareDigest } from './samples.ts';

const NOON = at('12:00');
const SECOND = 1_000_000;
/** A hundred in an hour. */
const SLOW: Account = { ...ACCOUNT, interval: 36 * SECOND };

const secondsOf = (time: Temporal.Instant): number => time.since(NOON).total('seconds');

async function takeTurn(
  store: Store,
  now: Temporal.Instant,
  accounts: readonly Account[] = [SLOW],
): Promise<NoticeTurn> {
  return await store.notices.takeTurn({ accounts, address: address('ann@example.org'), now });
}

async function prepare(store: Store, readers: number): Promise<void> {
  await prepareDigest(store, []);
  await store.subscribers.add(
    Array.from({ length: readers }, (_, index) => newcomer(`reader${index}`)),
    at('08:00'),
  );
  await store.digests.freeze(2, freezeRequest('two'));
}

/** What a digest with one free line gets at that time. */
async function shareOne(store: Store, now: Temporal.Instant): Promise<readonly number[]> {
  const shares = [{ account: SLOW, room: 1, served: 0, busy: {} }];
  const leaseUntil = now.add({ minutes: 15 });
  const { claims } = await store.ledger.share({
    worker: 'first',
    shares,
    now,
    leaseUntil,
    inDoubt: 'retry',
  });
  return claims.map(({ notBefore }) => secondsOf(notBefore));
}

export function noticeTurnsContract(database: Database): void {
  const { open } = openStoresOf(database);

  it('spaces notices as messages of a digest are, and lets them have every turn while there is none', async () => {
    const store = await open();
    const times: number[] = [];
    for (let now = NOON; times.length < 5; now = now.add({ seconds: 1 })) {
      const turn = await takeTurn(store, now);
      if (turn.kind === 'now') times.push(secondsOf(turn.notBefore));
    }
    expect(times).toEqual([0, 36, 72, 108, 144]);
  });

  it('goes ahead of a digest whose lines take each turn at once, with every other turn', async () => {
    const store = await open();
    await prepare(store, 12);
    const sent: { readonly what: string; readonly at: number }[] = [];
    let waiting = 4;
    for (let step = 0; sent.length < 12; step += 1) {
      const now = NOON.add({ milliseconds: 500 * step });
      for (const time of await shareOne(store, now)) sent.push({ what: 'digest', at: time });
      if (waiting === 0 || step % 4 !== 1) continue;
      const turn = await takeTurn(store, now);
      if (turn.kind !== 'now') continue;
      sent.push({ what: 'notice', at: secondsOf(turn.notBefore) });
      waiting -= 1;
    }
    const gaps = sent.slice(1).map((one, index) => one.at - (sent[index]?.at ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(36);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(39);
    expect(sent.map(({ what }) => what).slice(0, 9)).toEqual([
      'digest',
      'notice',
      'digest',
      'notice',
      'digest',
      'notice',
      'digest',
      'notice',
      'digest',
    ]);
  });

  it('keeps no turn for a notice that never comes', async () => {
    const store = await open();
    await prepare(store, 3);
    expect(await shareOne(store, NOON)).toEqual([0]);
    expect(await takeTurn(store, NOON.add({ seconds: 1 }))).toMatchObject({ kind: 'later' });
    expect(await shareOne(store, NOON.add({ seconds: 38 }))).toEqual([]);
    expect(await shareOne(store, NOON.add({ seconds: 39 }))).toEqual([39]);
    expect(await shareOne(store, NOON.add({ seconds: 75 }))).toEqual([75]);
  });

  it('takes the account that has a turn, counts for its domain, and needs no count where nothing is limited', async () => {
    const store = await open();
    const domains = { 'example.org': { interval: 60 * SECOND, connections: null } };
    const strict = { ...ACCOUNT, name: 'strict', domains };
    const free = { ...ACCOUNT, name: 'free' };
    expect(await takeTurn(store, NOON, [strict])).toMatchObject({ kind: 'now', account: 'strict' });
    const later = await takeTurn(store, NOON, [strict]);
    expect(later).toMatchObject({ kind: 'later', because: 'domain' });
    expect(later.kind === 'later' && secondsOf(later.at)).toBe(60);
    for (let count = 0; count < 3; count += 1) {
      expect(await takeTurn(store, NOON, [strict, free])).toMatchObject({ kind: 'now', account: 'free' });
    }
  });

  it('tries a domain that is held with one message, once it is its time', async () => {
    const store = await open();
    const until = NOON.add({ minutes: 5 });
    await store.ledger.hold({ account: 'main', domain: 'example.org', until, times: 1 });
    const early = await takeTurn(store, NOON, [ACCOUNT]);
    expect(early.kind === 'later' && secondsOf(early.at)).toBe(300);
    expect(await takeTurn(store, until, [ACCOUNT])).toMatchObject({ kind: 'now', isTry: true });
    expect(await takeTurn(store, until, [ACCOUNT])).toMatchObject({ kind: 'later', because: 'domain' });
    await store.ledger.endHold({ account: 'main', domain: 'example.org' }, until);
    expect(await takeTurn(store, until, [ACCOUNT])).toMatchObject({ kind: 'now', isTry: false });
  });
}
