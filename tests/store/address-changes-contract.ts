/** Changes of address: made when both ends agreed, and never told to anybody else. */
import { expect, it } from 'vitest';
import { parseChangeSubject, renderChangeSubject } from '../../src/domain/address-change.ts';
import type { NoticeClaim } from '../../src/domain/notice.ts';
import type { Store } from '../../src/domain/store.ts';
import { type Database, openStoresOf } from './databases.ts';
import { address, at, newcomer, prepareDigest, worker } from './samples.ts';

const NEW = address('New@example.net');

async function notices(store: Store, now = at('09:01')): Promise<readonly NoticeClaim[]> {
  await store.ledger.enlist(worker('reader'), now);
  return await store.notices.claim({ worker: 'reader', limit: 50, now, leaseUntil: now.add({ minutes: 5 }) });
}

async function ask(store: Store): Promise<number> {
  await store.subscribers.add([newcomer('ann', { name: 'Ann' })], at('08:00'));
  expect(await store.addressChanges.ask(1, NEW, at('09:00'))).toBe(true);
  return (await notices(store)).map(({ subject }) => parseChangeSubject(subject).change).at(0) ?? 0;
}

export function addressChangesContract(database: Database): void {
  const { open, openTwo } = openStoresOf(database);

  it('tells both ends, each with a link of its own', async () => {
    const store = await open();
    await store.subscribers.add([newcomer('ann')], at('08:00'));
    await store.addressChanges.ask(1, NEW, at('09:00'));
    const made = await notices(store);
    expect(made.map(({ kind, address: to, subject, detail }) => [kind, to, subject, detail])).toEqual([
      ['address-change', 'ann@example.org', renderChangeSubject(1, 'old'), NEW],
      ['address-change', NEW, renderChangeSubject(1, 'new'), NEW],
    ]);
  });

  it.each([
    ['old', 'new'],
    ['new', 'old'],
  ] as const)('waits for both: %s first', async (first, second) => {
    const store = await open();
    const id = await ask(store);
    expect(await store.addressChanges.agree(id, first, at('09:10'))).toEqual({ kind: 'waiting' });
    expect(await store.addressChanges.agree(id, first, at('09:11'))).toEqual({ kind: 'waiting' });
    expect(await store.subscribers.find(NEW)).toBeNull();
    for (const minute of ['09:12', '09:13']) {
      const result = await store.addressChanges.agree(id, second, at(minute));
      expect(result).toMatchObject({ kind: 'changed', subscriber: { id: 1, address: NEW, name: 'Ann' } });
    }
    expect(await store.subscribers.find(address('ann@example.org'))).toBeNull();
    const told = (await store.subscribers.story(1)).map(({ kind, words }) => [kind, words]);
    expect(told.filter(([kind]) => kind === 'moved')).toEqual([['moved', NEW]]);
  });

  it('sends what is still due to the new address', async () => {
    const store = await open();
    await prepareDigest(store, ['ann']);
    await store.addressChanges.ask(1, NEW, at('09:00'));
    for (const end of ['old', 'new'] as const) await store.addressChanges.agree(1, end, at('09:10'));
    await store.ledger.enlist(worker('first'), at('09:20'));
    const [claim] = await store.ledger.claim({
      worker: 'first',
      limit: 1,
      now: at('09:20'),
      leaseUntil: at('09:30'),
      inDoubt: 'retry',
    });
    expect(claim?.address).toBe(NEW);
  });

  it('is over after seven days, and when a newer one took its place', async () => {
    const store = await open();
    const id = await ask(store);
    const late = at('09:00').add({ hours: 7 * 24, seconds: 1 });
    expect(await store.addressChanges.agree(id, 'old', late)).toEqual({ kind: 'over' });
    await store.addressChanges.ask(1, address('newer@example.net'), at('10:00'));
    expect(await store.addressChanges.find(id)).toBeNull();
    expect(await store.addressChanges.agree(id, 'new', at('10:01'))).toEqual({ kind: 'over' });
  });

  it('is asked for twice a day at most, and only by who takes the digests, for another address', async () => {
    const store = await open();
    await ask(store);
    expect(await store.addressChanges.ask(1, address('Ann@Example.org'), at('09:20'))).toBe(false);
    expect(await store.addressChanges.ask(1, NEW, at('09:20'))).toBe(true);
    expect(await store.addressChanges.ask(1, NEW, at('09:30'))).toBe(false);
    await store.subscribers.add([newcomer('bo')], at('09:30'));
    await store.subscribers.unsubscribe(2, 'one-click', at('09:31'));
    expect(await store.addressChanges.ask(2, NEW, at('09:32'))).toBe(false);
  });

  it('tells a subscriber of the new address that they are one, and makes no two of them', async () => {
    const store = await open();
    await store.subscribers.add([newcomer('ann'), newcomer('bo')], at('08:00'));
    await store.addressChanges.ask(1, address('bo@example.org'), at('09:00'));
    expect((await notices(store)).map(({ kind, address: to }) => [kind, to])).toEqual([
      ['address-change', 'ann@example.org'],
      ['already-subscribed', 'bo@example.org'],
    ]);
    for (const end of ['old', 'new'] as const) await store.addressChanges.agree(1, end, at('09:10'));
    expect(await store.subscribers.byId(1)).toMatchObject({ address: 'ann@example.org', state: 'active' });
    expect(await store.subscribers.byId(2)).toMatchObject({ address: 'bo@example.org', state: 'active' });
  });

  it('writes nothing to an address that is kept out, and never moves there', async () => {
    const store = await open();
    await store.subscribers.add([newcomer('ann')], at('08:00'));
    await store.subscribers.suppress(NEW, 'complaint', at('08:30'));
    expect(await store.addressChanges.ask(1, NEW, at('09:00'))).toBe(true);
    expect((await notices(store)).map(({ address: to }) => to)).toEqual(['ann@example.org']);
    for (const end of ['old', 'new'] as const) await store.addressChanges.agree(1, end, at('09:10'));
    expect(await store.subscribers.byId(1)).toMatchObject({ address: 'ann@example.org' });
  });

  it('leaves nothing of who left under the new address, and the old address to whoever asks for it', async () => {
    const store = await open();
    await store.subscribers.add([newcomer('ann'), newcomer('bo', { name: 'Bo' })], at('08:00'));
    await store.subscribers.unsubscribe(2, 'one-click', at('08:10'));
    await store.addressChanges.ask(1, address('bo@example.org'), at('09:00'));
    for (const end of ['old', 'new'] as const) await store.addressChanges.agree(1, end, at('09:10'));
    expect(await store.subscribers.find(address('bo@example.org'))).toMatchObject({ id: 1, state: 'active' });
    expect(await store.subscribers.byId(2)).toBeNull();
    expect(await store.subscribers.find(address('ann@example.org'))).toBeNull();
    await store.subscribers.erase(address('bo@example.org'), 'test', at('09:20'));
    const listed = await Array.fromAsync(store.subscribers.list());
    expect(JSON.stringify(listed)).not.toMatch(/ann@|bo@|Bo/);
    const [again] = await store.subscribers.add([newcomer('ann')], at('09:30'));
    expect(again?.kind).toBe('added');
  });

  it('is over for who left meanwhile', async () => {
    const store = await open();
    const id = await ask(store);
    await store.addressChanges.agree(id, 'new', at('09:10'));
    await store.subscribers.unsubscribe(1, 'one-click', at('09:11'));
    expect(await store.addressChanges.agree(id, 'old', at('09:12'))).toEqual({ kind: 'over' });
    expect(await store.subscribers.byId(1)).toMatchObject({ address: 'ann@example.org' });
  });

  it('is forgotten with all that was asked, and erased with either end', async () => {
    const store = await open();
    const id = await ask(store);
    await store.signUps.forget(at('09:00').add({ hours: 15 * 24 }));
    expect(await store.addressChanges.find(id)).toBeNull();
    const later = at('09:00').add({ hours: 15 * 24 });
    for (const erased of [NEW, address('ann@example.org')]) {
      await store.addressChanges.ask(1, NEW, later);
      await store.subscribers.erase(erased, 'test', later);
      for (let number = id; number < id + 4; number += 1) {
        expect(await store.addressChanges.find(number)).toBeNull();
      }
    }
  });

  it('is made once by two programs', async () => {
    const [one, other] = await openTwo();
    const id = await ask(one);
    await one.addressChanges.agree(id, 'old', at('09:10'));
    const results = await Promise.all(
      [one, other].map((store) => store.addressChanges.agree(id, 'new', at('09:11'))),
    );
    expect(results.map(({ kind }) => kind)).toEqual(['changed', 'changed']);
    const told = (await one.subscribers.story(1)).filter(({ kind }) => kind === 'moved');
    expect(told).toHaveLength(1);
  });
}
