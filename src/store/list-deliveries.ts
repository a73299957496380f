/** The ledger as people look at it: counts, and deliveries with the server's last words. */
import type { Kysely } from 'kysely';
import {
  DELIVERY_STATES,
  type DeliveryCounts,
  type DeliveryState,
  type DeliveryView,
} from '../domain/delivery.ts';
import { toInstant } from './convert-times.ts';
import { PAGE_ROWS, pageByKey } from './page-by-key.ts';
import type { Tables } from './tables.ts';

/** Derived from the rows, never kept beside them: the numbers cannot disagree with the deliveries. */
export async function countDeliveries(db: Kysely<Tables>, digest: number): Promise<DeliveryCounts> {
  // One pass with nine counters: GROUP BY would sort a million rows first.
  return db
    .selectFrom('deliveries')
    .select((expression) =>
      DELIVERY_STATES.map((state) =>
        expression.fn.countAll<number>().filterWhere('state', '=', state).as(state),
      ),
    )
    .where('digest', '=', digest)
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
