/**
 * Undoes a leaving: for somebody else's click on a forwarded mail, and for one's own that was a mistake. What was on its way to them then is due
 * again; nothing of it was handed over.
 */
import type { Transaction } from 'kysely';
import { UNDO_WITHIN } from '../domain/sign-up.ts';
import { isCancelled } from './cancel-digest.ts';
import { toInstant, toMilliseconds } from './convert-times.ts';
import { isSuppressed } from './notice-records.ts';
import type { SqlDialect } from './sql-dialect.ts';
import { addStoryLine } from './story-records.ts';
import type { Tables } from './tables.ts';

const VALID_MILLISECONDS = UNDO_WITHIN.hours * 3_600_000;

export async function comeBack(
  tx: Transaction<Tables>,
  dialect: SqlDialect,
  id: number,
  leftAt: Temporal.Instant,
  now: number,
): Promise<'returned' | 'known' | 'expired'> {
  // Locked until the transaction ends: of two presses one brings them back.
  const row = await tx
    .updateTable('subscribers')
    .set((expression) => ({ name: expression.ref('name') }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
  if (row?.state === 'active') return 'known';
  if (row?.state !== 'unsubscribed' || row.ended_at === null || row.confirmed_at === null) return 'expired';
  const isThatLeaving = Math.floor(row.ended_at / 1000) === Math.floor(toMilliseconds(leftAt) / 1000);
  if (!isThatLeaving || now - row.ended_at > VALID_MILLISECONDS) return 'expired';
  if (await isSuppressed(tx, row.address_key)) return 'expired';
  await tx
    .updateTable('subscribers')
    .set({ state: 'active', ended_at: null, end_reason: null })
    .where('id', '=', id)
    .execute();
  const line = {
    at: toInstant(now),
    kind: 'returned',
    source: 'undo page',
    words: '',
    origin: null,
  } as const;
  await addStoryLine(tx, id, line);
  await giveBack(tx, dialect, { id, since: row.ended_at, now });
  return 'returned';
}

/** Withdrawn since they left, and in no doubt. What was cancelled stays cancelled. */
async function giveBack(
  tx: Transaction<Tables>,
  dialect: SqlDialect,
  { id, since, now }: { readonly id: number; readonly since: number; readonly now: number },
): Promise<void> {
  const withdrawn = await tx
    .selectFrom('deliveries')
    .select('digest')
    .where('digest', 'in', tx.selectFrom('digests').select('number'))
    .where('subscriber', '=', id)
    .where('state', '=', 'withdrawn')
    .where('doubted', '=', 0)
    .where('changed_at', '>=', since)
    .orderBy('digest')
    .execute();
  for (const { digest } of withdrawn) {
    if (await isCancelled(tx, dialect, digest)) continue;
    await tx
      .updateTable('deliveries')
      .set({ state: 'due', next_attempt_at: 0, changed_at: now })
      .where('digest', '=', digest)
      .where('subscriber', '=', id)
      .where('state', '=', 'withdrawn')
      .execute();
  }
}
