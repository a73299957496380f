/** Erasure: nothing of the person is left, the address stays out, and the ledger still adds up. */
import { describe, expect, it } from 'vitest';
import type { Store } from '../../src/domain/store.ts';
import { arrival } from './arrivals-contract.ts';
import { type Database, openStoresOf } from './databases.ts';
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
  NO_MAILBOX,
  prepareDigest,
  worker,
} from './samples.ts';
import { signUp } from './sign-ups-contract.ts';

export function erasureContract(database: Database): void {
  const { open } = openStoresOf(database);
  const ann = address('ann@example.org');

  const erase = async (store: Store): Promise<boolean> =>
    await store.subscribers.erase(ann, 'by hand', at('10:00'));

  it('leaves nobody: not by address, by id, in the list or in the counts', async () => {
    const store = await open();
    await store.subscribers.add([newcomer('ann', { name: 'Ann Lee' }), newcomer('bob')], at('08:00'));
    expect(await erase(store)).toBe(true);
    expect(await erase(store)).toBe(false);
    expect(await store.subscribers.find(ann)).toBeNull();
    expect(await store.subscribers.byId(1)).toBeNull();
    expect((await Array.fromAsync(store.subscribers.list())).map(({ id }) => id)).toEqual([2]);
    expect(await Array.fromAsync(store.subscribers.list({ state: 'suppressed' }))).toEqual([]);
    expect(await store.subscribers.counts()).toMatchObject({ active: 1, suppressed: 0 });
    expect(await store.subscribers.audience('weekly', at('10:00'))).toBe(1);
    expect(await Array.fromAsync(store.subscribers.strangers())).toEqual([]);
    expect(await store.subscribers.unsubscribe(1, 'one-click', at('10:01'))).toBe(false);
  });

  it('keeps the address out, whoever adds it, and does not write it down again', async () => {
    const store = await open();
    await store.subscribers.add([newcomer('ann', { series: ['weekly'] })], at('08:00'));
    await erase(store);
    const [result] = await store.subscribers.add([newcomer('ANN', { name: 'Ann' })], at('11:00'));
    expect(result).toMatchObject({
      kind: 'kept',
      subscriber: { id: 1, address: 'ANN@example.org', name: '', state: 'suppressed', series: null },
    });
    expect(await store.subscribers.suppress(ann, '550 5.1.1', at('11:00'))).toBe(false);
    expect(await store.subscribers.find(ann)).toBeNull();
    expect(await store.subscribers.suppression(ann)).toEqual({
      reason: 'erased',
      since: at('10:00'),
      isErased: true,
    });
    expect(await store.subscribers.counts()).toMatchObject({ active: 0, pending: 0, suppressed: 0 });
  });

  it('erases an address that never subscribed, and one that was suppressed', async () => {
    const store = await open();
    await store.subscribers.suppress(ann, 'complaint', at('09:00'));
    expect((await Array.fromAsync(store.subscribers.strangers())).map((one) => one.address)).toEqual([ann]);
    expect(await erase(store)).toBe(true);
    expect(await Array.fromAsync(store.subscribers.strangers())).toEqual([]);
    const [result] = await store.subscribers.add([newcomer('ann')], at('11:00'));
    expect(result).toMatchObject({ kind: 'kept', subscriber: { state: 'suppressed' } });
  });

  it('keeps the sums of the ledger, without address, name or the words of a server', async () => {
    const store = await open();
    await prepareDigest(store, ['ann', 'bob', 'cy']);
    await store.ledger.settle(await claimOne(store), ACCEPTED, at('09:02'), null);
    await store.digests.freeze(2, freezeRequest('two'));
    await erase(store);
    expect(await store.ledger.counts(1)).toEqual(counts({ accepted: 1, due: 2 }));
    expect(await store.ledger.counts(2)).toEqual(counts({ withdrawn: 1, due: 2 }));
    const [first] = await Array.fromAsync(store.ledger.deliveries(1));
    expect(first).toMatchObject({ address: 'erased@erased.invalid', state: 'accepted', reply: 'erased' });
    expect((await claim(store)).map(({ subscriber }) => subscriber)).toEqual([2, 3, 2, 3]);
  });

  it('takes what a worker holds from it: nothing leaves, and no late word brings the address back', async () => {
    const store = await open();
    await prepareDigest(store, ['ann', 'bob']);
    const held = await claimOne(store);
    await erase(store);
    expect(await store.ledger.mark(held, at('10:01'))).toBe(false);
    await store.ledger.settle(held, NO_MAILBOX, at('10:02'), null);
    expect(await store.ledger.counts(1)).toEqual(counts({ withdrawn: 1, due: 1 }));
    expect(await Array.fromAsync(store.subscribers.strangers())).toEqual([]);
  });

  it('leaves in doubt what was being handed over', async () => {
    const store = await open();
    await prepareDigest(store, ['ann']);
    const held = await claimOne(store);
    expect(await store.ledger.mark(held, at('09:02'))).toBe(true);
    await erase(store);
    await store.ledger.settle(held, ACCEPTED, at('10:02'), null);
    const [only] = await store.ledger.deliveriesOf(1);
    expect(only).toMatchObject({ state: 'in-doubt', reply: 'erased', attempts: 1 });
    expect(await claim(store, { now: at('20:00') })).toEqual([]);
  });

  it('leaves nothing of what was deferred to be tried again', async () => {
    const store = await open();
    await prepareDigest(store, ['ann']);
    const held = await claimOne(store);
    await store.ledger.mark(held, at('09:02'), { address: ann, name: 'Ann', linkKey: 0, seal: null });
    await store.ledger.settle(held, DEFERRED, at('09:03'), at('09:30'));
    await erase(store);
    expect(await claim(store, { now: at('20:00') })).toEqual([]);
    expect(await store.ledger.counts(1)).toEqual(counts({ withdrawn: 1 }));
  });

  it('forgets what was asked for in forms, answered or not', async () => {
    const store = await open();
    await store.signUps.ask(signUp('ann'), [], at('09:00'));
    expect((await store.signUps.find(1))?.signUp.address).toBe(ann);
    await erase(store);
    expect(await store.signUps.find(1)).toBeNull();
    expect(await store.signUps.answer(10, at('10:01'))).toBe(0);
  });

  it('forgets the notices that wait, and confirms nothing that was asked for before', async () => {
    const store = await open();
    await store.signUps.ask(signUp('ann'), [], at('09:00'));
    await store.signUps.answer(10, at('09:01'));
    await erase(store);
    expect(await store.signUps.find(1)).toBeNull();
    expect(await store.signUps.confirm(1, at('10:02'))).not.toMatchObject({ kind: 'confirmed' });
    await store.ledger.enlist(worker('postman'), at('10:01'));
    const order = { worker: 'postman', limit: 10, now: at('10:01'), leaseUntil: at('10:15') };
    expect(await store.notices.claim(order)).toEqual([]);
  });

  describe('somebody who was erased', () => {
    const askAnew = async (store: Store): Promise<void> => {
      await store.subscribers.add([newcomer('ann')], at('08:00'));
      await erase(store);
      await store.signUps.ask(signUp('ann'), [], at('11:00'));
      await store.signUps.answer(10, at('11:01'));
    };

    it('comes back by their own confirmation, as somebody else', async () => {
      const store = await open();
      await askAnew(store);
      for (const kind of ['confirmed', 'known']) {
        expect(await store.signUps.confirm(1, at('11:02'))).toMatchObject({ kind, subscriber: { id: 2 } });
      }
      expect(await store.subscribers.find(ann)).toMatchObject({ id: 2, state: 'active' });
      expect(await store.subscribers.byId(1)).toBeNull();
      expect(await store.subscribers.suppression(ann)).toBeNull();
      expect((await store.subscribers.story(2)).map(({ kind }) => kind)).toEqual(['asked', 'confirmed']);
      const [again] = await store.subscribers.add([newcomer('ann')], at('11:03'));
      expect(again).toMatchObject({ kind: 'kept', subscriber: { id: 2, state: 'active' } });
    });

    it('is confirmed by nobody else meanwhile, and forgotten where they do not confirm', async () => {
      const store = await open();
      await askAnew(store);
      const [added] = await store.subscribers.add([newcomer('ann')], at('11:02'));
      expect(added).toMatchObject({ kind: 'kept', subscriber: { state: 'suppressed' } });
      expect(await store.subscribers.takeOver([arrival('ann')], at('11:02'))).toEqual(['kept-out']);
      expect(await store.subscribers.find(ann)).toMatchObject({ state: 'pending' });
      await store.signUps.forget(at('11:00').add({ hours: 15 * 24 }));
      expect(await store.subscribers.find(ann)).toBeNull();
      expect(await store.subscribers.suppression(ann)).toMatchObject({ isErased: true });
    });

    it('is suppressed, or erased once more, like anybody', async () => {
      const store = await open();
      await askAnew(store);
      expect(await erase(store)).toBe(true);
      expect(await store.subscribers.find(ann)).toBeNull();
      await store.signUps.ask(signUp('ann'), [], at('12:00'));
      await store.signUps.answer(10, at('12:01'));
      await store.signUps.confirm(2, at('12:02'));
      expect(await store.subscribers.find(ann)).toMatchObject({ id: 3, state: 'active' });
      expect(await erase(store)).toBe(true);
      await store.signUps.ask(signUp('ann'), [], at('13:00'));
      await store.signUps.answer(10, at('13:01'));
      expect(await store.subscribers.suppress(ann, 'complaint', at('13:02'))).toBe(true);
      expect(await store.signUps.confirm(3, at('13:03'))).toEqual({ kind: 'left' });
    });

    it('may have another subscriber’s address changed to theirs, for both ends agree', async () => {
      const store = await open();
      await erase(store);
      await store.subscribers.add([newcomer('bob')], at('10:01'));
      const bob = await store.subscribers.find(address('bob@example.org'));
      await store.addressChanges.ask(bob!.id, ann, at('11:00'));
      for (const end of ['old', 'new'] as const) await store.addressChanges.agree(1, end, at('11:01'));
      expect(await store.subscribers.find(ann)).toMatchObject({ id: bob!.id });
      expect(await store.subscribers.suppression(ann)).toBeNull();
    });
  });

  it('tells of an erased person that they were erased, and nothing else', async () => {
    const store = await open();
    await store.subscribers.add([newcomer('ann')], at('08:00'));
    expect((await store.subscribers.stories([1])).get(1)).toHaveLength(1);
    await erase(store);
    expect((await store.subscribers.stories([1])).get(1)).toEqual([
      { at: at('10:00'), kind: 'erased', source: 'by hand', words: '', origin: null },
    ]);
  });
}
