/**
 * Claims deliveries for one worker, in the transaction it is given: after it, nobody else gets them until the worker
 * settles, gives back or dies. Costs what the claim is long, whatever the length of the list.
 */
import type { Transaction } from 'kysely';
import type { Claim } from '../domain/delivery.ts';
import type { Copy } from '../domain/message.ts';
import { isRunning, type PauseScope } from '../domain/pause.ts';
import type { Ledger } from '../domain/store.ts';
import { toInstant, toMilliseconds } from './convert-times.ts';
import { readCopies } from './copy-records.ts';
import { findWaiting, type Search, type WaitingDelivery } from './find-waiting.ts';
import { readPauses } from './pause-records.ts';
import { splitBatches } from './split-batches.ts';
import type { SqlDialect } from './sql-dialect.ts';
import type { Tables } from './tables.ts';
import { takeSubscribers } from './take-deliveries.ts';
import { withdrawnState } from './withdraw-deliveries.ts';
import { extendLease } from './worker-records.ts';

/** By digest and subscriber. */
type Copies = ReadonlyMap<number, ReadonlyMap<number, Copy>>;

export type ClaimOrder = Parameters<Ledger['claim']>[0];

export async function claimDeliveries(
  tx: Transaction<Tables>,
  dialect: SqlDialect,
  order: ClaimOrder,
): Promise<readonly Claim[]> {
  const now = toMilliseconds(order.now);
  // A pause holds for every program, also for one that looked before it was set.
  const pauses = (await readPauses(tx)).filter((pause) => isRunning(pause, order.now));
  if (pauses.some(({ scope }) => stops(scope, order.account))) return [];
  const pausedDigests = pauses.flatMap(({ scope }) => (scope.kind === 'digest' ? [scope.digest] : []));
  await extendLease(tx, order.worker, toMilliseconds(order.leaseUntil));
  const claims: Claim[] = [];
  while (claims.length < order.limit) {
    const limit = order.limit - claims.length;
    const search = { limit, now, inDoubt: order.inDoubt, pausedDigests };
    const { found, staying } = await findStaying(tx, dialect, search);
    if (found === 0) break;
    claims.push(...(await takeDeliveries(tx, staying, order.worker, now)));
  }
  return claims;
}

function stops(scope: PauseScope, account: string | undefined): boolean {
  return scope.kind === 'all' || (scope.kind === 'account' && scope.account === account);
}

/** What may be claimed now, without those whose subscriber left: they are withdrawn. `found` counts both. */
export async function findStaying(
  tx: Transaction<Tables>,
  dialect: SqlDialect,
  search: Search,
): Promise<{ readonly found: number; readonly staying: readonly WaitingDelivery[] }> {
  const found = await findWaiting(tx, dialect, search);
  const [staying, gone] = partition(found, ({ subscriber_state }) => subscriber_state === 'active');
  await withdraw(tx, gone, search.now);
  return { found: found.length, staying };
}

/** In their order. */
export async function takeDeliveries(
  tx: Transaction<Tables>,
  deliveries: readonly WaitingDelivery[],
  worker: string,
  now: number,
): Promise<readonly Claim[]> {
  await take(tx, deliveries, worker, now);
  const copies = await findCopies(tx, deliveries);
  return deliveries.map((delivery) => toClaim(delivery, now, copies));
}

/** They left after the freeze and before their turn. */
async function withdraw(
  tx: Transaction<Tables>,
  deliveries: readonly WaitingDelivery[],
  now: number,
): Promise<void> {
  for (const { digest, subscribers } of groupByDigest(deliveries)) {
    await tx
      .updateTable('deliveries')
      .set({ state: withdrawnState, next_attempt_at: null, changed_at: now })
      .where('digest', '=', digest)
      .where('subscriber', 'in', subscribers)
      .execute();
  }
}

async function take(
  tx: Transaction<Tables>,
  deliveries: readonly WaitingDelivery[],
  worker: string,
  now: number,
): Promise<void> {
  for (const { digest, subscribers } of groupByDigest(deliveries)) {
    await takeSubscribers(tx, { digest, worker, now }, subscribers);
  }
}

/** Only what was tried before can have one: the first pass over a list asks for nothing. */
async function findCopies(tx: Transaction<Tables>, deliveries: readonly WaitingDelivery[]): Promise<Copies> {
  const copies = new Map<number, ReadonlyMap<number, Copy>>();
  const tried = deliveries.filter(({ first_claimed_at }) => first_claimed_at !== null);
  for (const { digest, subscribers } of groupByDigest(tried)) {
    const found = await readCopies(tx, digest, subscribers);
    copies.set(digest, new Map([...(copies.get(digest) ?? []), ...found]));
  }
  return copies;
}

function toClaim(delivery: WaitingDelivery, now: number, copies: Copies): Claim {
  return {
    digest: delivery.digest,
    subscriber: delivery.subscriber,
    address: delivery.address,
    name: delivery.name,
    content: delivery.content,
    fence: delivery.fence + 1,
    earlierAttempts: delivery.attempts,
    firstClaimedAt: toInstant(delivery.first_claimed_at ?? now),
    copy: copies.get(delivery.digest)?.get(delivery.subscriber) ?? null,
  };
}

function groupByDigest(
  deliveries: readonly WaitingDelivery[],
): readonly { readonly digest: number; readonly subscribers: readonly number[] }[] {
  return [...Map.groupBy(deliveries, ({ digest }) => digest)].flatMap(([digest, group]) =>
    splitBatches(group.map(({ subscriber }) => subscriber)).map((subscribers) => ({ digest, subscribers })),
  );
}

function partition<Item>(items: readonly Item[], holds: (item: Item) => boolean): readonly [Item[], Item[]] {
  return [items.filter((item) => holds(item)), items.filter((item) => !holds(item))];
}
