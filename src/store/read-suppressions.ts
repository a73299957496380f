/** Who is kept out, and why: looked up by address, and listed where no subscriber stands for it. */
import type { Kysely } from 'kysely';
import type { Address } from '../domain/address.ts';
import type { Suppression } from '../domain/subscriber.ts';
import { toInstant } from './convert-times.ts';
import { ERASED_PREFIX, findErasedKey } from './erased-keys.ts';
import { PAGE_ROWS } from './page-by-key.ts';
import type { Tables } from './tables.ts';

export async function findSuppression(db: Kysely<Tables>, key: string): Promise<Suppression | null> {
  const erasedKey = await findErasedKey(db, key);
  const row = await db
    .selectFrom('suppressions')
    .selectAll()
    .where('address_key', 'in', erasedKey === null ? [key] : [key, erasedKey])
    .executeTakeFirst();
  return row === undefined ? null : toSuppression(row);
}

/** In order of their address keys, page by page. */
export async function* listStrangers(
  db: Kysely<Tables>,
): AsyncGenerator<Suppression & { readonly address: Address }> {
  let after = '';
  for (;;) {
    const page = await db
      .selectFrom('suppressions')
      .selectAll('suppressions')
      .leftJoin('subscribers', 'subscribers.address_key', 'suppressions.address_key')
      .select('subscribers.id')
      .where('suppressions.address_key', '>', after)
      .orderBy('suppressions.address_key')
      .limit(PAGE_ROWS)
      .execute();
    for (const row of page) {
      if (row.id !== null || row.address_key.startsWith(ERASED_PREFIX)) continue;
      // The key of an address is an address itself, in lower case.
      yield { ...toSuppression(row), address: row.address_key as Address };
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE_ROWS) return;
    after = last.address_key;
  }
}

function toSuppression({ address_key, reason, since }: Tables['suppressions']): Suppression {
  return { reason, since: toInstant(since), isErased: address_key.startsWith(ERASED_PREFIX) };
}
