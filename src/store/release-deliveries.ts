/** Gives deliveries back: those of a dead worker, and claims that came to nothing. */
import type { Transaction } from 'kysely';
import type { Claim } from '../domain/delivery.ts';
import { closeCancelledDoubts } from './cancel-digest.ts';
import type { SqlDialect } from './sql-dialect.ts';
import { addDoubts } from './add-doubts.ts';
import { releaseNotices } from './notice-records.ts';
import type { Tables } from './tables.ts';
import { givenBackState } from './withdraw-deliveries.ts';

/** Stands as the server's words in the attempt of a worker that died between the mark and the answer. */
const DIED_HANDING_OVER = 'the program ended before the server answered';

type Released = { readonly due: number; readonly inDoubt: number };

export async function releaseDeliveries(
  tx: Transaction<Tables>,
  dialect: SqlDialect,
  worker: string,
  now: number,
): Promise<Released> {
  await releaseNotices(tx, worker, now);
  await lockHeld(tx, dialect, worker);
  const doubted = await doubtHandedOver(tx, worker, now);
  if (doubted > 0) await closeCancelledDoubts(tx);
  // Nothing that counts had left: they are as they were before the claim.
  const returned = await tx
    .updateTable('deliveries')
    .set({ state: givenBackState, worker: null, next_attempt_at: 0, changed_at: now })
    .where('worker', '=', worker)
    .where('state', '=', 'claimed')
    .returning('state')
    .execute();
  const due = returned.filter(({ state }) => state === 'due').length;
  return { due, inDoubt: doubted + returned.length - due };
}

/** A worker that only slept may settle at this moment: who comes second finds what the first did. */
async function lockHeld(tx: Transaction<Tables>, dialect: SqlDialect, worker: string): Promise<void> {
  if (!dialect.hasConcurrentWriters) return;
  await tx
    .selectFrom('deliveries')
    .select('subscriber')
    .where('worker', '=', worker)
    .orderBy('digest')
    .orderBy('subscriber')
    .forUpdate()
    .execute();
}

/** The dot may have left: an attempt says so before the state does, so that the reason is never missing. */
async function doubtHandedOver(tx: Transaction<Tables>, worker: string, now: number): Promise<number> {
  await addDoubts(tx, { reply: DIED_HANDING_OVER, now }, (expression) =>
    expression.and([expression('worker', '=', worker), expression('state', '=', 'handing-over')]),
  );
  const result = await tx
    .updateTable('deliveries')
    .set((expression) => ({
      state: 'in-doubt',
      worker: null,
      next_attempt_at: now,
      doubted: 1,
      attempts: expression('attempts', '+', 1),
      changed_at: now,
    }))
    .where('worker', '=', worker)
    .where('state', '=', 'handing-over')
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}

/** Untouched: no attempt, and the fence grows with the next claim anyway. A claim that somebody else holds by now stays theirs. */
export async function unclaimDeliveries(
  tx: Transaction<Tables>,
  claims: readonly Pick<Claim, 'digest' | 'subscriber' | 'fence'>[],
  now: number,
): Promise<void> {
  for (const claim of claims) {
    await tx
      .updateTable('deliveries')
      .set({ state: givenBackState, worker: null, next_attempt_at: 0, changed_at: now })
      .where('digest', '=', claim.digest)
      .where('subscriber', '=', claim.subscriber)
      .where('fence', '=', claim.fence)
      .where('state', '=', 'claimed')
      .execute();
  }
}
