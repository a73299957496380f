/** Several accounts, their limits, and servers that throttle, refuse or vanish: counted on the side of servers that know the time. */
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { deliver } from '../../../src/app/delivery/deliver.ts';
import type { Account } from '../../../src/domain/account.ts';
import { domainOf } from '../../../src/domain/address.ts';
import type { Outcome } from '../../../src/domain/delivery.ts';
import type { Store } from '../../../src/domain/store.ts';
import { compileMessage } from '../../../src/mail/compile-message.ts';
import { DIGEST, HEAD } from '../../mail/sample-message.ts';
import { address, content, counts, freezeRequest, newcomer } from '../../store/samples.ts';
import {
  ACCOUNT,
  composeDeliverer,
  openPreparedStore,
  openServer,
  type Server,
  START,
  transportTo,
} from './delivering.ts';

const ALIVE = new AbortController().signal;
const SECOND = 1_000_000;
const TAKEN: Outcome = { kind: 'accepted', reply: '250 taken' };

/** Addresses of these domains, so many of each. */
async function open(domains: Readonly<Record<string, number>>): Promise<Store> {
  const store = await openPreparedStore([]);
  const addresses = Object.entries(domains).flatMap(([domain, count]) =>
    Array.from({ length: count }, (_, index) => address(`reader${index}@${domain}`)),
  );
  await store.subscribers.add(
    addresses.map((one) => newcomer('x', { address: one })),
    START,
  );
  const mime = await compileMessage(HEAD, DIGEST);
  await store.digests.freeze(2, freezeRequest('two', { contents: [{ ...content(), mime }] }));
  return store;
}

type Timed = { readonly account: string; readonly at: number; readonly domain: string };

/** A world with a clock that runs only when somebody sleeps, or when told. */
function openWorld(store: Store, accounts: readonly Account[]) {
  let now = START;
  const servers = new Map<string, Server>(accounts.map(({ name }) => [name, openServer()]));
  const heard: Timed[] = [];
  const serverOf = (name: string): Server => {
    const server = servers.get(name);
    if (!server) throw new Error(`no server ${name}`);
    return server;
  };
  const hear = (name: string, answer: Server['answer'] = () => TAKEN): void => {
    serverOf(name).answer = (message, attempt) => {
      heard.push({
        account: name,
        at: now.since(START).total('seconds'),
        domain: domainOf(message.envelope.to),
      });
      return answer(message, attempt);
    };
  };
  for (const { name } of accounts) hear(name);
  const deliverer = composeDeliverer(store, openServer(), {
    accounts,
    clock: () => now,
    sleepUntil: async (until) => {
      if (Temporal.Instant.compare(until, now) > 0) now = until;
      // Whoever hands over has a turn: else a line that waits for it would spin, and no timer end that.
      await setImmediate();
    },
    openTransport: async (name) => {
      const account = accounts.find((one) => one.name === name);
      return await Promise.resolve(transportTo(serverOf(name ?? ''), account?.connections));
    },
  });
  return {
    heard,
    hear,
    serverOf,
    deliver: async () => await deliver(deliverer, ALIVE),
    pass: (time: Temporal.DurationLike) => {
      now = now.add(time);
    },
    count: (account: string) => heard.filter((one) => one.account === account).length,
  };
}

/** How many at most in any span of so many seconds. */
function mostIn(heard: readonly Timed[], seconds: number): number {
  return Math.max(
    ...heard.map(({ at }) => heard.filter((one) => one.at >= at && one.at < at + seconds).length),
  );
}

describe('limits', () => {
  it.each([
    ['a second', SECOND / 5, 1, 6],
    ['an hour', (3600 * SECOND) / 120, 3600, 121],
  ])('so many in %s are never exceeded, and used', async (_, interval, seconds, most) => {
    const store = await open({ 'example.org': 150 });
    const world = openWorld(store, [{ ...ACCOUNT, interval }]);
    const report = await world.deliver();
    expect(report.settled.accepted).toBe(150);
    expect(mostIn(world.heard, seconds)).toBeLessThanOrEqual(most);
    expect(mostIn(world.heard, seconds)).toBeGreaterThanOrEqual(most - 1);
  });

  it('ends the run where the next turn is far, and says when it is', async () => {
    const store = await open({ 'example.org': 5 });
    const world = openWorld(store, [{ ...ACCOUNT, interval: 600 * SECOND }]);
    const report = await world.deliver();
    expect([report.settled.accepted, String(report.nextDue)]).toEqual([
      1,
      String(START.add({ minutes: 10 })),
    ]);
    expect((await world.deliver()).settled.accepted).toBe(0);
    world.pass({ minutes: 10 });
    expect((await world.deliver()).settled.accepted).toBe(1);
  });

  it('of a domain hold that domain up and no other', async () => {
    const store = await open({ 'slow.example': 30, 'example.org': 60 });
    const domains = { 'slow.example': { interval: SECOND, connections: null } };
    const world = openWorld(store, [{ ...ACCOUNT, domains }]);
    await world.deliver();
    const slow = world.heard.filter(({ domain }) => domain === 'slow.example');
    expect(mostIn(slow, 1)).toBeLessThanOrEqual(2);
    expect(slow).toHaveLength(30);
    expect(world.heard.filter(({ at, domain }) => domain === 'example.org' && at < 2)).toHaveLength(60);
  });
});

describe('several accounts', () => {
  const BIG = { ...ACCOUNT, name: 'big', weight: 3 };
  const SMALL = { ...ACCOUNT, name: 'small' };

  it('share the messages by weight', async () => {
    const store = await open({ 'example.org': 80 });
    const world = openWorld(store, [BIG, SMALL]);
    await world.deliver();
    expect([world.count('big'), world.count('small')]).toEqual([60, 20]);
    expect(await store.ledger.counts(2)).toEqual(counts({ accepted: 80 }));
  });

  it.each([
    ['cannot be reached', { kind: 'unreachable', reply: 'connection refused' }, 'smtp-unreachable'],
    ['refuses the login', { kind: 'refused-us', reply: '535 no', hint: 'Check it.' }, 'smtp-refused'],
  ] as const)('take over from one that %s', async (_, refusal, code) => {
    const store = await open({ 'example.org': 40 });
    const world = openWorld(store, [BIG, SMALL]);
    world.serverOf('big').refuse = refusal;
    const report = await world.deliver();
    expect([world.count('small'), report.pausedBecause]).toEqual([40, null]);
    const [pause] = await store.ledger.pauses();
    expect(pause?.scope).toEqual({ kind: 'account', account: 'big' });
    expect(pause?.reason).toContain(code);
    expect(await store.ledger.counts(2)).toEqual(counts({ accepted: 40 }));
  });

  it('take over from one whose mail is refused, without striking anybody', async () => {
    const store = await open({ 'example.org': 40 });
    const world = openWorld(store, [BIG, SMALL]);
    world.hear('big', () => ({
      kind: 'rejected',
      reply: '550 5.7.1 no',
      scope: 'us',
      enhancedCode: '5.7.1',
    }));
    await world.deliver();
    expect((await store.ledger.counts(2)).rejected).toBe(0);
    world.pass({ minutes: 9 });
    await world.deliver();
    expect(await store.ledger.counts(2)).toEqual(counts({ accepted: 40 }));
  });

  it('hand over what one may not send for its limit', async () => {
    const store = await open({ 'example.org': 40 });
    const world = openWorld(store, [{ ...BIG, interval: 86_400 * SECOND }, SMALL]);
    await world.deliver();
    expect([world.count('big'), world.count('small')]).toEqual([1, 39]);
  });
});

describe('a server that cannot be reached', () => {
  it('is asked again soon, then ever more seldom, and then goes on by itself', async () => {
    const store = await open({ 'example.org': 3 });
    const world = openWorld(store, [ACCOUNT]);
    world.serverOf('main').refuse = { kind: 'unreachable', reply: 'connection refused' };
    const lengths: number[] = [];
    for (let time = 0; time < 5; time += 1) {
      expect((await world.deliver()).pausedBecause).toContain('connection refused');
      const [pause] = await store.ledger.pauses();
      const length = pause?.until?.since(pause.since) ?? Temporal.Duration.from({ hours: 999 });
      lengths.push(length.total('minutes'));
      world.pass(length);
    }
    expect(lengths[0]).toBe(1);
    for (const [index, length] of lengths.slice(1).entries()) {
      expect(length / (lengths[index] ?? 1)).toBeGreaterThanOrEqual(1.99);
      expect(length / (lengths[index] ?? 1)).toBeLessThan(2.3);
    }
    world.serverOf('main').refuse = null;
    expect((await world.deliver()).settled.accepted).toBe(3);
    expect(await store.ledger.pauses()).toEqual([]);
  });
});

describe('a server that throttles', () => {
  const TOO_FAST: Outcome = { kind: 'deferred', reply: '421 4.7.0 too many messages, slow down' };

  it('puts off a few, never the list: the account waits, with its connections halved first', async () => {
    const store = await open({ 'a.example': 100, 'b.example': 100, 'c.example': 100 });
    const world = openWorld(store, [{ ...ACCOUNT, connections: 8 }]);
    world.hear('main', (_, attempt) => (attempt < 50 ? TAKEN : TOO_FAST));
    const report = await world.deliver();
    expect(report.pausedBecause).toContain('smtp-throttled');
    const { accepted, deferred, due } = await store.ledger.counts(2);
    expect(accepted).toBe(50);
    expect(deferred).toBeLessThan(15);
    expect(due).toBe(300 - accepted - deferred);
    world.hear('main');
    for (let hour = 0; hour < 3; hour += 1) {
      world.pass({ hours: 1 });
      await world.deliver();
    }
    expect(await store.ledger.counts(2)).toEqual(counts({ accepted: 300 }));
  });
});

describe('a domain that puts everybody off', () => {
  const GREY: Outcome = { kind: 'deferred', reply: '451 4.7.1 greylisted, come again' };

  it('is held as a whole and tried by one message, while the others go on', async () => {
    const store = await open({ 'grey.example': 200, 'example.org': 50 });
    const world = openWorld(store, [ACCOUNT]);
    const isGrey = (to: string): boolean => to.endsWith('grey.example');
    world.hear('main', ({ envelope }) => (isGrey(envelope.to) ? GREY : TAKEN));
    await world.deliver();
    const first = await store.ledger.counts(2);
    expect([first.accepted, first.due]).toEqual([50, 200 - first.deferred]);
    expect(first.deferred).toBeLessThanOrEqual(5);
    const tries = world.heard.length;
    world.pass({ minutes: 7 });
    await world.deliver();
    // A second one where the clock ran ahead while the first was on its way.
    expect([1, 2]).toContain(world.heard.length - tries);
    expect((await store.ledger.holds()).map(({ times }) => times)).toEqual([2]);
    world.hear('main');
    for (let half = 0; half < 8; half += 1) {
      world.pass({ minutes: 30 });
      await world.deliver();
    }
    expect(await store.ledger.counts(2)).toEqual(counts({ accepted: 250 }));
    expect(await store.ledger.holds()).toEqual([]);
  });
});
