/** Calls that are owed, and callbacks that are served. */
import { expect, it } from 'vitest';
import type { Store } from '../../src/domain/store.ts';
import type { Call, Intent } from '../../src/domain/websub.ts';
import { type Database, openStoresOf } from './databases.ts';
import { at } from './samples.ts';

const TOPIC = 'https://example.org/rss.xml';
const OTHER = 'https://example.org/atom.xml';
const HUB = 'https://hub.example.org/';
const READER = 'https://reader.example.net/callback?id=1';
const SUBSCRIBE = { mode: 'subscribe', leaseSeconds: 600, secret: 'shh' } as const;
const ROOMY = { all: 100, perHost: 100 };

const news = (hash: string, topic = TOPIC, hub = HUB) => ({ hub, topic, hash });

const claim = (store: Store, order: Partial<Parameters<Store['websub']['claim']>[0]> = {}) =>
  store.websub.claim({
    limit: 10,
    perHost: 10,
    inFlight: {},
    now: at('09:00'),
    until: at('09:01'),
    ...order,
  });

async function claimOne(store: Store, order: Parameters<typeof claim>[1] = {}): Promise<Call> {
  const [call, ...others] = await claim(store, order);
  if (!call || others.length > 0) throw new Error(`claimed ${call ? others.length + 1 : 0} calls`);
  return call;
}

const ask = (store: Store, callback = READER, intent: Intent = SUBSCRIBE, topic = TOPIC, limits = ROOMY) =>
  store.websub.ask({ topic, callback, intent }, limits, at('09:00'));

async function subscribe(store: Store, callback = READER, leaseUntil = at('10:00')): Promise<void> {
  await ask(store, callback);
  await store.websub.confirm(await claimOne(store), leaseUntil, at('09:00'));
}

export function websubContract(database: Database): void {
  const { open, openTwo } = openStoresOf(database);

  it('owes a hub one ping for each topic that was announced, and knows what of', async () => {
    const store = await open();
    await store.websub.announce([news('a'), news('b', OTHER)], at('09:00'));
    expect(await store.websub.announcements()).toEqual([news('b', OTHER), news('a')]);
    expect((await claim(store)).map(({ kind, topic, target }) => ({ kind, topic, target }))).toEqual([
      { kind: 'ping', topic: OTHER, target: HUB },
      { kind: 'ping', topic: TOPIC, target: HUB },
    ]);
    expect(await claim(store)).toEqual([]);
  });

  it('makes later news one ping while it waits, and starts anew', async () => {
    const store = await open();
    await store.websub.announce([news('a')], at('09:00'));
    await store.websub.settle(await claimOne(store), at('09:30'), at('09:00'));
    expect(await claim(store)).toEqual([]);
    await store.websub.announce([news('b')], at('09:10'));
    const call = await claimOne(store, { now: at('09:10'), until: at('09:11') });
    expect(call).toMatchObject({ attempts: 0 });
    await store.websub.settle(call, null, at('09:10'));
    expect(await store.websub.nextDue()).toBeNull();
  });

  it('owes another when news came while it was under way', async () => {
    const store = await open();
    await store.websub.announce([news('a')], at('09:00'));
    const first = await claimOne(store);
    await store.websub.announce([news('b')], at('09:00'));
    expect(await claim(store)).toEqual([]);
    await store.websub.settle(first, null, at('09:00'));
    await store.websub.settle(await claimOne(store), null, at('09:00'));
    expect(await claim(store)).toEqual([]);
  });

  it('gives a call of a worker that died to another, and believes the dead one no more', async () => {
    const [one, other] = await openTwo();
    await one.websub.announce([news('a')], at('09:00'));
    const dead = await claimOne(one);
    expect(await claim(other, { now: at('09:00') })).toEqual([]);
    expect((await one.websub.nextDue())?.toString()).toBe(at('09:01').toString());
    const taken = await claimOne(other, { now: at('09:01'), until: at('09:02') });
    await one.websub.settle(dead, null, at('09:01'));
    expect(await other.websub.counts(at('09:01'))).toMatchObject({ ping: 1 });
    await other.websub.settle(taken, null, at('09:01'));
    expect(await other.websub.counts(at('09:01'))).toMatchObject({ ping: 0 });
  });

  it('never gives a call to two that claim at once', async () => {
    const [one, other] = await openTwo();
    const topics = Array.from({ length: 30 }, (_, index) => `https://example.org/tags/${index}/rss.xml`);
    await one.websub.announce(
      topics.map((topic) => news('a', topic)),
      at('09:00'),
    );
    const claims = await Promise.all([one, other, one, other].map((store) => claim(store)));
    const taken = claims.flat().map(({ topic }) => topic);
    expect(new Set(taken).size).toBe(taken.length);
  });

  it('counts attempts, and says when the next is due', async () => {
    const store = await open();
    await store.websub.announce([news('a')], at('09:00'));
    await store.websub.settle(await claimOne(store), at('09:05'), at('09:00'));
    expect((await store.websub.nextDue())?.toString()).toBe(at('09:05').toString());
    const again = await claimOne(store, { now: at('09:05'), until: at('09:06') });
    expect(again.attempts).toBe(1);
  });

  it('gives no host more than its share, and passes over one that has it', async () => {
    const store = await open();
    for (const name of ['a', 'b', 'c']) await subscribe(store, `https://slow.example/${name}`);
    await subscribe(store, 'https://quick.example/');
    await store.websub.announce([news('a', TOPIC, 'self')], at('09:00'));
    const first = await claim(store, { perHost: 2 });
    const hosts = first.map(({ target }) => new URL(target).hostname).toSorted();
    expect(hosts).toEqual(['quick.example', 'slow.example', 'slow.example']);
    expect(await claim(store, { perHost: 2, inFlight: { 'slow.example': 2 } })).toEqual([]);
    expect(await claim(store, { perHost: 2, inFlight: { 'slow.example': 1 } })).toHaveLength(1);
  });

  it('puts off all that one host is owed of a kind, but not what is under way, and says where calls fail', async () => {
    const store = await open();
    for (const name of ['a', 'b', 'c']) await subscribe(store, `https://away.example/${name}`);
    await subscribe(store, 'https://quick.example/');
    await store.websub.announce([news('a', TOPIC, 'self'), news('a')], at('09:00'));
    expect(await store.websub.failing(10)).toEqual([]);
    const calls = await claim(store, { perHost: 2 });
    const [first, second] = calls.filter(({ target }) => target.includes('away'));
    await store.websub.settle(first!, at('09:05'), at('09:00'));
    await store.websub.putOffHost(first!, at('09:05'), at('09:00'));
    expect(await claim(store)).toEqual([]);
    // Claimed before: its worker still says what became of it.
    await store.websub.settle(second!, null, at('09:00'));
    const [failing, ...others] = await store.websub.failing(10);
    expect(others).toEqual([]);
    expect({ ...failing, nextAt: failing?.nextAt.toString() }).toEqual({
      host: 'away.example',
      kind: 'deliver',
      calls: 2,
      attempts: 1,
      nextAt: at('09:05').toString(),
    });
    const later = await claim(store, { now: at('09:05'), until: at('09:06') });
    const put = later.filter(({ target }) => target.includes('away'));
    expect(put.map(({ attempts }) => attempts)).toEqual([1, 1]);
  });

  it('knows a topic of the embedded hub once it was announced there', async () => {
    const store = await open();
    await store.websub.announce([news('a'), news('a', OTHER, 'self')], at('09:00'));
    expect(await store.websub.hasTopic(TOPIC)).toBe(false);
    expect(await store.websub.hasTopic(OTHER)).toBe(true);
  });

  it('serves a callback from its confirmation until its lease is over', async () => {
    const store = await open();
    expect(await ask(store)).toBe('taken');
    expect(await store.websub.callback(TOPIC, READER, at('09:00'))).toBeNull();
    const call = await claimOne(store);
    expect(call).toMatchObject({ kind: 'verify', topic: TOPIC, target: READER, intent: SUBSCRIBE });
    await store.websub.confirm(call, at('10:00'), at('09:00'));
    const served = await store.websub.callback(TOPIC, READER, at('09:59'));
    expect({ ...served, leaseUntil: served?.leaseUntil.toString() }).toEqual({
      topic: TOPIC,
      url: READER,
      secret: 'shh',
      leaseUntil: at('10:00').toString(),
    });
    expect(await store.websub.callback(TOPIC, READER, at('10:00'))).toBeNull();
    expect(await store.websub.counts(at('09:59'))).toEqual({ callbacks: 1, ping: 0, verify: 0, deliver: 0 });
    expect(await store.websub.counts(at('10:00'))).toMatchObject({ callbacks: 0 });
  });

  it('owes each callback of a topic the document, and none whose lease is over', async () => {
    const store = await open();
    await subscribe(store);
    await subscribe(store, 'https://late.example/', at('09:30'));
    await store.websub.announce([news('a', TOPIC, 'self'), news('a', OTHER, 'self')], at('09:40'));
    const call = await claimOne(store, { now: at('09:40'), until: at('09:41') });
    expect(call).toMatchObject({ kind: 'deliver', topic: TOPIC, target: READER, intent: null });
  });

  it('renews a lease, with the secret of the last request', async () => {
    const store = await open();
    await subscribe(store);
    await ask(store, READER, { mode: 'subscribe', leaseSeconds: 60, secret: null });
    await store.websub.confirm(await claimOne(store), at('12:00'), at('09:00'));
    expect(await store.websub.callback(TOPIC, READER, at('11:00'))).toMatchObject({ secret: null });
    expect(await store.websub.counts(at('11:00'))).toMatchObject({ callbacks: 1 });
  });

  it('keeps the lease as it was while a renewal is not confirmed', async () => {
    const store = await open();
    await subscribe(store);
    await ask(store, READER, { ...SUBSCRIBE, secret: 'forged' });
    await store.websub.settle(await claimOne(store), null, at('09:00'));
    expect(await store.websub.callback(TOPIC, READER, at('09:01'))).toMatchObject({ secret: 'shh' });
  });

  it('confirms nothing that was asked anew meanwhile', async () => {
    const store = await open();
    await ask(store);
    const first = await claimOne(store);
    await ask(store, READER, { mode: 'unsubscribe' });
    await store.websub.confirm(first, at('10:00'), at('09:00'));
    expect(await store.websub.callback(TOPIC, READER, at('09:00'))).toBeNull();
    expect(await claimOne(store)).toMatchObject({ intent: { mode: 'unsubscribe' } });
  });

  it('ends a callback with what it was owed', async () => {
    const store = await open();
    for (const end of ['confirm', 'end']) {
      await subscribe(store);
      await store.websub.announce([news(end, TOPIC, 'self')], at('09:00'));
      if (end === 'end') await store.websub.endCallback(TOPIC, READER);
      else {
        await ask(store, READER, { mode: 'unsubscribe' });
        const call = (await claim(store)).find(({ kind }) => kind === 'verify');
        await store.websub.confirm(call!, null, at('09:00'));
      }
      expect(await store.websub.callback(TOPIC, READER, at('09:00'))).toBeNull();
      expect(await store.websub.nextDue()).toBeNull();
    }
  });

  it('has room for so many, those that only ask included, and always for who is there', async () => {
    const store = await open();
    const limits = { all: 3, perHost: 2 };
    const from = (url: string) => ask(store, url, SUBSCRIBE, TOPIC, limits);
    await subscribe(store, 'https://a.example/1');
    expect(await from('https://a.example/2')).toBe('taken');
    expect(await from('https://a.example:8443/3')).toBe('full');
    expect(await from('https://b.example/')).toBe('taken');
    expect(await from('https://c.example/')).toBe('full');
    expect(await from('https://a.example/1')).toBe('taken');
    expect(await ask(store, 'https://c.example/', { mode: 'unsubscribe' }, TOPIC, limits)).toBe('taken');
  });
}
