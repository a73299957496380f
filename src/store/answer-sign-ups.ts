/**
 * Answers sign-ups, apart from the request that brought them, so that nobody can tell from its answer who subscribes here. An address that is not known becomes
 * pending; each gets the notice that fits it, or none.
 */
import type { Selectable, Transaction } from 'kysely';
import type { SubscriberState } from '../domain/subscriber.ts';
import { answerSignUp } from '../domain/sign-up.ts';
import { writeSeries } from './choose.ts';
import { toInstant } from './convert-times.ts';
import { addNotice, isSuppressed, mayNotify } from './notice-records.ts';
import { readSignUpRow } from './sign-up-rows.ts';
import type { SqlDialect } from './sql-dialect.ts';
import { addStoryLine } from './story-records.ts';
import type { SignUpsTable, Tables } from './tables.ts';

type SignUpRow = Selectable<SignUpsTable>;
type Known = { readonly id: number; readonly state: SubscriberState };

/** How many were dealt with. */
export async function answerSignUps(
  tx: Transaction<Tables>,
  dialect: SqlDialect,
  limit: number,
  now: number,
): Promise<number> {
  // As when subscribers are added: nobody is suppressed meanwhile. And one program answers at a time, as many notices are to be counted.
  await dialect.oneAtATime(tx, 'suppressions');
  await dialect.oneAtATime(tx, 'notices');
  const rows = await tx
    .selectFrom('sign_ups')
    .selectAll()
    .where('answered_at', 'is', null)
    .orderBy('id')
    .limit(limit)
    .execute();
  for (const row of rows) await answer(tx, row, now);
  return rows.length;
}

async function answer(tx: Transaction<Tables>, row: SignUpRow, now: number): Promise<void> {
  const known = await findKnown(tx, row.address_key);
  const standing = (await isSuppressed(tx, row.address_key)) ? 'suppressed' : (known?.state ?? null);
  const wanted = answerSignUp(standing);
  if (wanted === 'tell-subscribed' && known) {
    const subject = known.id;
    const { address } = row;
    const notice = {
      kind: 'already-subscribed',
      address,
      subscriber: known.id,
      subject,
      detail: '',
    } as const;
    await addNotice(tx, notice, now);
  }
  const isAsked = wanted === 'ask-to-confirm' && (await askToConfirm(tx, row, known, now));
  // Nothing more will come of it.
  if (!isAsked) await tx.deleteFrom('sign_ups').where('id', '=', row.id).execute();
}

/** False when the address had its confirmations for today. */
async function askToConfirm(
  tx: Transaction<Tables>,
  row: SignUpRow,
  known: Known | undefined,
  now: number,
): Promise<boolean> {
  if (!(await mayNotify(tx, 'confirmation', row.address_key, now))) return false;
  const { id, address, source, words, origin } = row;
  const subscriber = known?.id ?? (await addPending(tx, row, now));
  // A story only grows with mails that may be sent, and so by no more than these in a day.
  await addStoryLine(tx, subscriber, { at: toInstant(row.asked_at), kind: 'asked', source, words, origin });
  await tx.updateTable('sign_ups').set({ answered_at: now, subscriber }).where('id', '=', id).execute();
  return await addNotice(tx, { kind: 'confirmation', address, subscriber, subject: id, detail: '' }, now);
}

async function addPending(tx: Transaction<Tables>, row: SignUpRow, now: number): Promise<number> {
  const { address, name, series, source } = readSignUpRow(row);
  const { id } = await tx
    .insertInto('subscribers')
    .values({
      address,
      address_key: row.address_key,
      name,
      state: 'pending',
      takes_all: series === null ? 1 : 0,
      source,
      created_at: now,
      confirmed_at: null,
      ended_at: null,
      end_reason: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await writeSeries(tx, id, series);
  return id;
}

/** Locked until the transaction ends, for its story may grow. */
async function findKnown(tx: Transaction<Tables>, key: string): Promise<Known | undefined> {
  return await tx
    .updateTable('subscribers')
    .set((expression) => ({ name: expression.ref('name') }))
    .where('address_key', '=', key)
    .where('state', '<>', 'erased')
    .returning(['id', 'state'])
    .$narrowType<Known>()
    .executeTakeFirst();
}
