/** What becomes of open deliveries when their subscriber leaves. */
import { sql, type Transaction } from 'kysely';
import type { DeliveryState } from '../domain/delivery.ts';
import type { Tables } from './tables.ts';

/** One that was in doubt before stays so: the server may have its message, and *withdrawn* would say that nobody was written to. */
export const withdrawnState = sql<DeliveryState>`case when doubted > 0 then 'in-doubt' else 'withdrawn' end`;

/** One that was in doubt before goes back to doubt, where `inDoubt` decides; any other is simply due. */
export const givenBackState = sql<DeliveryState>`case when doubted = 1 then 'in-doubt' else 'due' end`;

/** Withdraws what waits for a subscriber, in every digest. What is claimed at this moment is caught by the mark. */
export async function withdrawDeliveries(
  tx: Transaction<Tables>,
  subscriber: number,
  now: number,
): Promise<void> {
  // Goes through the key (digest, subscriber): as many look-ups as there are digests, whatever the list's length.
  await tx
    .updateTable('deliveries')
    .set({ state: withdrawnState, next_attempt_at: null, changed_at: now })
    .where('digest', 'in', tx.selectFrom('digests').select('number'))
    .where('subscriber', '=', subscriber)
    .where('state', 'in', ['due', 'deferred'])
    .execute();
}
