/** Undoes a leaving: for somebody else's click on a forwarded mail, and for one's own that was a mistake. */
import type { Transaction } from 'kysely';
import { UNDO_WITHIN } from '../domain/sign-up.ts';
import { toInstant, toMilliseconds } from './convert-times.ts';
import { isSuppressed } from './notice-records.ts';
import { addStoryLine } from './story-records.ts';
import type { Tables } from './tables.ts';

const VALID_MILLISECONDS = UNDO_WITHIN.hours * 3_600_000;

export async function comeBack(
  tx: Transaction<Tables>,
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
  return 'returned';
}
