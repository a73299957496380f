/** What becomes of those who come from another list, by where each stands here. Nothing is written: that is `take-over.ts`. */
import type { Kysely } from 'kysely';
import { addressKey } from '../domain/address.ts';
import type { Arrival, ArrivalKind } from '../domain/subscriber.ts';
import { toMilliseconds } from './convert-times.ts';
import { findErased } from './erased-keys.ts';
import { splitBatches } from './split-batches.ts';
import type { SubscribersTable, Tables } from './tables.ts';

export type Known = {
  readonly id: number;
  readonly state: SubscribersTable['state'];
  readonly confirmed_at: number | null;
};

export type Standing = {
  readonly erased: ReadonlyMap<string, string>;
  readonly suppressions: ReadonlyMap<string, Tables['suppressions']>;
  readonly known: ReadonlyMap<string, Known>;
};

export async function readStanding(db: Kysely<Tables>, keys: readonly string[]): Promise<Standing> {
  const erased = await findErased(db, keys);
  const suppressed = await db
    .selectFrom('suppressions')
    .selectAll()
    .where('address_key', 'in', keys)
    .execute();
  const subscribers = await db
    .selectFrom('subscribers')
    .select(['id', 'address_key', 'state', 'confirmed_at'])
    .where('address_key', 'in', keys)
    .execute();
  return {
    erased,
    suppressions: new Map(suppressed.map((row) => [row.address_key, row])),
    known: new Map(subscribers.map((row) => [row.address_key, row])),
  };
}

export function judgeArrival(
  { erased, suppressions, known }: Standing,
  key: string,
  arrival: Arrival,
  now: number,
): ArrivalKind {
  if (erased.has(key)) return 'kept-out';
  const row = known.get(key);
  if (row !== undefined) return judgeKnown(row, arrival, now);
  if (!suppressions.has(key)) return 'added';
  // Who is kept out both there and here is so already.
  return arrival.state === 'suppressed' ? 'kept' : 'kept-out';
}

function judgeKnown({ state, confirmed_at }: Known, arrival: Arrival, now: number): ArrivalKind {
  if (state === 'suppressed') return arrival.state === 'suppressed' ? 'kept' : 'kept-out';
  if (arrival.state === 'suppressed') return 'ended';
  if (arrival.state === 'unsubscribed' && state !== 'unsubscribed') {
    // What they agreed to here after they had left there holds; where nobody knows when they left, they have left.
    const leftAt = arrival.endedAt === null ? now : toMilliseconds(arrival.endedAt);
    return confirmed_at !== null && confirmed_at > leftAt ? 'kept' : 'ended';
  }
  return arrival.state === 'active' && state === 'pending' ? 'confirmed' : 'kept';
}

/** An address that is there twice is judged twice, the second time as one that is known. */
export async function foreseeArrivals(
  db: Kysely<Tables>,
  batch: readonly Arrival[],
  now: number,
): Promise<readonly ArrivalKind[]> {
  const kinds: ArrivalKind[] = [];
  const seen = new Set<string>();
  for (const part of splitBatches(batch)) {
    const standing = await readStanding(
      db,
      part.map(({ address }) => addressKey(address)),
    );
    for (const arrival of part) {
      const key = addressKey(arrival.address);
      const kind = judgeArrival(standing, key, arrival, now);
      kinds.push(seen.has(key) && kind !== 'kept-out' ? 'kept' : kind);
      seen.add(key);
    }
  }
  return kinds;
}
