/** Notices on their way: claimed by one worker, marked before the final dot, settled. What the verbs owe is said in `domain/notice-box.ts`. */
import type { Selectable, Transaction } from 'kysely';
import type { Outcome } from '../domain/delivery.ts';
import { type NoticeClaim, type NoticeState, waitAfter } from '../domain/notice.ts';
import type { NoticeBox } from '../domain/notice-box.ts';
import type { Connection } from './connection.ts';
import { toInstant, toInstantOrNull, toMilliseconds } from './convert-times.ts';
import { addNotice, isSuppressed } from './notice-records.ts';
import type { NoticesTable, Tables } from './tables.ts';
import { takeNoticeTurn } from './take-notice-turn.ts';
import { extendLease } from './worker-records.ts';

export function openNoticeBox(connection: Connection): NoticeBox {
  const { db, dialect, write } = connection;
  return {
    add: (notice, now) =>
      write(async (tx) => {
        await dialect.oneAtATime(tx, 'notices');
        return await addNotice(tx, notice, toMilliseconds(now));
      }),
    claim: ({ worker, limit, now, leaseUntil }) =>
      write(async (tx) => {
        const claims = await claimDue(tx, connection, { worker, limit, now: toMilliseconds(now) });
        if (claims.length > 0) await extendLease(tx, worker, toMilliseconds(leaseUntil));
        return claims;
      }),
    takeTurn: (order) => write((tx) => takeNoticeTurn(tx, dialect, order)),
    mark: (claim, now) => write((tx) => mark(tx, claim, toMilliseconds(now))),
    settle: (claim, outcome, now) => write((tx) => settle(tx, claim, outcome, toMilliseconds(now))),
    unclaim: (claims, now, until) =>
      write((tx) => unclaim(tx, claims, toMilliseconds(now), toMilliseconds(until ?? now))),
    nextDue: async () => {
      const { due } = await db
        .selectFrom('notices')
        .select((expression) => expression.fn.min<number | null>('next_attempt_at').as('due'))
        .executeTakeFirstOrThrow();
      return toInstantOrNull(due);
    },
  };
}

async function claimDue(
  tx: Transaction<Tables>,
  { dialect }: Connection,
  order: { readonly worker: string; readonly limit: number; readonly now: number },
): Promise<readonly NoticeClaim[]> {
  let due = tx
    .selectFrom('notices')
    .select('id')
    .where('next_attempt_at', '<=', order.now)
    .orderBy('next_attempt_at')
    .orderBy('id')
    .limit(order.limit);
  // What another program takes at this moment is passed over.
  if (dialect.hasConcurrentWriters) due = due.forUpdate().skipLocked();
  const ids = (await due.execute()).map(({ id }) => id);
  if (ids.length === 0) return [];
  const rows = await tx
    .updateTable('notices')
    .set((expression) => ({
      state: 'claimed',
      worker: order.worker,
      fence: expression('fence', '+', 1),
      attempts: expression('attempts', '+', 1),
      next_attempt_at: null,
      changed_at: order.now,
    }))
    .where('id', 'in', ids)
    .returningAll()
    .execute();
  return rows.map(toClaim).toSorted((one, other) => one.id - other.id);
}

function toClaim(row: Selectable<NoticesTable>): NoticeClaim {
  const { id, kind, address, subscriber, subject, detail, fence, attempts } = row;
  return {
    id,
    kind,
    address,
    subscriber,
    subject,
    detail,
    fence,
    attempts,
    madeAt: toInstant(row.made_at),
    linkKey: row.link_key,
  };
}

async function mark(tx: Transaction<Tables>, { id, fence }: NoticeClaim, now: number): Promise<boolean> {
  const row = await tx
    .updateTable('notices')
    .set({ state: 'handing-over', changed_at: now })
    .where('id', '=', id)
    .where('fence', '=', fence)
    .where('state', 'in', ['claimed', 'handing-over'])
    .returning('address_key')
    .executeTakeFirst();
  if (row === undefined) return false;
  if (!(await isSuppressed(tx, row.address_key))) return true;
  await end(tx, { id, fence }, { state: 'withdrawn', reply: '', next_attempt_at: null, changed_at: now });
  return false;
}

async function settle(
  tx: Transaction<Tables>,
  { id, fence, attempts }: NoticeClaim,
  outcome: Outcome,
  now: number,
): Promise<void> {
  const { reply } = outcome;
  // A refusal that is about us says nothing against the notice: it waits until we are in order again.
  const isFinal =
    outcome.kind === 'accepted' || (outcome.kind === 'rejected' && outcome.scope === 'subscriber');
  const wait = isFinal ? null : waitAfter(attempts);
  const state: NoticeState =
    outcome.kind === 'accepted' ? 'accepted' : isFinal ? 'rejected' : wait === null ? 'given-up' : 'due';
  const next = wait === null ? null : now + wait;
  await end(tx, { id, fence }, { state, reply, next_attempt_at: next, changed_at: now });
}

type Ending = Pick<Selectable<NoticesTable>, 'state' | 'reply' | 'next_attempt_at' | 'changed_at'>;

async function end(
  tx: Transaction<Tables>,
  { id, fence }: Pick<NoticeClaim, 'id' | 'fence'>,
  ending: Ending,
): Promise<void> {
  await tx
    .updateTable('notices')
    .set({ ...ending, worker: null })
    .where('id', '=', id)
    .where('fence', '=', fence)
    .where('state', 'in', ['claimed', 'handing-over'])
    .execute();
}

async function unclaim(
  tx: Transaction<Tables>,
  claims: readonly NoticeClaim[],
  now: number,
  until: number,
): Promise<void> {
  for (const { id, fence } of claims) {
    await tx
      .updateTable('notices')
      .set((expression) => ({
        state: 'due',
        worker: null,
        next_attempt_at: until,
        attempts: expression('attempts', '-', 1),
        changed_at: now,
      }))
      .where('id', '=', id)
      .where('fence', '=', fence)
      .where('state', '=', 'claimed')
      .execute();
  }
}
