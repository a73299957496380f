/** What a person decides about deliveries that nobody can know the end of, or that were given up. */
import { sql, type Transaction } from 'kysely';
import type { DeliveryState } from '../domain/delivery.ts';
import type { Repairs } from '../domain/store.ts';
import { splitBatches } from './split-batches.ts';
import type { Tables } from './tables.ts';

type Order = Parameters<Repairs['resolve']>[0];

/** What each decision is about. */
const DECIDED: Readonly<Record<Order['decision'], readonly DeliveryState[]>> = {
  resend: ['in-doubt', 'given-up'],
  skip: ['in-doubt'],
};

/** How many were changed. */
export async function resolveDeliveries(
  tx: Transaction<Tables>,
  { digest, decision, subscribers }: Order,
  now: number,
): Promise<number> {
  const update = tx
    .updateTable('deliveries')
    .set(decision === 'resend' ? dueAgain(now) : { next_attempt_at: null, doubted: 1, changed_at: now })
    .where('digest', '=', digest)
    .where('state', 'in', DECIDED[decision]);
  if (subscribers === null) return Number((await update.executeTakeFirst()).numUpdatedRows);
  let changed = 0;
  for (const batch of splitBatches(subscribers)) {
    const { numUpdatedRows } = await update.where('subscriber', 'in', batch).executeTakeFirst();
    changed += Number(numUpdatedRows);
  }
  return changed;
}

/** The copy that was fixed stays fixed. 2: a person has decided, so that a claim given back is due and no open question again. */
const dueAgain = (now: number) => ({
  state: 'due' as const,
  next_attempt_at: 0,
  doubted: sql<number>`case when doubted = 0 then 0 else 2 end`,
  changed_at: now,
});
