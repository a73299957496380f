/** The limits of visitors, counted in the database: they hold over restarts, and for several programs together. */
import type { Transaction } from 'kysely';
import { useLimit, type VisitorLimit } from '../domain/visitor-limit.ts';
import type { Tables } from './tables.ts';

/** Uses all of them, or none when one is over: then when to try again, in milliseconds. Null when all were within. */
export async function useLimits(
  tx: Transaction<Tables>,
  limits: readonly VisitorLimit[],
  now: number,
): Promise<number | null> {
  const used: { key: string; used_until: number }[] = [];
  let retryAt: number | null = null;
  // In one order, so that two programs never wait for each other's rows.
  for (const limit of limits.toSorted((one, other) => (one.key < other.key ? -1 : 1))) {
    const result = useLimit(limit, await readLocked(tx, limit.key), now);
    if (result.kind === 'within') used.push({ key: limit.key, used_until: result.usedUntil });
    else retryAt = Math.max(retryAt ?? 0, result.retryAt);
  }
  if (retryAt !== null) return retryAt;
  for (const row of used) {
    await tx
      .updateTable('visitor_limits')
      .set({ used_until: row.used_until })
      .where('key', '=', row.key)
      .execute();
  }
  return null;
}

/** Made when it is not there: the row is what programs wait for each other at. */
async function readLocked(tx: Transaction<Tables>, key: string): Promise<number> {
  const { used_until: usedUntil } = await tx
    .insertInto('visitor_limits')
    .values({ key, used_until: 0 })
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet((row) => ({ used_until: row.ref('visitor_limits.used_until') })),
    )
    .returning('used_until')
    .executeTakeFirstOrThrow();
  return usedUntil;
}
