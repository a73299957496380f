/** Forgets what has no more use: sign-ups, with the pending subscribers that only they made, notices and changes of address that are over, and limits that are whole again. */
import type { Transaction } from 'kysely';
import { FORGET_AFTER } from '../domain/sign-up.ts';
import { splitBatches } from './split-batches.ts';
import type { Tables } from './tables.ts';

const KEPT_MILLISECONDS = FORGET_AFTER.hours * 3_600_000;

/** How many sign-ups were forgotten. */
export async function forgetSignUps(tx: Transaction<Tables>, now: number): Promise<number> {
  const before = now - KEPT_MILLISECONDS;
  const gone = await tx
    .deleteFrom('sign_ups')
    .where('asked_at', '<', before)
    .returning('subscriber')
    .execute();
  const subscribers = [...new Set(gone.flatMap(({ subscriber }) => subscriber ?? []))];
  for (const ids of splitBatches(subscribers)) await forgetPending(tx, ids);
  // Their number of the last day is what limits new ones.
  await tx
    .deleteFrom('notices')
    .where('made_at', '<', before)
    .where('next_attempt_at', 'is', null)
    .where('worker', 'is', null)
    .execute();
  await tx.deleteFrom('address_changes').where('asked_at', '<', before).execute();
  await tx.deleteFrom('visitor_limits').where('used_until', '<', now).execute();
  return gone.length;
}

/** Never one of whom anything else is known: that they were added by hand, say, or were written to. */
async function forgetPending(tx: Transaction<Tables>, ids: readonly number[]): Promise<void> {
  const pending = await tx
    .selectFrom('subscribers')
    .select('id')
    .where('id', 'in', ids)
    .where('state', '=', 'pending')
    .where((expression) =>
      expression.not(
        expression.exists(
          expression
            .selectFrom('sign_ups')
            .select('sign_ups.id')
            .whereRef('sign_ups.subscriber', '=', 'subscribers.id'),
        ),
      ),
    )
    .where((expression) =>
      expression.not(
        expression.exists(
          expression
            .selectFrom('stories')
            .select('stories.number')
            .whereRef('stories.subscriber', '=', 'subscribers.id')
            .where('stories.kind', '<>', 'asked'),
        ),
      ),
    )
    .where((expression) =>
      expression.exists(
        expression
          .selectFrom('stories')
          .select('stories.number')
          .whereRef('stories.subscriber', '=', 'subscribers.id')
          .where('stories.number', '=', 1)
          // One who was there before they signed up was not made by it.
          .whereRef('stories.at', '<=', 'subscribers.created_at'),
      ),
    )
    .execute();
  const forgotten = pending.map(({ id }) => id);
  if (forgotten.length === 0) return;
  for (const table of ['stories', 'cadences', 'subscriber_tags'] as const) {
    await tx.deleteFrom(table).where('subscriber', 'in', forgotten).execute();
  }
  await tx.deleteFrom('subscribers').where('id', 'in', forgotten).execute();
}
