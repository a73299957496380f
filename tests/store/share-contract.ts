/** One queue for several accounts, under limits that all programs share. */
import { expect, it } from 'vitest';
import type { Account } from '../../src/domain/account.ts';
import { domainOf } from '../../src/domain/address.ts';
import type { Share, SharedClaim, SharedClaims } from '../../src/domain/share.ts';
import type { Store } from '../../src/domain/store.ts';
import { ACCOUNT } from '../app/delivery/delivering.ts';
import { type Database, openStoresOf } from './databases.ts';
import { ACCEPTED, address, at, counts, freezeRequest, newcomer, prepareDigest } from './samples.ts';

const NOON = at('12:00');
const SECOND = 1_000_000;

type Change = Partial<Account> & Partial<Omit<Share, 'account'>>;

function shareOf(name: string, { room = 4, served = 0, busy = {}, ...account }: Change = {}): Share {
  return { account: { ...ACCOUNT, name, ...account }, room, served, busy };
}

async function share(
  store: Store,
  shares: readonly Share[],
  now = NOON,
  worker = 'first',
): Promise<SharedClaims> {
  const leaseUntil = now.add({ minutes: 15 });
  return await store.ledger.share({ worker, shares, now, leaseUntil, inDoubt: 'retry' });
}

async function prepare(store: Store, addresses: readonly string[]): Promise<void> {
  await prepareDigest(store, []);
  await store.subscribers.add(
    addresses.map((text) => newcomer('x', { address: address(text) })),
    at('08:00'),
  );
  await store.digests.freeze(2, freezeRequest('two'));
}

const many = (count: number, domain: string): readonly string[] =>
  Array.from({ length: count }, (_, index) => `reader${index}@${domain}`);

const secondsAfter = (claims: readonly SharedClaim[]): readonly number[] =>
  claims.map(({ notBefore }) => notBefore.since(NOON).total('seconds'));

/** Asks again whenever something may go, settles what it got, until `until` or nothing is left. */
async function drain(
  store: Store,
  shares: readonly Share[],
  until: Temporal.Instant,
  start = NOON,
): Promise<{ readonly claims: readonly SharedClaim[]; readonly looks: number }> {
  const claims: SharedClaim[] = [];
  let now = start;
  let looks = 0;
  while (Temporal.Instant.compare(now, until) < 0) {
    const result = await share(store, shares, now);
    looks += 1;
    for (const { claim } of result.claims) await store.ledger.settle(claim, ACCEPTED, now, null);
    claims.push(...result.claims);
    if (result.claims.length > 0 && result.nextAt === null) continue;
    const next = result.nextAt ?? (await store.ledger.nextDue('retry'));
    if (next === null) break;
    if (Temporal.Instant.compare(next, now) > 0) now = next;
  }
  return { claims, looks };
}

export function shareContract(database: Database): void {
  const { open, openTwo } = openStoresOf(database);

  it('gives out by weight, and at once where there is no limit', async () => {
    const store = await open();
    await prepare(store, many(40, 'example.org'));
    const shares = [shareOf('big', { weight: 3, room: 40 }), shareOf('small', { room: 40 })];
    const { claims, nextAt, served } = await share(store, shares);
    expect(claims.filter(({ account }) => account === 'big')).toHaveLength(30);
    expect(served).toEqual({ big: 30, small: 10 });
    expect(nextAt).toBeNull();
    expect(new Set(secondsAfter(claims))).toEqual(new Set([0]));
    expect(await store.ledger.counts(2)).toEqual(counts({ claimed: 40 }));
  });

  it('gives no more than there is room, and waits for the one whose turn it is', async () => {
    const store = await open();
    await prepare(store, many(10, 'example.org'));
    const { claims } = await share(store, [
      shareOf('big', { weight: 9, room: 3 }),
      shareOf('small', { room: 4 }),
    ]);
    expect(claims.map(({ account }) => account)).toEqual(['big', 'big', 'big']);
    expect(await store.ledger.counts(2)).toEqual(counts({ claimed: 3, due: 7 }));
  });

  it('gives the share of a paused account to the others, and everything to nobody in a pause of all', async () => {
    const store = await open();
    await prepare(store, many(6, 'example.org'));
    const pause = { reason: 'refused', hint: 'ask', since: NOON, until: NOON.add({ minutes: 1 }) };
    await store.ledger.setPause({ ...pause, scope: { kind: 'account', account: 'big' } });
    const shares = [shareOf('big', { weight: 9 }), shareOf('small')];
    expect((await share(store, shares)).claims.map(({ account }) => account)).toEqual(Array(4).fill('small'));
    await store.ledger.setPause({ ...pause, scope: { kind: 'all' } });
    expect((await share(store, shares)).claims).toEqual([]);
  });

  it('spaces an account by its limit, for all workers together and after a restart', async () => {
    const [first, second] = await openTwo();
    await prepare(first, many(30, 'example.org'));
    const shares = [shareOf('main', { interval: SECOND })];
    const one = await share(first, shares);
    const other = await share(second, shares, NOON, 'second');
    expect([secondsAfter(one.claims), secondsAfter(other.claims)]).toEqual([[0], []]);
    expect(String(other.nextAt)).toBe(NOON.add({ seconds: 1 }).toString());
    const { claims } = await drain(second, shares, NOON.add({ seconds: 10 }));
    expect(secondsAfter(claims)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    // After a night without a program there is no burst.
    const morning = NOON.add({ hours: 12 });
    const rest = await drain(first, shares, morning.add({ seconds: 3 }), morning);
    expect(secondsAfter(rest.claims)).toEqual([43_200, 43_201, 43_202]);
  });

  it('warms an account up: so many on its first day, its second, then no limit', async () => {
    const store = await open();
    await prepare(store, many(40, 'example.org'));
    const shares = [shareOf('new', { warmUp: [4, 10] })];
    const { claims } = await drain(store, shares, NOON.add({ hours: 24 * 5 }));
    const days = claims.map(({ notBefore }) => Math.floor(notBefore.since(NOON).total('hours') / 24));
    expect([0, 1, 2].map((day) => days.filter((one) => one === day).length)).toEqual([4, 10, 26]);
  });

  it('lets a limited domain at the head of the list never stand in the way of the others', async () => {
    const store = await open();
    await prepare(store, [...many(900, 'slow.example'), ...many(20, 'example.org')]);
    const domains = { 'slow.example': { interval: SECOND, connections: null } };
    const shares = [shareOf('main', { domains, room: 40 })];
    const early = await drain(store, shares, NOON.add({ milliseconds: 500 }));
    const gone = early.claims.map(({ claim }) => domainOf(claim.address));
    expect(gone.filter((domain) => domain === 'example.org')).toHaveLength(20);
    expect(gone.filter((domain) => domain === 'slow.example')).toHaveLength(1);
    expect(await store.ledger.counts(2)).toEqual(counts({ accepted: 21, due: 899 }));
    const { claims, looks } = await drain(
      store,
      shares,
      NOON.add({ seconds: 100 }),
      NOON.add({ seconds: 1 }),
    );
    const times = secondsAfter(claims);
    expect(times.every((time, index) => index === 0 || time - (times[index - 1] ?? 0) >= 1)).toBe(true);
    expect(claims.length).toBeGreaterThan(90);
    // Nobody is looked at over and over: about one look for each that went.
    expect(looks).toBeLessThan(2.2 * claims.length);
  });

  it('lines up anew after a downtime, without a burst and with nobody left out', async () => {
    const store = await open();
    await prepare(store, many(60, 'slow.example'));
    const domains = { '*': { interval: SECOND, connections: null } };
    const shares = [shareOf('main', { domains, room: 40 })];
    await drain(store, shares, NOON.add({ seconds: 5 }));
    const later = NOON.add({ seconds: 30 });
    const { claims } = await drain(store, shares, later.add({ seconds: 300 }), later);
    const times = secondsAfter(claims).toSorted((one, other) => one - other);
    expect(times.every((time, index) => index === 0 || time - (times[index - 1] ?? 0) >= 1)).toBe(true);
    expect(await store.ledger.counts(2)).toEqual(counts({ accepted: 60 }));
  });

  it('lets no more connections carry mail to a domain than it may have', async () => {
    const store = await open();
    await prepare(store, [...many(5, 'few.example'), ...many(5, 'example.org')]);
    const domains = { 'few.example': { interval: 0, connections: 2 } };
    const { claims } = await share(store, [
      shareOf('main', { domains, room: 10, busy: { 'few.example': 1 } }),
    ]);
    const gone = claims.map(({ claim }) => domainOf(claim.address));
    expect(gone.filter((domain) => domain === 'few.example')).toHaveLength(1);
    expect(gone.filter((domain) => domain === 'example.org')).toHaveLength(5);
    const soon = NOON.add({ minutes: 1 });
    const next = await share(store, [shareOf('main', { domains, room: 10 })], soon);
    expect(next.claims).toHaveLength(2);
  });

  it('holds a domain, tries it with one message, and lets it go again', async () => {
    const store = await open();
    await prepare(store, [...many(50, 'busy.example'), ...many(2, 'example.org')]);
    const until = NOON.add({ minutes: 5 });
    await store.ledger.hold({ account: 'main', domain: 'busy.example', until, times: 1 });
    const shares = [shareOf('main', { room: 60 })];
    expect((await share(store, shares)).claims).toHaveLength(2);
    const [hold] = await store.ledger.holds();
    expect([hold?.domain, hold?.times, String(hold?.until)]).toEqual(['busy.example', 1, String(until)]);
    const later = until.add({ seconds: 10 });
    expect((await share(store, shares, later)).claims).toHaveLength(1);
    await store.ledger.endHold({ account: 'main', domain: 'busy.example' }, later);
    expect(await store.ledger.holds()).toEqual([]);
    const { claims } = await drain(store, shares, later.add({ minutes: 3 }), later);
    expect(claims).toHaveLength(49);
  });

  it('sends past a held domain through another account', async () => {
    const store = await open();
    await prepare(store, many(4, 'busy.example'));
    const until = NOON.add({ minutes: 5 });
    await store.ledger.hold({ account: 'main', domain: 'busy.example', until, times: 1 });
    const { claims } = await share(store, [shareOf('main', { weight: 9 }), shareOf('other')]);
    expect(claims.map(({ account }) => account)).toEqual(Array(4).fill('other'));
  });
}
