/** The ways out: a person leaves, or an address must not be written to. Both withdraw what is not yet handed over, in the same transaction. */
import type { Transaction } from 'kysely';
import { type Address, addressKey } from '../domain/address.ts';
import type { Tables } from './tables.ts';
import { withdrawDeliveries } from './withdraw-deliveries.ts';

/** True the first time. */
export async function unsubscribe(
  tx: Transaction<Tables>,
  id: number,
  reason: string,
  now: number,
): Promise<boolean> {
  // A link clicked twice, or years later, changes neither when nor why they left.
  const { numUpdatedRows } = await tx
    .updateTable('subscribers')
    .set({ state: 'unsubscribed', ended_at: now, end_reason: reason })
    .where('id', '=', id)
    .where('state', 'in', ['pending', 'active'])
    .executeTakeFirst();
  await withdrawDeliveries(tx, id, now);
  return numUpdatedRows > 0n;
}

/** True the first time. The address need not be a subscriber's: it is refused from then on. */
export async function suppressAddress(
  tx: Transaction<Tables>,
  address: Address,
  reason: string,
  now: number,
): Promise<boolean> {
  const key = addressKey(address);
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('suppressions')
    .values({ address_key: key, reason, since: now })
    .onConflict((conflict) => conflict.column('address_key').doNothing())
    .executeTakeFirst();
  const subscriber = await tx
    .selectFrom('subscribers')
    .select('id')
    .where('address_key', '=', key)
    .executeTakeFirst();
  if (subscriber !== undefined) await suppressSubscriber(tx, subscriber.id, reason, now);
  return numInsertedOrUpdatedRows === 1n;
}

async function suppressSubscriber(
  tx: Transaction<Tables>,
  id: number,
  reason: string,
  now: number,
): Promise<void> {
  await tx
    .updateTable('subscribers')
    .set({ state: 'suppressed', ended_at: now, end_reason: reason })
    .where('id', '=', id)
    .where('state', '<>', 'suppressed')
    .execute();
  await withdrawDeliveries(tx, id, now);
}
