/**
 * The way back of who was erased: their own word, given by a button in a mail to their address. Then their hash is forgotten. What the ledger keeps of
 * nobody stays nobody's: they begin anew, as somebody else.
 */
import { sql, type Transaction } from 'kysely';
import { findErasedKey } from './erased-keys.ts';
import type { Tables } from './tables.ts';

/** To be called only when the address has agreed. Nothing, when it was never erased. */
export async function liftErasure(tx: Transaction<Tables>, key: string): Promise<void> {
  const erasedKey = await findErasedKey(tx, key);
  if (erasedKey === null) return;
  await tx.deleteFrom('suppressions').where('address_key', '=', erasedKey).execute();
  await setAside(tx, erasedKey);
}

/** Frees the key for the next row that is erased under it. */
export async function setAside(tx: Transaction<Tables>, erasedKey: string): Promise<void> {
  await tx
    .updateTable('subscribers')
    .set({ address_key: sql<string>`'aside ' || cast(id as text)` })
    .where('address_key', '=', erasedKey)
    .execute();
}
