/** The ledger as people look at it: counts, and deliveries with the server's last words. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import {
  DELIVERY_STATES,
  type DeliveryCounts,
  type DeliveryState,
  type DeliveryView,
} from '../domain/delivery.ts';
import { toInstant } from './convert-times.ts';
import { PAGE_ROWS, pageByKey } from './page-by-key.ts';
import type { SqlDialect } from './sql-dialect.ts';
import type { Tables } from './tables.ts';

/** Enough that a slice costs more than asking for it; few enough that a program that reads in its own thread goes on in between. */
const SLICE_ROWS = 20_000;

/**
 * Derived from the rows, never kept beside them: the numbers cannot disagree with the deliveries, and no row is written by all workers. Counted slice by
 * slice in order of the key: each delivery is counted once, in the state it had just then, so the sum is the audience whatever changes meanwhile.
 */
export async function countDeliveries(
  db: Kysely<Tables>,
  dialect: SqlDialect,
  digest: number,
): Promise<DeliveryCounts> {
  const counts = Object.fromEntries(DELIVERY_STATES.map((state) => [state, 0])) as Record<
    DeliveryState,
    number
  >;
  // A server counts beside us, and best in one go.
  const rows = dialect.hasConcurrentWriters ? null : SLICE_ROWS;
  let after = 0;
  for (;;) {
    const slice = await countSlice(db, digest, after, rows);
    for (const state of DELIVERY_STATES) counts[state] += slice[state];
    if (slice.last === null || rows === null) return counts;
    after = slice.last;
    // Reading a file resolves without a turn of the event loop.
    await nextTurn();
  }
}

/** `last` is the last subscriber of the slice, or null when there is none. */
async function countSlice(
  db: Kysely<Tables>,
  digest: number,
  after: number,
  rows: number | null,
): Promise<DeliveryCounts & { readonly last: number | null }> {
  const slice = db
    .selectFrom('deliveries')
    .select(['subscriber', 'state'])
    .where('digest', '=', digest)
    .where('subscriber', '>', after)
    .$if(rows !== null, (query) => query.orderBy('subscriber').limit(rows ?? 0));
  // Nine counters in one pass: GROUP BY would sort first.
  return await db
    .selectFrom(slice.as('slice'))
    .select((expression) => [
      expression.fn.max<number | null>('subscriber').as('last'),
      ...DELIVERY_STATES.map((state) =>
        expression.fn.countAll<number>().filterWhere('state', '=', state).as(state),
      ),
    ])
    .executeTakeFirstOrThrow();
}

export async function* listDeliveries(
  db: Kysely<Tables>,
  digest: number,
  states: readonly DeliveryState[] = DELIVERY_STATES,
): AsyncGenerator<DeliveryView> {
  if (states.length === 0) return;
  const fetch = (after: number) =>
    selectViews(db)
      .where('deliveries.digest', '=', digest)
      .where('deliveries.state', 'in', states)
      .where('deliveries.subscriber', '>', after)
      .orderBy('deliveries.subscriber')
      .limit(PAGE_ROWS)
      .execute();
  for await (const row of pageByKey(fetch, ({ subscriber }) => subscriber)) yield toView(row);
}

/** Newest digest first. Through the key: as many look-ups as there are digests. */
export async function listDeliveriesOf(
  db: Kysely<Tables>,
  subscriber: number,
): Promise<readonly DeliveryView[]> {
  const rows = await selectViews(db)
    .where('deliveries.subscriber', '=', subscriber)
    .where('deliveries.digest', 'in', db.selectFrom('digests').select('number'))
    .orderBy('deliveries.digest', 'desc')
    .execute();
  return rows.map(toView);
}

function selectViews(db: Kysely<Tables>) {
  return db
    .selectFrom('deliveries')
    .innerJoin('subscribers', 'subscribers.id', 'deliveries.subscriber')
    .leftJoin('attempts', (join) =>
      join
        .onRef('attempts.digest', '=', 'deliveries.digest')
        .onRef('attempts.subscriber', '=', 'deliveries.subscriber')
        .onRef('attempts.number', '=', 'deliveries.attempts'),
    )
    .select([
      'deliveries.digest',
      'deliveries.subscriber',
      'deliveries.state',
      'deliveries.attempts',
      'deliveries.changed_at',
      'subscribers.address',
      'attempts.reply',
    ]);
}

type ViewRow = Awaited<ReturnType<ReturnType<typeof selectViews>['execute']>>[number];

function toView(row: ViewRow): DeliveryView {
  return {
    digest: row.digest,
    address: row.address,
    state: row.state,
    reply: row.reply,
    attempts: row.attempts,
    changedAt: toInstant(row.changed_at),
  };
}
