/** Arrivals from another list: put down as they stood there, with their story; nobody is revived, and the same again changes nothing. */
import { expect, it } from 'vitest';
import type { Arrival, StoryLine } from '../../src/domain/subscriber.ts';
import { type Database, openStoresOf } from './databases.ts';
import { address, at, newcomer } from './samples.ts';

const OLD = Temporal.Instant.from('2021-03-04T05:06:07Z');
const LATER = Temporal.Instant.from('2023-03-04T05:06:07Z');

export function arrival(name: string, changes: Partial<Arrival> = {}): Arrival {
  return {
    address: address(`${name}@example.org`),
    name: '',
    state: 'active',
    series: null,
    tags: null,
    pausedUntil: null,
    createdAt: null,
    confirmedAt: null,
    endedAt: null,
    endReason: null,
    source: 'import old.csv',
    words: '',
    story: [],
    ...changes,
  };
}

const line = (kind: StoryLine['kind'], when: Temporal.Instant, source = 'import old.csv'): StoryLine => ({
  at: when,
  kind,
  source,
  words: '',
  origin: null,
});

const STATES = ['pending', 'active', 'unsubscribed', 'suppressed'] as const;

/** Somebody who stands in each way here, with each state there. */
const MEETINGS = ['nobody', 'pending', 'active', 'unsubscribed', 'suppressed', 'stranger', 'erased'].flatMap(
  (here) => STATES.map((there) => ({ name: `${here}-${there}`, here, there })),
);

export function arrivalsContract(database: Database): void {
  const { open } = openStoresOf(database);

  it('foresees what becomes of each, and changes nothing by it', async () => {
    const store = await open();
    for (const { name, here } of MEETINGS) {
      const who = address(`${name}@example.org`);
      if (here !== 'nobody' && here !== 'stranger') {
        const state = here === 'pending' ? 'pending' : 'active';
        const [added] = await store.subscribers.add([newcomer(name, { state })], at('08:00'));
        if (here === 'unsubscribed')
          await store.subscribers.unsubscribe(added!.subscriber.id, 'x', at('08:01'));
      }
      if (here === 'suppressed' || here === 'stranger')
        await store.subscribers.suppress(who, 'x', at('08:01'));
      if (here === 'erased') await store.subscribers.erase(who, 'x', at('08:01'));
    }
    const batch = [...MEETINGS, ...MEETINGS].map(({ name, there }) => arrival(name, { state: there }));
    const before = await Array.fromAsync(store.subscribers.list());
    const foreseen = await store.subscribers.foresee(batch, at('09:00'));
    expect(await Array.fromAsync(store.subscribers.list())).toEqual(before);
    expect(foreseen).toEqual(await store.subscribers.takeOver(batch, at('09:00')));
    expect(new Set(foreseen)).toEqual(new Set(['added', 'confirmed', 'ended', 'kept', 'kept-out']));
  });

  it('puts down everything that is known of them', async () => {
    const store = await open();
    const told = { ...line('asked', OLD, 'Mailchimp'), words: 'tags: VIP', origin: '192.0.2.1' };
    const ann = arrival('ann', {
      name: 'Ann Lee',
      series: ['weekly'],
      tags: ['rust', 'go'],
      pausedUntil: at('20:00'),
      createdAt: OLD,
      confirmedAt: LATER,
      story: [told],
    });
    expect(await store.subscribers.takeOver([ann], at('09:00'))).toEqual(['added']);
    expect(await store.subscribers.find(ann.address)).toEqual({
      id: 1,
      address: 'ann@example.org',
      name: 'Ann Lee',
      state: 'active',
      series: ['weekly'],
      tags: ['go', 'rust'],
      pausedUntil: at('20:00'),
      createdAt: OLD,
      confirmedAt: LATER,
      endedAt: null,
      endReason: null,
    });
    expect((await store.subscribers.stories([1])).get(1)).toEqual([told, line('imported', at('09:00'))]);
    expect(await store.subscribers.takeOver([ann], at('10:00'))).toEqual(['kept']);
    expect((await store.subscribers.stories([1])).get(1)).toHaveLength(2);
  });

  it('keeps out who had left or must not be written to', async () => {
    const store = await open();
    const left = arrival('left', { state: 'unsubscribed', endedAt: OLD, endReason: 'too many mails' });
    const dead = arrival('dead', { state: 'suppressed', endedAt: OLD, endReason: 'bounced at Mailchimp' });
    expect(await store.subscribers.takeOver([left, dead], at('09:00'))).toEqual(['added', 'added']);
    expect(await store.subscribers.find(left.address)).toMatchObject({
      state: 'unsubscribed',
      endedAt: OLD,
      endReason: 'too many mails',
      confirmedAt: null,
    });
    expect(await store.subscribers.suppression(left.address)).toBeNull();
    expect(await store.subscribers.find(dead.address)).toMatchObject({ state: 'suppressed', endedAt: OLD });
    expect(await store.subscribers.suppression(dead.address)).toEqual({
      reason: 'bounced at Mailchimp',
      since: OLD,
      isErased: false,
    });
    expect(await Array.fromAsync(store.subscribers.strangers())).toEqual([]);
    expect(await store.subscribers.takeOver([arrival('left'), arrival('dead')], at('10:00'))).toEqual([
      'kept',
      'kept-out',
    ]);
    expect(await store.subscribers.counts()).toMatchObject({ active: 0 });
  });

  it('revives nobody who was suppressed or erased here', async () => {
    const store = await open();
    await store.subscribers.suppress(address('dead@example.org'), 'complaint', at('08:00'));
    await store.subscribers.erase(address('gone@example.org'), 'by hand', at('08:00'));
    expect(await store.subscribers.takeOver([arrival('dead'), arrival('gone')], at('09:00'))).toEqual([
      'kept-out',
      'kept-out',
    ]);
    expect(await store.subscribers.takeOver([arrival('eve', { state: 'suppressed' })], at('09:00'))).toEqual([
      'added',
    ]);
    await store.subscribers.suppress(address('flo@example.org'), 'complaint', at('08:00'));
    expect(await store.subscribers.takeOver([arrival('flo', { state: 'suppressed' })], at('09:00'))).toEqual([
      'kept',
    ]);
    expect(await store.subscribers.find(address('gone@example.org'))).toBeNull();
    expect(await store.subscribers.counts()).toMatchObject({ active: 0, suppressed: 2 });
  });

  it('gives who is pending what they had agreed to there, not what somebody typed here', async () => {
    const store = await open();
    await store.subscribers.add([newcomer('ann', { state: 'pending', name: 'Not Ann' })], at('08:00'));
    const pausedUntil = at('10:00').add({ hours: 24 });
    await store.subscribers.takeOver(
      [arrival('ann', { name: 'Ann', series: ['monthly'], tags: ['night'], pausedUntil })],
      at('09:00'),
    );
    const ann = await store.subscribers.byId(1);
    expect(ann).toMatchObject({ state: 'active', name: 'Ann', series: ['monthly'], tags: ['night'] });
    expect(ann?.pausedUntil).toEqual(pausedUntil);
  });

  it('confirms who is pending, and ends who left there, but not who agreed here since', async () => {
    const store = await open();
    await store.subscribers.add(
      [newcomer('ann', { state: 'pending' }), newcomer('bob'), newcomer('cy'), newcomer('di')],
      at('08:00'),
    );
    const left = { state: 'unsubscribed', endReason: 'had enough' } as const;
    const batch = [
      arrival('ann', { confirmedAt: OLD }),
      arrival('bob', left),
      arrival('cy', { ...left, endedAt: OLD }),
      arrival('di', { state: 'suppressed' }),
    ];
    expect(await store.subscribers.takeOver(batch, at('09:00'))).toEqual([
      'confirmed',
      'ended',
      'kept',
      'ended',
    ]);
    const all = await Array.fromAsync(store.subscribers.list());
    expect(all.map(({ state }) => state)).toEqual(['active', 'unsubscribed', 'active', 'suppressed']);
    expect(all[0]?.confirmedAt).toEqual(OLD);
    expect(all[1]).toMatchObject({ endReason: 'had enough', endedAt: at('09:00') });
    expect(await store.subscribers.takeOver(batch, at('10:00'))).toEqual(['kept', 'kept', 'kept', 'kept']);
  });

  it('takes an address that is there twice as if it came twice', async () => {
    const store = await open();
    const batch = [
      arrival('ann'),
      arrival('ANN', { state: 'unsubscribed', endedAt: at('12:00') }),
      arrival('ann'),
    ];
    expect(await store.subscribers.takeOver(batch, at('09:00'))).toEqual(['added', 'ended', 'kept']);
    expect(await store.subscribers.byId(1)).toMatchObject({ state: 'unsubscribed' });
  });
}
