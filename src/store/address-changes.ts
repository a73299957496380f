/** Changes of address: asked for, agreed to by both ends, made. What the verbs owe is said in `domain/address-change.ts`. */
import type { Selectable, Transaction } from 'kysely';
import { type Address, addressKey } from '../domain/address.ts';
import {
  type AddressChange,
  type AddressChanges,
  type AgreeResult,
  CHANGE_WITHIN,
  type ChangeEnd,
  renderChangeSubject,
} from '../domain/address-change.ts';
import type { Connection } from './connection.ts';
import { toInstant, toMilliseconds } from './convert-times.ts';
import { eraseSubscriber } from './erase-subscriber.ts';
import { liftErasure } from './lift-erasure.ts';
import { addNotice, isSuppressed, mayNotify } from './notice-records.ts';
import { completeSubscribers, type SubscriberRow } from './read-subscribers.ts';
import { tellStory } from './story-records.ts';
import type { AddressChangesTable, Tables } from './tables.ts';

const VALID_MILLISECONDS = CHANGE_WITHIN.hours * 3_600_000;

export function openAddressChanges({ db, dialect, write }: Connection): AddressChanges {
  return {
    ask: (subscriber, to, now) =>
      write(async (tx) => {
        await dialect.oneAtATime(tx, 'notices');
        return await ask(tx, subscriber, to, toMilliseconds(now));
      }),
    find: async (id) => {
      const row = await db.selectFrom('address_changes').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : toChange(row);
    },
    agree: (id, end, now) =>
      write(async (tx) => {
        // Nobody may sign the new address up or keep it out in between.
        await dialect.oneAtATime(tx, 'suppressions');
        return await agree(tx, { id, end, now: toMilliseconds(now) });
      }),
  };
}

async function ask(tx: Transaction<Tables>, id: number, to: Address, now: number): Promise<boolean> {
  const held = await holdActive(tx, id);
  const key = addressKey(to);
  if (!held || held.address_key === key) return false;
  if (!(await mayNotify(tx, 'address-change', held.address_key, now))) return false;
  await tx.deleteFrom('address_changes').where('subscriber', '=', id).execute();
  const change = await tx
    .insertInto('address_changes')
    .values({
      subscriber: id,
      from_address: held.address,
      to_address: to,
      to_key: key,
      asked_at: now,
      old_agreed_at: null,
      new_agreed_at: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const notice = { kind: 'address-change', subscriber: id, detail: to } as const;
  await addNotice(
    tx,
    { ...notice, address: held.address, subject: renderChangeSubject(change.id, 'old') },
    now,
  );
  const taken = await findTaker(tx, key);
  if (taken?.state === 'active') {
    const { id: other, address } = taken;
    await addNotice(
      tx,
      { kind: 'already-subscribed', address, subscriber: other, subject: other, detail: '' },
      now,
    );
  } else {
    await addNotice(tx, { ...notice, address: to, subject: renderChangeSubject(change.id, 'new') }, now);
  }
  return true;
}

type Agreeing = { readonly id: number; readonly end: ChangeEnd; readonly now: number };

async function agree(tx: Transaction<Tables>, { id, end, now }: Agreeing): Promise<AgreeResult> {
  const agreed = end === 'old' ? 'old_agreed_at' : 'new_agreed_at';
  const row = await tx
    .updateTable('address_changes')
    .set({ [agreed]: now })
    .where('id', '=', id)
    .where('asked_at', '>=', now - VALID_MILLISECONDS)
    .returningAll()
    .executeTakeFirst();
  if (!row) return { kind: 'over' };
  if (row.old_agreed_at === null || row.new_agreed_at === null) return { kind: 'waiting' };
  return await change(tx, row, now);
}

async function change(
  tx: Transaction<Tables>,
  row: Selectable<AddressChangesTable>,
  now: number,
): Promise<AgreeResult> {
  const held = await holdActive(tx, row.subscriber);
  // Whose address is another by now was changed by this or by a newer one.
  if (!held || held.address !== row.from_address) {
    const isDone = held?.address_key === row.to_key;
    return isDone ? { kind: 'changed', subscriber: await complete(tx, held) } : { kind: 'over' };
  }
  const taker = await findTaker(tx, row.to_key);
  if (taker?.state === 'active' || (await isSuppressed(tx, row.to_key))) return { kind: 'over' };
  if (taker) await stepAside(tx, taker, now);
  await liftErasure(tx, row.to_key);
  const moved = await tx
    .updateTable('subscribers')
    .set({ address: row.to_address, address_key: row.to_key })
    .where('id', '=', held.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  await tellStory(tx, held.id, { at: now, kind: 'moved', source: 'both ends', words: row.to_address });
  return { kind: 'changed', subscriber: await complete(tx, moved) };
}

/**
 * Somebody who left, or never confirmed, under the address that is to be another's: it is the same person, and nothing is kept of them twice. The row's
 * number stays taken.
 */
async function stepAside(tx: Transaction<Tables>, { id }: SubscriberRow, now: number): Promise<void> {
  // A confirmation that is under way would bring back the wrong one.
  await tx.deleteFrom('sign_ups').where('subscriber', '=', id).execute();
  await eraseSubscriber(tx, id, { erasedKey: `aside ${id}`, source: 'address changed', now });
}

async function findTaker(tx: Transaction<Tables>, key: string): Promise<SubscriberRow | undefined> {
  return await tx.selectFrom('subscribers').selectAll().where('address_key', '=', key).executeTakeFirst();
}

/** Locked until the transaction ends: of two who press at once, the second finds what the first did. */
async function holdActive(tx: Transaction<Tables>, id: number): Promise<SubscriberRow | undefined> {
  return await tx
    .updateTable('subscribers')
    .set((expression) => ({ name: expression.ref('name') }))
    .where('id', '=', id)
    .where('state', '=', 'active')
    .returningAll()
    .executeTakeFirst();
}

async function complete(tx: Transaction<Tables>, row: SubscriberRow) {
  const [subscriber] = await completeSubscribers(tx, [row]);
  if (!subscriber) throw new Error('a subscriber vanished while their address was changed');
  return subscriber;
}

function toChange(row: Selectable<AddressChangesTable>): AddressChange {
  const { id, subscriber, from_address: from, to_address: to, asked_at, old_agreed_at, new_agreed_at } = row;
  const agreed: ChangeEnd[] = [];
  if (old_agreed_at !== null) agreed.push('old');
  if (new_agreed_at !== null) agreed.push('new');
  return { id, subscriber, from, to, askedAt: toInstant(asked_at), agreed };
}
