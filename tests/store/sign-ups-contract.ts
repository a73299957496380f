/** What is asked for in forms: taken all alike, answered apart, confirmed, forgotten. */
import { expect, it } from 'vitest';
import type { SignUp } from '../../src/domain/sign-up.ts';
import type { Store } from '../../src/domain/store.ts';
import { type Database, openStoresOf } from './databases.ts';
import { address, at, newcomer, worker } from './samples.ts';

export function signUp(name: string, changes: Partial<SignUp> = {}): SignUp {
  return {
    address: address(`${name}@example.org`),
    name: '',
    series: null,
    tags: null,
    source: 'subscribe page',
    words: 'Yes, send me digests.',
    origin: null,
    ...changes,
  };
}

const days = (count: number): Temporal.Instant => at('09:00').add({ hours: 24 * count });

/** All notices there are, as `kind address`, taken by a worker of their own. */
async function takeNotices(store: Store, now = at('09:30')): Promise<readonly string[]> {
  await store.ledger.enlist(worker('postman'), now);
  const leaseUntil = now.add({ minutes: 15 });
  const claims = await store.notices.claim({ worker: 'postman', limit: 100, now, leaseUntil });
  return claims.map(({ kind, address }) => `${kind} ${address}`);
}

async function ask(store: Store, asked: SignUp, now = at('09:00')): Promise<void> {
  expect(await store.signUps.ask(asked, [], now)).toEqual({ kind: 'taken' });
}

export function signUpContract(database: Database): void {
  const { open, openTwo } = openStoresOf(database);

  it('makes an unknown address pending, once it is answered, and asks it to confirm', async () => {
    const store = await open();
    await ask(store, signUp('ann', { series: ['weekly'], tags: ['verse'] }));
    expect(await store.subscribers.find(address('ann@example.org'))).toBeNull();
    expect(await store.signUps.answer(10, at('09:01'))).toBe(1);
    expect(await store.signUps.answer(10, at('09:01'))).toBe(0);
    const ann = await store.subscribers.find(address('ann@example.org'));
    expect(ann).toMatchObject({ state: 'pending', series: ['weekly'] });
    expect(await store.subscribers.story(ann!.id)).toEqual([
      {
        at: at('09:00'),
        kind: 'asked',
        source: 'subscribe page',
        words: 'Yes, send me digests.',
        origin: null,
      },
    ]);
    expect(await takeNotices(store)).toEqual(['confirmation ann@example.org']);
  });

  it('confirms with what was asked for, and says so in the story', async () => {
    const store = await open();
    await ask(
      store,
      signUp('ann', { name: 'Ann', series: ['weekly'], tags: ['verse'], origin: '192.0.2.1' }),
    );
    await store.signUps.answer(10, at('09:01'));
    expect((await store.signUps.find(1))?.signUp.address).toBe('ann@example.org');
    expect(await store.signUps.confirm(1, at('09:05'))).toMatchObject({
      kind: 'confirmed',
      subscriber: {
        state: 'active',
        name: 'Ann',
        series: ['weekly'],
        tags: ['verse'],
        confirmedAt: at('09:05'),
      },
    });
    expect(await store.signUps.confirm(1, at('09:06'))).toMatchObject({ kind: 'known' });
    const story = await store.subscribers.story(1);
    expect(story.map(({ kind, origin }) => [kind, origin])).toEqual([
      ['asked', '192.0.2.1'],
      ['confirmed', '192.0.2.1'],
    ]);
  });

  it('confirms nothing that was not answered, is unknown, or is older than seven days', async () => {
    const store = await open();
    await ask(store, signUp('ann'));
    expect(await store.signUps.confirm(1, at('09:01'))).toEqual({ kind: 'expired' });
    await store.signUps.answer(10, at('09:01'));
    expect(await store.signUps.confirm(1, days(7).add({ milliseconds: 1 }))).toEqual({ kind: 'expired' });
    expect(await store.signUps.confirm(99, at('09:01'))).toEqual({ kind: 'expired' });
    expect(await store.signUps.confirm(1, days(7))).toMatchObject({ kind: 'confirmed' });
  });

  it('brings nobody back by an old confirmation, and takes a new one', async () => {
    const store = await open();
    await ask(store, signUp('ann'));
    await ask(store, signUp('ann'), at('09:01'));
    await store.signUps.answer(10, at('09:02'));
    await store.signUps.confirm(1, at('09:03'));
    await store.subscribers.unsubscribe(1, 'one-click', at('09:04'));
    expect(await store.signUps.confirm(1, at('09:05'))).toEqual({ kind: 'left' });
    expect(await store.signUps.confirm(2, at('09:05'))).toEqual({ kind: 'left' });
    expect(await store.subscribers.byId(1)).toMatchObject({ state: 'unsubscribed' });
    await ask(store, signUp('ann'), days(2));
    await store.signUps.answer(10, days(2));
    expect(await store.subscribers.byId(1)).toMatchObject({ state: 'unsubscribed' });
    expect(await store.signUps.confirm(2, days(2))).toEqual({ kind: 'left' });
    expect(await store.signUps.confirm(3, days(2))).toMatchObject({
      kind: 'confirmed',
      subscriber: { id: 1, state: 'active', endedAt: null, endReason: null },
    });
  });

  it('tells a subscriber, and nobody who is suppressed', async () => {
    const store = await open();
    await store.subscribers.add([newcomer('ann')], at('08:00'));
    await store.subscribers.suppress(address('bob@example.org'), 'complaint', at('08:00'));
    await ask(store, signUp('ann', { series: ['daily'] }));
    await ask(store, signUp('bob'));
    expect(await store.signUps.answer(10, at('09:01'))).toBe(2);
    expect(await takeNotices(store)).toEqual(['already-subscribed ann@example.org']);
    expect(await store.subscribers.find(address('ann@example.org'))).toMatchObject({ series: null });
    expect(await store.subscribers.find(address('bob@example.org'))).toBeNull();
    expect(await store.signUps.find(1)).toBeNull();
    expect(await store.signUps.find(2)).toBeNull();
  });

  it('sends an address two confirmations in a day, however it is spelt, and then two more', async () => {
    const store = await open();
    for (let count = 0; count < 5; count += 1) await ask(store, signUp(count % 2 ? 'ann' : 'ANN'));
    await store.signUps.answer(100, at('09:01'));
    expect(await takeNotices(store)).toHaveLength(2);
    expect(await store.subscribers.story(1)).toHaveLength(2);
    await ask(store, signUp('ann'), days(1));
    await store.signUps.answer(100, days(1).add({ minutes: 2 }));
    expect(await takeNotices(store, days(1).add({ minutes: 2 }))).toHaveLength(1);
  });

  it('suppresses and confirms without a way past each other', async () => {
    const store = await open();
    await ask(store, signUp('ann'));
    await store.signUps.answer(10, at('09:01'));
    await store.subscribers.suppress(address('ann@example.org'), 'complaint', at('09:02'));
    expect(await store.signUps.confirm(1, at('09:03'))).toEqual({ kind: 'left' });
    expect(await store.subscribers.byId(1)).toMatchObject({ state: 'suppressed' });
  });

  it('forgets what was not confirmed, with whom only that had made', async () => {
    const store = await open();
    await store.subscribers.add([newcomer('carl', { state: 'pending' })], at('08:00'));
    for (const name of ['ann', 'bob', 'carl']) await ask(store, signUp(name, { series: ['weekly'] }));
    await store.signUps.answer(10, at('09:01'));
    await store.signUps.confirm(2, at('09:02'));
    await ask(store, signUp('dora'), days(14));
    await store.signUps.answer(10, days(14));
    expect(await store.signUps.forget(days(14))).toBe(0);
    expect(await store.signUps.forget(days(14).add({ milliseconds: 1 }))).toBe(3);
    const left = await Array.fromAsync(store.subscribers.list());
    expect(left.map(({ address, state }) => [address, state])).toEqual([
      ['carl@example.org', 'pending'],
      ['bob@example.org', 'active'],
      ['dora@example.org', 'pending'],
    ]);
    expect(await store.subscribers.story(2)).toEqual([]);
  });

  it('counts limits over programs, and lets the next pass when the time has come', async () => {
    const [one, other] = await openTwo();
    const limit = { key: 'visitor', perHour: 2, cost: 1 };
    expect(await one.signUps.ask(signUp('a'), [limit], at('09:00'))).toEqual({ kind: 'taken' });
    expect(await other.signUps.ask(signUp('b'), [limit], at('09:00'))).toEqual({ kind: 'taken' });
    const over = await one.signUps.ask(signUp('c'), [{ ...limit, key: 'free' }, limit], at('09:00'));
    expect(over).toEqual({ kind: 'limited', retryAt: at('09:30') });
    // What was refused used up no other limit.
    const costly = { key: 'free', perHour: 2, cost: 2 };
    expect(await one.signUps.ask(signUp('d'), [costly], at('09:00'))).toEqual({ kind: 'taken' });
    expect(await other.signUps.ask(signUp('e'), [limit], at('09:30'))).toEqual({ kind: 'taken' });
    expect(await one.signUps.answer(100, at('09:31'))).toBe(4);
  });

  it('takes many at once, in order, and lets several programs answer each once', async () => {
    const [one, other] = await openTwo();
    const names = Array.from({ length: 60 }, (_, index) => `reader${index}`);
    await Promise.all(names.map((name, index) => ask(index % 2 ? one : other, signUp(name))));
    const counts = await Promise.all(
      [one, other, one, other].map((store) => store.signUps.answer(25, at('09:01'))),
    );
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(60);
    expect(await takeNotices(one)).toHaveLength(60);
  });

  it('knows nothing of whom it erased, and asks them again only when the form is filled in again', async () => {
    const store = await open();
    await ask(store, signUp('ann'));
    await ask(store, signUp('ann'));
    await store.signUps.answer(1, at('09:01'));
    await store.subscribers.erase(address('ann@example.org'), 'by hand', at('09:02'));
    expect(await takeNotices(store)).toEqual([]);
    expect(await store.signUps.confirm(1, at('09:03'))).toEqual({ kind: 'expired' });
    await store.signUps.answer(10, at('09:03'));
    expect(await takeNotices(store)).toEqual([]);
    await ask(store, signUp('ann'), at('09:04'));
    await store.signUps.answer(10, at('09:05'));
    expect(await takeNotices(store)).toEqual(['confirmation ann@example.org']);
  });
}
