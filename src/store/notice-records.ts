/** Notices as rows: made at most so often for one address, and never for one that is suppressed. */
import type { Transaction } from 'kysely';
import { addressKey } from '../domain/address.ts';
import { type NewNotice, type NoticeKind, NOTICES_A_DAY } from '../domain/notice.ts';
import type { Tables } from './tables.ts';

const DAY = 86_400_000;
/** A worker that died after the mark: the server may have it, and a second one should not come on its heels. */
const AFTER_DOUBT = 600_000;

/** Whether the address may be written to, and has not had enough of these today. */
export async function mayNotify(
  tx: Transaction<Tables>,
  kind: NoticeKind,
  key: string,
  now: number,
): Promise<boolean> {
  if (await isSuppressed(tx, key)) return false;
  const { count } = await tx
    .selectFrom('notices')
    .select((expression) => expression.fn.countAll<number>().as('count'))
    .where('address_key', '=', key)
    .where('kind', '=', kind)
    .where('made_at', '>', now - DAY)
    .executeTakeFirstOrThrow();
  return count < NOTICES_A_DAY;
}

/** The caller's transaction has the table for itself (`oneAtATime`): else two would both be the second of the day. */
export async function addNotice(tx: Transaction<Tables>, notice: NewNotice, now: number): Promise<boolean> {
  const { kind, address, subscriber, subject, detail } = notice;
  const key = addressKey(address);
  if (!(await mayNotify(tx, kind, key, now))) return false;
  const newest = await tx
    .selectFrom('link_keys')
    .select('id')
    .orderBy('made_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow();
  await tx
    .insertInto('notices')
    .values({
      kind,
      address,
      address_key: key,
      subscriber,
      subject,
      detail,
      link_key: newest.id,
      state: 'due',
      fence: 0,
      worker: null,
      attempts: 0,
      next_attempt_at: now,
      reply: '',
      made_at: now,
      changed_at: now,
    })
    .execute();
  return true;
}

/** Not because it was erased: who was may ask anew, and is asked whether it was them, like anybody. */
export async function isSuppressed(tx: Transaction<Tables>, key: string): Promise<boolean> {
  const row = await tx
    .selectFrom('suppressions')
    .select('address_key')
    .where('address_key', '=', key)
    .executeTakeFirst();
  return row !== undefined;
}

/** What an erasure leaves of somebody: nothing. One that is being handed over has no mark to come any more. */
export async function eraseRequests(tx: Transaction<Tables>, key: string): Promise<void> {
  await tx.deleteFrom('sign_ups').where('address_key', '=', key).execute();
  await tx.deleteFrom('notices').where('address_key', '=', key).execute();
  await tx.deleteFrom('address_changes').where('to_key', '=', key).execute();
}

/** What a dead worker held: due again, at once where nothing that counts had left. */
export async function releaseNotices(tx: Transaction<Tables>, worker: string, now: number): Promise<void> {
  await tx
    .updateTable('notices')
    .set({ state: 'due', worker: null, next_attempt_at: now, changed_at: now })
    .where('worker', '=', worker)
    .where('state', '=', 'claimed')
    .execute();
  await tx
    .updateTable('notices')
    .set({ state: 'due', worker: null, next_attempt_at: now + AFTER_DOUBT, changed_at: now })
    .where('worker', '=', worker)
    .where('state', '=', 'handing-over')
    .execute();
}
