/** Small, plain values that the store's tests are about. */
import type { Address } from '../../src/domain/address.ts';
import { parseAddress } from '../../src/domain/address.ts';
import type { Claim, DeliveryCounts, InDoubtPolicy, Outcome } from '../../src/domain/delivery.ts';
import type { FrozenContent } from '../../src/domain/digest.ts';
import type { PostRecord } from '../../src/domain/post.ts';
import type { FreezeRequest, Store } from '../../src/domain/store.ts';
import type { NewSubscriber } from '../../src/domain/subscriber.ts';
import type { Worker } from '../../src/domain/worker.ts';

/** A time of one Monday: `at('09:30')`. */
export function at(time: string): Temporal.Instant {
  return Temporal.Instant.from(`2026-11-16T${time}Z`);
}

export function address(text: string): Address {
  const result = parseAddress(text);
  if (result.kind !== 'address') throw new Error(result.reason);
  return result.address;
}

export function newcomer(name: string, changes: Partial<NewSubscriber> = {}): NewSubscriber {
  return {
    address: address(`${name}@example.org`),
    name: '',
    state: 'active',
    series: null,
    source: 'command line',
    ...changes,
  };
}

export function postRecord(id: string, changes: Partial<PostRecord> = {}): PostRecord {
  return {
    id,
    path: `posts/${id}.md`,
    slug: id,
    fileHash: `file ${id}`,
    contentHash: `content ${id}`,
    firstSeenAt: at('07:00'),
    changedAt: null,
    traits: null,
    showing: null,
    ...changes,
  };
}

export function content(key = 'all', posts: readonly string[] = ['one']): FrozenContent {
  return {
    key,
    posts,
    subject: 'the branch was deleted',
    html: '<p>haiku</p>',
    text: 'haiku',
    folded: ['an older post'],
    mime: new Uint8Array([0, 255, 13, 10]),
  };
}

/** Freezes the slot `weekly NAME` with one post of that name. */
export function freezeRequest(name: string, changes: Partial<FreezeRequest> = {}): FreezeRequest {
  const request = {
    slot: { series: 'weekly', name: `weekly ${name}`, dueAt: at('09:00') },
    subject: 'the branch was deleted',
    posts: [{ id: name, title: `Title of ${name}` }],
    contents: [content()],
    now: at('09:00'),
    ...changes,
  };
  const posts = request.posts.map(({ id }) => id);
  // As the whole digest, unless a test says which part of it a content holds.
  const contents = request.contents.map((one) => (one.key === 'all' ? { ...one, posts } : one));
  return { ...request, contents };
}

export function worker(id: string): Worker {
  return { id, host: 'desk', boot: 'boot-1', pid: 4711, startedAt: '12345' };
}

/** A store with the series `weekly`, these subscribers and workers, and one digest (number 1) for all of them. */
export async function prepareDigest(
  store: Store,
  names: readonly string[],
  workers: readonly string[] = ['first', 'second'],
): Promise<void> {
  await store.series.open('weekly', at('08:00'), []);
  await store.subscribers.add(
    names.map((name) => newcomer(name)),
    at('08:00'),
  );
  for (const id of workers) await store.ledger.enlist(worker(id), at('08:00'));
  await store.digests.freeze(1, freezeRequest('one'));
}

export function claim(
  store: Store,
  order: {
    readonly worker?: string;
    readonly limit?: number;
    readonly now?: Temporal.Instant;
    readonly leaseUntil?: Temporal.Instant;
    readonly inDoubt?: InDoubtPolicy;
    readonly account?: string;
  } = {},
): Promise<readonly Claim[]> {
  return store.ledger.claim({
    worker: 'first',
    limit: 100,
    now: at('09:01'),
    leaseUntil: at('09:06'),
    inDoubt: 'retry',
    ...order,
  });
}

export async function claimOne(store: Store, order: Parameters<typeof claim>[1] = {}): Promise<Claim> {
  const [only] = await claim(store, { ...order, limit: 1 });
  if (only === undefined) throw new Error('nothing to claim');
  return only;
}

export const ACCEPTED: Outcome = { kind: 'accepted', reply: '250 2.0.0 queued' };
export const DEFERRED: Outcome = { kind: 'deferred', reply: '451 4.7.1 greylisted' };
export const IN_DOUBT: Outcome = { kind: 'in-doubt', reply: 'the connection closed after the dot' };
export const NO_MAILBOX: Outcome = {
  kind: 'rejected',
  reply: '550 5.1.1 no such user',
  scope: 'subscriber',
  enhancedCode: '5.1.1',
};

/** All nine states; those not named are 0. */
export function counts(known: Partial<DeliveryCounts>): DeliveryCounts {
  return {
    due: 0,
    claimed: 0,
    'handing-over': 0,
    accepted: 0,
    deferred: 0,
    rejected: 0,
    'given-up': 0,
    withdrawn: 0,
    'in-doubt': 0,
    ...known,
  };
}

export async function collect<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  return Array.fromAsync(items);
}
