/**
 * What remains of an address that was erased: a salted hash in the suppressions, from which nobody can read the address, but by which it is known when
 * it comes again. The salt is made with the first erasure, is the store's own, and moves along with it.
 */
import { createHmac, randomBytes } from 'node:crypto';
import type { Kysely, Transaction } from 'kysely';
import type { Tables } from './tables.ts';

/** No address key begins so: it has no @. */
export const ERASED_PREFIX = 'erased:';

/** Address key → the key it has once it is erased. */
export async function makeErasedKey(tx: Transaction<Tables>, key: string): Promise<string> {
  await tx
    .insertInto('settings')
    .values({ name: 'salt', value: randomBytes(32).toString('hex') })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
  const salt = await readSalt(tx);
  if (salt === null) throw new Error('the salt was written and is not there');
  return hashKey(key, salt);
}

/** The key that an address has if it was erased, or null while nobody was. */
export async function findErasedKey(db: Kysely<Tables>, key: string): Promise<string | null> {
  const salt = await readSalt(db);
  return salt === null ? null : hashKey(key, salt);
}

/** Which of these address keys were erased, with the keys they have since. Costs nothing while nobody was. */
export async function findErased(
  tx: Kysely<Tables>,
  keys: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const salt = await readSalt(tx);
  if (salt === null || keys.length === 0) return new Map();
  const byHash = new Map(keys.map((key) => [hashKey(key, salt), key]));
  const rows = await tx
    .selectFrom('suppressions')
    .select('address_key')
    .where('address_key', 'in', [...byHash.keys()])
    .execute();
  return new Map(
    rows.flatMap(({ address_key }) => {
      const key = byHash.get(address_key);
      return key === undefined ? [] : [[key, address_key] as const];
    }),
  );
}

async function readSalt(tx: Kysely<Tables>): Promise<string | null> {
  const row = await tx.selectFrom('settings').select('value').where('name', '=', 'salt').executeTakeFirst();
  return row?.value ?? null;
}

function hashKey(key: string, salt: string): string {
  return ERASED_PREFIX + createHmac('sha256', Buffer.from(salt, 'hex')).update(key).digest('base64url');
}
