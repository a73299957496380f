/**
 * Claims for several accounts, or under limits: each delivery is given to one of the accounts that may carry it now. One that none may carry for
 * a limit on its domain is sent to the end of that domain's line, by the time at which it may be claimed, so that it is looked at about once more and
 * never stands in the way of the others. Limits are counted in the same transaction as the claim.
 */
import type { Transaction } from 'kysely';
import type { Claim } from '../domain/delivery.ts';
import { isRunning } from '../domain/pause.ts';
import type { SharedClaim, SharedClaims } from '../domain/share.ts';
import type { Ledger } from '../domain/store.ts';
import { findStaying, takeDeliveries } from './claim-deliveries.ts';
import { toInstant, toMilliseconds } from './convert-times.ts';
import type { WaitingDelivery } from './find-waiting.ts';
import { type OpenRates, openRates, type Placing } from './open-rates.ts';
import { readPauses } from './pause-records.ts';
import type { SqlDialect } from './sql-dialect.ts';
import type { Tables } from './tables.ts';
import { extendLease } from './worker-records.ts';

export type ShareOrder = Parameters<Ledger['share']>[0];

/** Sent to a line in one transaction: the rest is for the next, so that others may write in between. */
const MOST_IN_LINE = 400;
/** Looked at together at least: under a limit there is room for one only, and before it may stand many who must wait. */
const LOOK_AT = 32;

const NOTHING: SharedClaims = { claims: [], nextAt: null, served: {} };

export async function shareDeliveries(
  tx: Transaction<Tables>,
  dialect: SqlDialect,
  order: ShareOrder,
): Promise<SharedClaims> {
  const now = toMilliseconds(order.now);
  const pauses = (await readPauses(tx)).filter((pause) => isRunning(pause, order.now));
  const scopes = pauses.map(({ scope }) => scope);
  const shares = order.shares.filter(
    ({ account }) => !scopes.some((scope) => scope.kind === 'account' && scope.account === account.name),
  );
  if (shares.length === 0 || scopes.some(({ kind }) => kind === 'all')) return NOTHING;
  await extendLease(tx, order.worker, toMilliseconds(order.leaseUntil));
  const rates = await openRates(tx, dialect, shares, now);
  const pausedDigests = scopes.flatMap((scope) => (scope.kind === 'digest' ? [scope.digest] : []));
  const claims: SharedClaim[] = [];
  let inLine = 0;
  while (rates.roomLeft() > 0 && inLine < MOST_IN_LINE) {
    const limit = Math.max(LOOK_AT, rates.roomLeft());
    const search = { limit, now, inDoubt: order.inDoubt, pausedDigests };
    const { found, staying } = await findStaying(tx, dialect, search);
    if (found === 0) break;
    const batch = await placeAll(tx, rates, staying, order);
    claims.push(...batch.claims);
    inLine += batch.inLine;
    // What waits for room would be found again and again.
    if (batch.left > 0) break;
  }
  await rates.save();
  const nextAt = inLine >= MOST_IN_LINE ? now * 1000 : rates.nextAt();
  return { claims, nextAt: nextAt === null ? null : toTurn(nextAt), served: rates.served() };
}

async function placeAll(
  tx: Transaction<Tables>,
  rates: OpenRates,
  deliveries: readonly WaitingDelivery[],
  order: ShareOrder,
): Promise<{ readonly claims: readonly SharedClaim[]; readonly inLine: number; readonly left: number }> {
  await rates.load(deliveries);
  const places = new Map<WaitingDelivery, Placing>();
  for (const delivery of deliveries) places.set(delivery, rates.place(delivery));
  const given = deliveries.filter((delivery) => places.get(delivery)?.kind === 'given');
  const claims = await takeDeliveries(tx, given, order.worker, toMilliseconds(order.now));
  let inLine = 0;
  for (const [delivery, place] of places) {
    if (place.kind !== 'in-line') continue;
    inLine += 1;
    await putOff(tx, delivery, place.comeAt);
  }
  return {
    claims: claims.flatMap((claim, index) => toShared(claim, places.get(given[index] as WaitingDelivery))),
    inLine,
    left: deliveries.length - given.length - inLine,
  };
}

/** It stays what it is, and no attempt was made. */
async function putOff(
  tx: Transaction<Tables>,
  { digest, subscriber }: WaitingDelivery,
  comeAt: number,
): Promise<void> {
  await tx
    .updateTable('deliveries')
    .set({ next_attempt_at: Math.ceil(comeAt / 1000) })
    .where('digest', '=', digest)
    .where('subscriber', '=', subscriber)
    .execute();
}

function toShared(claim: Claim, place: Placing | undefined): readonly SharedClaim[] {
  return place?.kind === 'given' ? [{ claim, account: place.account, notBefore: toTurn(place.at) }] : [];
}

/** Never earlier than it is. */
function toTurn(microseconds: number): Temporal.Instant {
  return toInstant(Math.ceil(microseconds / 1000));
}
