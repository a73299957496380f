/** Cancels a digest: who was not handed it yet does not get it. Its slot keeps the word, so that what is in flight at this moment is not tried again either. */
import type { Transaction } from 'kysely';
import type { SqlDialect } from './sql-dialect.ts';
import type { Tables } from './tables.ts';
import { withdrawnState } from './withdraw-deliveries.ts';

/** How many deliveries were withdrawn. Those being handed over are left to their outcome. */
export async function cancelDigest(tx: Transaction<Tables>, digest: number, now: number): Promise<number> {
  await tx
    .updateTable('slots')
    .set({ state: 'cancelled', decided_at: now })
    .where('digest', '=', digest)
    .where('state', '=', 'taken')
    .execute();
  const withdrawn = await tx
    .updateTable('deliveries')
    .set({ state: withdrawnState, worker: null, next_attempt_at: null, changed_at: now })
    .where('digest', '=', digest)
    .where('state', 'in', ['due', 'claimed', 'deferred'])
    .executeTakeFirst();
  await closeDoubts(tx, digest);
  return Number(withdrawn.numUpdatedRows);
}

/** They stay in doubt, and are not sent again. */
async function closeDoubts(tx: Transaction<Tables>, digest: number): Promise<void> {
  await tx
    .updateTable('deliveries')
    .set({ next_attempt_at: null })
    .where('digest', '=', digest)
    .where('state', '=', 'in-doubt')
    .where('next_attempt_at', 'is not', null)
    .execute();
}

/** Asked only when something would be tried again, which is seldom. */
export async function isCancelled(
  tx: Transaction<Tables>,
  dialect: SqlDialect,
  digest: number,
): Promise<boolean> {
  const slot = await tx
    .selectFrom('slots')
    .select('state')
    .where('digest', '=', digest)
    // Who cancels at this moment is waited for, or waits and finds what was settled.
    .$if(dialect.hasConcurrentWriters, (query) => query.forShare())
    .executeTakeFirst();
  return slot?.state === 'cancelled';
}

/** What a dead worker left in doubt of cancelled digests. */
export async function closeCancelledDoubts(tx: Transaction<Tables>): Promise<void> {
  const slots = await tx.selectFrom('slots').select('digest').where('state', '=', 'cancelled').execute();
  for (const { digest } of slots) if (digest !== null) await closeDoubts(tx, digest);
}
