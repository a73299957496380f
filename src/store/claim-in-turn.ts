/**
 * Claims, one call after the other, and remembers what it gave out: when the answer to a commit was lost, the worker holds deliveries that nobody
 * knows of. They are found with the next claim and handed out again, rather than held until the program ends.
 */
import type { Transaction } from 'kysely';
import type { Claim } from '../domain/delivery.ts';
import type { SharedClaims } from '../domain/share.ts';
import { type ClaimOrder, claimDeliveries } from './claim-deliveries.ts';
import type { Connection } from './connection.ts';
import { toMilliseconds } from './convert-times.ts';
import { unclaimDeliveries } from './release-deliveries.ts';
import { type ShareOrder, shareDeliveries } from './share-deliveries.ts';
import type { Tables } from './tables.ts';
import { extendLease } from './worker-records.ts';

export type Claims = {
  readonly claim: (order: ClaimOrder) => Promise<readonly Claim[]>;
  readonly share: (order: ShareOrder) => Promise<SharedClaims>;
  /** The holder has done with it: settled, or given back. */
  readonly forget: (claim: Pick<Claim, 'digest' | 'subscriber' | 'fence'>) => void;
};

type Lease = Pick<ClaimOrder, 'worker' | 'now' | 'leaseUntil'>;

/** Claims in a transaction; what it claimed beside what it answers. */
type Run<T> = (tx: Transaction<Tables>) => Promise<{ readonly result: T; readonly claims: readonly Claim[] }>;

export function claimInTurn({ write, dialect }: Connection): Claims {
  const held = new Set<string>();
  let isUnsure = false;
  let earlier: Promise<unknown> = Promise.resolve();

  const runNow = async <T>(order: Lease, run: Run<T>): Promise<T> => {
    try {
      const { result, claims } = await write(async (tx, again) => {
        if (again || isUnsure) await giveBackUnknown(tx, order, held);
        return await run(tx);
      });
      isUnsure = false;
      for (const claim of claims) held.add(keyOf(claim));
      return result;
    } catch (error) {
      // It may have been committed for all that: what cannot be known now is looked up next time.
      isUnsure = true;
      throw error;
    }
  };
  const inTurn = <T>(order: Lease, run: Run<T>): Promise<T> => {
    const claiming = earlier.then(() => runNow(order, run));
    earlier = claiming.catch(() => undefined);
    return claiming;
  };
  return {
    claim: (order) =>
      inTurn(order, async (tx) => {
        const claims = await claimDeliveries(tx, dialect, order);
        return { result: claims, claims };
      }),
    share: (order) =>
      inTurn(order, async (tx) => {
        const result = await shareDeliveries(tx, dialect, order);
        return { result, claims: result.claims.map(({ claim }) => claim) };
      }),
    forget: (claim) => void held.delete(keyOf(claim)),
  };
}

async function giveBackUnknown(
  tx: Transaction<Tables>,
  { worker, now, leaseUntil }: Lease,
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
