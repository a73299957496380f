/** Subscribers as the program knows them, each with its cadence. */
import type { Kysely, Selectable } from 'kysely';
import type { Subscriber } from '../domain/subscriber.ts';
import { toInstant, toInstantOrNull } from './convert-times.ts';
import type { SubscribersTable, Tables } from './tables.ts';

export type SubscriberRow = Selectable<SubscribersTable>;

/** Rows → subscribers, in the same order. One query for all their cadences: few take anything but every series. */
export async function completeSubscribers(
  db: Kysely<Tables>,
  rows: readonly SubscriberRow[],
): Promise<readonly Subscriber[]> {
  const choosy = rows.filter((row) => row.takes_all === 0).map((row) => row.id);
  const cadences =
    choosy.length === 0
      ? []
      : await db
          .selectFrom('cadences')
          .selectAll()
          .where('subscriber', 'in', choosy)
          .orderBy('subscriber')
          .orderBy('series')
          .execute();
  const bySubscriber = Map.groupBy(cadences, ({ subscriber }) => subscriber);
  return rows.map((row) => {
    const series = bySubscriber.get(row.id)?.map((cadence) => cadence.series) ?? [];
    return toSubscriber(row, row.takes_all === 1 ? null : series);
  });
}

function toSubscriber(row: SubscriberRow, series: readonly string[] | null): Subscriber {
  return {
    id: row.id,
    address: row.address,
    name: row.name,
    state: row.state,
    series,
    createdAt: toInstant(row.created_at),
    confirmedAt: toInstantOrNull(row.confirmed_at),
    endedAt: toInstantOrNull(row.ended_at),
    endReason: row.end_reason,
  };
}
