/** The ways out: a person leaves, or an address must not be written to. Both withdraw what is not yet handed over, in the same transaction. */
import type { Transaction } from 'kysely';
import { type Address, addressKey } from '../domain/address.ts';
import { findErased } from './erased-keys.ts';
import { findByKey, keepOut } from './keep-out.ts';
import { addNotice } from './notice-records.ts';
import type { SqlDialect } from './sql-dialect.ts';
import { tellStory } from './story-records.ts';
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
  const isFirst = numUpdatedRows > 0n;
  if (isFirst) await tellStory(tx, id, { at: now, kind: 'left', source: reason });
  await withdrawDeliveries(tx, id, now);
  return isFirst;
}

/** As `unsubscribe`, by a link that anybody may have who was forwarded the mail: with a goodbye to the one it was sent to. */
export async function leave(
  tx: Transaction<Tables>,
  dialect: SqlDialect,
  id: number,
  reason: string,
  now: number,
): Promise<boolean> {
  if (!(await unsubscribe(tx, id, reason, now))) return false;
  const { address } = await tx
    .selectFrom('subscribers')
    .select('address')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  await dialect.oneAtATime(tx, 'notices');
  await addNotice(tx, { kind: 'goodbye', address, subscriber: id, subject: id, detail: '' }, now);
  return true;
}

/** True the first time. The address need not be a subscriber's: it is refused from then on. */
export async function suppressAddress(
  tx: Transaction<Tables>,
  address: Address,
  reason: string,
  now: number,
): Promise<boolean> {
  const key = addressKey(address);
  const isNew = await keepOut(tx, key, reason, now);
  const subscriber = await findByKey(tx, key);
  // Who was erased is kept out by their hash: their address is not written down again, whatever a server says of it later, unless they asked anew.
  // Asked when the row is there, for an erasure waits for it.
  if (subscriber === null && (await findErased(tx, [key])).size > 0) {
    await tx.deleteFrom('suppressions').where('address_key', '=', key).execute();
    return false;
  }
  if (subscriber !== null) await suppressSubscriber(tx, subscriber, reason, now);
  return isNew;
}

async function suppressSubscriber(
  tx: Transaction<Tables>,
  id: number,
  reason: string,
  now: number,
): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable('subscribers')
    .set({ state: 'suppressed', ended_at: now, end_reason: reason })
    .where('id', '=', id)
    .where('state', 'not in', ['suppressed', 'erased'])
    .executeTakeFirst();
  if (numUpdatedRows > 0n) await tellStory(tx, id, { at: now, kind: 'suppressed', source: reason });
  await withdrawDeliveries(tx, id, now);
}
