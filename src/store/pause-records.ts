/** The pauses: at most one for each scope, shared by all programs on the store. */
import type { Kysely, Transaction } from 'kysely';
import { EVERYTHING, type Pause, type PauseScope, parseScope, renderScope } from '../domain/pause.ts';
import { toInstant, toInstantOrNull, toMilliseconds, toMillisecondsOrNull } from './convert-times.ts';
import { prepareQuery } from './prepare-query.ts';
import type { Tables } from './tables.ts';

export async function readPauses(db: Kysely<Tables>): Promise<readonly Pause[]> {
  const { rows } = await allPauses(db, {});
  return rows.map((row) => ({
    // A scope from a newer program is not known to stop less than everything.
    scope: parseScope(row.scope) ?? EVERYTHING,
    reason: row.reason,
    hint: row.hint,
    since: toInstant(row.since),
    until: toInstantOrNull(row.until),
  }));
}

// Asked with every claim.
const allPauses = prepareQuery<Record<string, never>, Tables['pauses']>((db) =>
  db.selectFrom('pauses').selectAll().orderBy('scope'),
);

export async function writePause(tx: Transaction<Tables>, pause: Pause): Promise<void> {
  const { scope, reason, hint, since, until } = pause;
  const row = { reason, hint, since: toMilliseconds(since), until: toMillisecondsOrNull(until) };
  // Of two programs that pause at once, the last one's reason stands.
  await tx
    .insertInto('pauses')
    .values({ scope: renderScope(scope), ...row })
    .onConflict((conflict) => conflict.column('scope').doUpdateSet(row))
    .execute();
}

/** Whether there was one. */
export async function deletePause(tx: Transaction<Tables>, scope: PauseScope): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('pauses')
    .where('scope', '=', renderScope(scope))
    .executeTakeFirst();
  return numDeletedRows > 0n;
}
