/** The pause: at most one, shared by all programs on the store. */
import type { Kysely, Transaction } from 'kysely';
import type { Pause } from '../domain/store.ts';
import { toInstant, toInstantOrNull, toMilliseconds, toMillisecondsOrNull } from './convert-times.ts';
import type { Tables } from './tables.ts';

export async function readPause(db: Kysely<Tables>): Promise<Pause | null> {
  const row = await db.selectFrom('pauses').selectAll().executeTakeFirst();
  if (row === undefined) return null;
  return {
    reason: row.reason,
    hint: row.hint,
    since: toInstant(row.since),
    until: toInstantOrNull(row.until),
  };
}

export async function writePause(tx: Transaction<Tables>, pause: Pause | null): Promise<void> {
  if (pause === null) {
    await tx.deleteFrom('pauses').execute();
    return;
  }
  const { reason, hint, since, until } = pause;
  const row = { reason, hint, since: toMilliseconds(since), until: toMillisecondsOrNull(until) };
  // Of two programs that pause at once, the last one's reason stands.
  await tx
    .insertInto('pauses')
    .values({ scope: 'all', ...row })
    .onConflict((conflict) => conflict.column('scope').doUpdateSet(row))
    .execute();
}
