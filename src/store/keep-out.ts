/** The row that keeps an address out, and who is there under an address: by its key in both. */
import type { Transaction } from 'kysely';
import type { Tables } from './tables.ts';

/** `key`: of an address, or of one that was erased. True the first time; the first reason stays. */
export async function keepOut(
  tx: Transaction<Tables>,
  key: string,
  reason: string,
  now: number,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('suppressions')
    .values({ address_key: key, reason, since: now })
    .onConflict((conflict) => conflict.column('address_key').doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

/** The subscriber's id, or null. */
export async function findByKey(tx: Transaction<Tables>, key: string): Promise<number | null> {
  const found = await tx
    .selectFrom('subscribers')
    .select('id')
    .where('address_key', '=', key)
    .executeTakeFirst();
  return found?.id ?? null;
}
