/**
 * What the button under a confirmation does, in one transaction: the subscriber is active, takes what was asked for, and their story says so. A sign-up
 * counts only while nobody left after it, so an old mail brings nobody back.
 */
import type { Transaction } from 'kysely';
import { CONFIRM_WITHIN, type ConfirmResult } from '../domain/sign-up.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import { writeSeries, writeTags } from './choose.ts';
import type { Connection } from './connection.ts';
import { toInstant } from './convert-times.ts';
import { isSuppressed } from './notice-records.ts';
import { liftErasure } from './lift-erasure.ts';
import { completeSubscribers, type SubscriberRow } from './read-subscribers.ts';
import { readSignUpRow } from './sign-up-rows.ts';
import { addStoryLine } from './story-records.ts';
import type { Tables } from './tables.ts';

const VALID_MILLISECONDS = CONFIRM_WITHIN.hours * 3_600_000;

type Decision = 'confirm' | Exclude<ConfirmResult['kind'], 'confirmed'>;

export async function confirmSignUp(
  { write, dialect }: Connection,
  id: number,
  now: number,
): Promise<ConfirmResult> {
  return await write(async (tx) => {
    // Whoever erases or suppresses the address at this moment is waited for.
    await dialect.oneAtATime(tx, 'suppressions');
    const row = await tx.selectFrom('sign_ups').selectAll().where('id', '=', id).executeTakeFirst();
    if (!row || row.subscriber === null) return { kind: 'expired' };
    const held = await holdSubscriber(tx, row.subscriber);
    if (!held) return { kind: 'expired' };
    const decision = decide(held, row.asked_at, await isSuppressed(tx, row.address_key), now);
    if (decision === 'expired' || decision === 'left') return { kind: decision };
    if (decision === 'known') return { kind: 'known', subscriber: await complete(tx, held) };
    const { name, series, tags, source, words, origin } = readSignUpRow(row);
    await liftErasure(tx, held.address_key);
    await writeSeries(tx, held.id, series);
    await writeTags(tx, held.id, tags);
    const active = await tx
      .updateTable('subscribers')
      .set({
        name: name === '' ? held.name : name,
        state: 'active',
        takes_all: series === null ? 1 : 0,
        takes_all_tags: tags === null ? 1 : 0,
        paused_until: null,
        confirmed_at: now,
        ended_at: null,
        end_reason: null,
      })
      .where('id', '=', held.id)
      .returningAll()
      .executeTakeFirstOrThrow();
    await addStoryLine(tx, held.id, { at: toInstant(now), kind: 'confirmed', source, words, origin });
    return { kind: 'confirmed', subscriber: await complete(tx, active) };
  });
}

function decide(
  { state, ended_at: endedAt }: SubscriberRow,
  askedAt: number,
  isSuppressedNow: boolean,
  now: number,
): Decision {
  if (isSuppressedNow || state === 'suppressed' || state === 'erased') return 'left';
  if (state === 'active') return 'known';
  if (endedAt !== null && askedAt <= endedAt) return 'left';
  return now - askedAt > VALID_MILLISECONDS ? 'expired' : 'confirm';
}

/** Locked until the transaction ends: of two who press, or press and leave, one is first. */
async function holdSubscriber(tx: Transaction<Tables>, id: number): Promise<SubscriberRow | undefined> {
  return await tx
    .updateTable('subscribers')
    .set((expression) => ({ name: expression.ref('name') }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
}

async function complete(tx: Transaction<Tables>, row: SubscriberRow): Promise<Subscriber> {
  const [subscriber] = await completeSubscribers(tx, [row]);
  if (!subscriber) throw new Error('a subscriber vanished while it was confirmed');
  return subscriber;
}
