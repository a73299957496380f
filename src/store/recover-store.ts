/**
 * Makes a database that is behind its journal fit to send from, in the transaction it is given: what it does not know of was sent elsewhere and is
 * never sent from here; what it holds as open may have been sent since, which only a person can know.
 */
import type { Transaction } from 'kysely';
import type { DeliveryState } from '../domain/delivery.ts';
import type { JournalDigest } from '../domain/journal.ts';
import type { RecoveryOrder, RecoveryResult } from '../domain/store.ts';
import { toMilliseconds } from './convert-times.ts';
import { raiseEpoch } from './epoch-records.ts';
import { readNextNumber } from './freeze-digest.ts';
import { splitBatches } from './split-batches.ts';
import { addDoubts } from './add-doubts.ts';
import type { Tables } from './tables.ts';

const OPEN: readonly DeliveryState[] = ['due', 'claimed', 'handing-over', 'deferred'];
/** Stands as the server's words in the attempt of a delivery that may have been sent by the database that was lost. */
const MAY_HAVE_BEEN_SENT = 'the database is older than what was sent: this may have been sent';

export async function recoverStore(
  tx: Transaction<Tables>,
  { digests, open, above, now: instant }: RecoveryOrder,
): Promise<RecoveryResult> {
  const now = toMilliseconds(instant);
  let added = 0;
  for (const digest of digests) if (await addLostDigest(tx, digest, now)) added += 1;
  const decided = open === 'skip' ? await doubtOpen(tx, now) : await sendOpenAgain(tx, now);
  return { digests: added, deliveries: decided, epoch: await raiseEpoch(tx, above) };
}

/** Without contents and deliveries: it keeps the number (Message-IDs are made of it), the slot and the posts from being used again. */
async function addLostDigest(tx: Transaction<Tables>, lost: JournalDigest, now: number): Promise<boolean> {
  const { series, slot, subject } = lost;
  const known = await tx
    .selectFrom('digests')
    .select('number')
    .where('series', '=', series)
    .where('slot', '=', slot)
    .executeTakeFirst();
  if (known !== undefined) return false;
  const frozenAt = toMilliseconds(lost.frozenAt);
  await tx
    .insertInto('series')
    .values({ name: series, opened_at: now, considered_until: now })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
  const number = await findFreeNumber(tx, lost.number);
  await tx.insertInto('digests').values({ number, series, slot, subject, frozen_at: frozenAt }).execute();
  const taken = { state: 'taken' as const, digest: number, decided_at: now };
  await tx
    .insertInto('slots')
    .values({ name: slot, series, due_at: frozenAt, ...taken })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(taken))
    .execute();
  await carryPosts(tx, lost, number);
  return true;
}

/** Its own, unless a digest of this database has it. */
async function findFreeNumber(tx: Transaction<Tables>, number: number): Promise<number> {
  const taken = await tx
    .selectFrom('digests')
    .select('number')
    .where('number', '=', number)
    .executeTakeFirst();
  return taken === undefined ? number : await readNextNumber(tx);
}

async function carryPosts(
  tx: Transaction<Tables>,
  { series, posts }: JournalDigest,
  digest: number,
): Promise<void> {
  const rows = posts.map((post, position) => ({ series, post, digest, position, title: null }));
  for (const batch of splitBatches(rows)) {
    await tx
      .insertInto('series_posts')
      .values(batch)
      .onConflict((conflict) => conflict.columns(['series', 'post']).doNothing())
      .execute();
  }
}

/** Kept for a person: in doubt, and not offered again by itself. */
async function doubtOpen(tx: Transaction<Tables>, now: number): Promise<number> {
  await addDoubts(tx, { reply: MAY_HAVE_BEEN_SENT, now }, (expression) => expression('state', 'in', OPEN));
  const { numUpdatedRows } = await tx
    .updateTable('deliveries')
    .set((expression) => ({
      state: 'in-doubt',
      worker: null,
      next_attempt_at: null,
      doubted: 1,
      attempts: expression('attempts', '+', 1),
      changed_at: now,
    }))
    .where('state', 'in', OPEN)
    .executeTakeFirst();
  // Who left and came back since may have it: coming back once more brings no second one.
  await tx
    .updateTable('deliveries')
    .set({ doubted: 1 })
    .where('state', '=', 'withdrawn')
    .where('doubted', '=', 0)
    .execute();
  await tx
    .updateTable('deliveries')
    .set({ next_attempt_at: null })
    .where('state', '=', 'in-doubt')
    .where('next_attempt_at', 'is not', null)
    .execute();
  return Number(numUpdatedRows);
}

async function sendOpenAgain(tx: Transaction<Tables>, now: number): Promise<number> {
  // 2, as for any delivery that a person had sent again: see `resolve-deliveries.ts`.
  const { numUpdatedRows } = await tx
    .updateTable('deliveries')
    .set({ state: 'due', worker: null, next_attempt_at: 0, doubted: 2, changed_at: now })
    .where('state', 'in', OPEN)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}
