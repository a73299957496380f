/** What a move of a whole store must do, from one database to another. */
import { expect, it } from 'vitest';
import { OperatorError } from '../../src/domain/operator-error.ts';
import type { Store } from '../../src/domain/store.ts';
import type { Worker } from '../../src/domain/worker.ts';
import { moveStore } from '../../src/store/move-store.ts';
import { type Database, openStoresOf } from './databases.ts';
import {
  ACCEPTED,
  address,
  at,
  claim,
  claimOne,
  collect,
  counts,
  DEFERRED,
  freezeRequest,
  newcomer,
  NO_MAILBOX,
  postRecord,
  prepareDigest,
} from './samples.ts';

const NOW = at('10:00');
/** More than a page. */
const READERS = 2300;

export function moveContract(source: Database, target: Database): void {
  const olds = openStoresOf(source);
  const news = openStoresOf(target);
  const move = (from: string, to: string, isDead: (worker: Worker) => boolean = () => true) =>
    moveStore({ from, to, now: NOW, isDead });

  it('moves all there is, and goes on where the old one stood', async () => {
    const [from, to] = [await olds.makeLocation(), await news.makeLocation()];
    const old = await olds.openAt(from);
    await fill(old);
    const before = await look(old);
    await old.close();
    const report = await move(from, to);
    expect(report.rows).toMatchObject({ subscribers: READERS, deliveries: READERS, digests: 1, attempts: 3 });
    expect(report.to).not.toContain('s3cr3t');
    const moved = await news.openAt(to);
    // What a dead worker held was taken back on the way, as it would have been anyway.
    expect(await look(moved)).toEqual({
      ...before,
      counts: { ...before.counts, claimed: 0, due: before.counts.due + before.counts.claimed },
    });
    const [added] = await moved.subscribers.add([newcomer('later')], NOW);
    expect(added?.subscriber.id).toBe(READERS + 1);
    expect(await moved.digests.freeze(2, freezeRequest('two'))).toMatchObject({ kind: 'frozen' });
    const again = await claimOne(moved, { now: at('11:00'), worker: 'second' });
    expect(again.fence).toBeGreaterThan(1);
  });

  it('closes the old one: for who opens it, and for who has it open', async () => {
    const [from, to] = [await olds.makeLocation(), await news.makeLocation()];
    const old = await olds.openAt(from);
    await prepareDigest(old, ['ann', 'bob']);
    await move(from, to);
    await expect(claim(old)).rejects.toThrow(OperatorError);
    await expect(claim(old)).rejects.toThrow(/was moved/);
    await expect(old.subscribers.unsubscribe(1, 'one-click', NOW)).rejects.toThrow(OperatorError);
    await expect(old.digests.freeze(2, freezeRequest('two'))).rejects.toThrow(OperatorError);
    await expect(olds.openAt(from)).rejects.toThrow(/this database was moved to /);
    expect(await (await news.openAt(to)).ledger.counts(1)).toEqual(counts({ due: 2 }));
  });

  it('refuses while a living program delivers, and touches nothing', async () => {
    const [from, to] = [await olds.makeLocation(), await news.makeLocation()];
    const old = await olds.openAt(from);
    await prepareDigest(old, ['ann', 'bob']);
    const held = await claimOne(old, { leaseUntil: at('10:30') });
    await expect(move(from, to, () => false)).rejects.toThrow(/process 4711 on desk/);
    expect(await old.ledger.mark(held, at('09:02'))).toBe(true);
    expect((await (await news.openAt(to)).subscribers.counts()).active).toBe(0);
    // Its lease ran out: it is asleep, and in doubt as after a crash.
    await moveStore({ from, to, now: at('10:31'), isDead: () => false });
    expect(await (await news.openAt(to)).ledger.counts(1)).toEqual(counts({ 'in-doubt': 1, due: 1 }));
  });

  it('refuses a target that is in use, a second move, and a source that is not there', async () => {
    const [from, to, other] = [
      await olds.makeLocation(),
      await news.makeLocation(),
      await news.makeLocation(),
    ];
    await prepareDigest(await olds.openAt(from), ['ann']);
    const used = await news.openAt(to);
    await used.subscribers.add([newcomer('zoe')], NOW);
    await expect(move(from, to)).rejects.toThrow(/not empty/);
    expect((await used.subscribers.counts()).active).toBe(1);
    await move(from, other);
    await expect(move(from, to)).rejects.toThrow(/it was moved to/);
    await expect(move(from, other)).rejects.toThrow(/not empty/);
    await expect(move(`${await olds.makeLocation()}-nowhere`, to)).rejects.toThrow(OperatorError);
  });
}

async function fill(store: Store): Promise<void> {
  const names = Array.from({ length: READERS }, (_, index) => `reader${index}`);
  await store.posts.record([postRecord('one'), postRecord('Ünï\u{1f342}cödé')]);
  for (const slug of ['one', 'Ünï\u{1f342}'])
    await store.posts.show([
      { id: 'one', showing: { slug, since: at('08:00'), until: null, isInFeed: true } },
    ]);
  await store.volumes.close([{ number: 1, name: '2026', posts: ['one'] }]);
  await store.fixFeedBase('https://example.org/');
  await prepareDigest(store, names);
  await store.subscribers.suppress(address('nobody@example.org'), 'asked', at('08:30'));
  await store.series.recordSlots(
    'weekly',
    [{ series: 'weekly', name: 'weekly next', dueAt: at('12:00') }],
    at('12:00'),
  );
  const [one, two, three] = await claim(store, { limit: 6 });
  for (const [held, outcome, next] of [
    [one, ACCEPTED, null],
    [two, DEFERRED, at('10:30')],
    [three, NO_MAILBOX, null],
  ] as const) {
    if (held === undefined) throw new Error('nothing to claim');
    const copy = { address: held.address, name: held.name, linkKey: 0, seal: null };
    await store.ledger.mark(held, at('09:02'), copy);
    await store.ledger.settle(held, outcome, at('09:03'), next);
  }
}

async function look(store: Store) {
  return {
    instanceId: store.instanceId,
    keys: await store.linkKeys(),
    base: await store.feedBase(),
    posts: await store.posts.all(),
    volumes: await store.volumes.all(),
    digests: await store.digests.all(),
    content: await store.digests.content(1, 'all'),
    carried: await store.series.carried('weekly'),
    slots: await store.series.slots(),
    subscribers: await collect(store.subscribers.list()),
    counts: await store.ledger.counts(1),
    one: await store.ledger.deliveriesOf(1),
    two: await store.ledger.deliveriesOf(2),
    last: await store.ledger.deliveriesOf(READERS),
  };
}
