/**
 * Claims, one call after the other, and remembers what it gave out: when the answer to a commit was lost, the worker holds deliveries that nobody
 * knows of. They are found with the next claim and handed out again, rather than held until the program ends.
 */
import type { Transaction } from 'kysely';
import type { Claim } from '../domain/delivery.ts';
import { type ClaimOrder, claimDeliveries } from './claim-deliveries.ts';
import type { Connection } from './connection.ts';
import { toMilliseconds } from './convert-times.ts';
import { unclaimDeliveries } from './release-deliveries.ts';
import type { Tables } from './tables.ts';
import { extendLease } from './worker-records.ts';

export type Claims = {
  readonly claim: (order: ClaimOrder) => Promise<readonly Claim[]>;
  /** The holder has done with it: settled, or given back. */
  readonly forget: (claim: Claim) => void;
};

export function claimInTurn({ write, dialect }: Connection): Claims {
  const held = new Set<string>();
  let isUnsure = false;
  let earlier: Promise<unknown> = Promise.resolve();

  const claimNow = async (order: ClaimOrder): Promise<readonly Claim[]> => {
    try {
      const claims = await write(async (tx, again) => {
        if (again || isUnsure) await giveBackUnknown(tx, order, held);
        return await claimDeliveries(tx, dialect, order);
      });
      isUnsure = false;
      for (const claim of claims) held.add(keyOf(claim));
      return claims;
    } catch (error) {
      // It may have been committed for all that: what cannot be known now is looked up next time.
      isUnsure = true;
      throw error;
    }
  };
  return {
    claim: (order) => {
      const claiming = earlier.then(() => claimNow(order));
      earlier = claiming.catch(() => undefined);
      return claiming;
    },
    forget: (claim) => void held.delete(keyOf(claim)),
  };
}

async function giveBackUnknown(
  tx: Transaction<Tables>,
  { worker, now, leaseUntil }: ClaimOrder,
  held: ReadonlySet<string>,
): Promise<void> {
  // The worker's row is changed by each claim: whatever became of the lost one, it has become by the time this one has the row.
  await extendLease(tx, worker, toMilliseconds(leaseUntil));
  const rows = await tx
    .selectFrom('deliveries')
    .select(['digest', 'subscriber', 'fence'])
    .where('worker', '=', worker)
    .where('state', '=', 'claimed')
    .execute();
  const unknown = rows.filter((row) => !held.has(keyOf(row)));
  await unclaimDeliveries(tx, unknown, toMilliseconds(now));
}

function keyOf({ digest, subscriber, fence }: Pick<Claim, 'digest' | 'subscriber' | 'fence'>): string {
  return `${digest} ${subscriber} ${fence}`;
}
