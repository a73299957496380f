/** Subscribers as the program knows them, each with what it chose. */
import type { Kysely, Selectable } from 'kysely';
import type { Subscriber } from '../domain/subscriber.ts';
import { toInstant, toInstantOrNull } from './convert-times.ts';
import type { SubscribersTable, Tables } from './tables.ts';

export type SubscriberRow = Selectable<SubscribersTable>;

/** Rows → subscribers, in the same order. One query each for all their series and tags: few choose. */
export async function completeSubscribers(
  db: Kysely<Tables>,
  rows: readonly SubscriberRow[],
): Promise<readonly Subscriber[]> {
  const idsOf = (choosy: readonly SubscriberRow[]): readonly number[] => choosy.map(({ id }) => id);
  const series = await readSeries(db, idsOf(rows.filter((row) => row.takes_all === 0)));
  const tags = await readTags(db, idsOf(rows.filter((row) => row.takes_all_tags === 0)));
  return rows.map((row) =>
    toSubscriber(row, {
      series: row.takes_all === 1 ? null : (series.get(row.id) ?? []),
      tags: row.takes_all_tags === 1 ? null : (tags.get(row.id) ?? []),
    }),
  );
}

/** Who was erased, by the keys they had: as suppressed, and without their address. */
export async function readErased(
  db: Kysely<Tables>,
  erased: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, Subscriber>> {
  if (erased.size === 0) return new Map();
  const rows = await db
    .selectFrom('subscribers')
    .selectAll()
    .where('address_key', 'in', [...erased.values()])
    .execute();
  const byErasedKey = new Map(rows.map((row) => [row.address_key, row]));
  return new Map(
    [...erased].flatMap(([key, erasedKey]) => {
      const row = byErasedKey.get(erasedKey);
      if (row === undefined) return [];
      const shown = { ...row, state: 'suppressed' as const, end_reason: 'erased' };
      return [[key, toSubscriber(shown, { series: null, tags: null })] as const];
    }),
  );
}

type Chosen = ReadonlyMap<number, readonly string[]>;

async function readSeries(db: Kysely<Tables>, ids: readonly number[]): Promise<Chosen> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('cadences')
    .select(['subscriber', 'series as name'])
    .where('subscriber', 'in', ids)
    .orderBy('series')
    .execute();
  return groupNames(rows);
}

async function readTags(db: Kysely<Tables>, ids: readonly number[]): Promise<Chosen> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('subscriber_tags')
    .select(['subscriber', 'tag as name'])
    .where('subscriber', 'in', ids)
    .orderBy('tag')
    .execute();
  return groupNames(rows);
}

function groupNames(rows: readonly { readonly subscriber: number; readonly name: string }[]): Chosen {
  const groups = Map.groupBy(rows, ({ subscriber }) => subscriber);
  return new Map([...groups].map(([id, chosen]) => [id, chosen.map(({ name }) => name)]));
}

function toSubscriber(row: SubscriberRow, chosen: Pick<Subscriber, 'series' | 'tags'>): Subscriber {
  if (row.state === 'erased') throw new Error(`subscriber ${row.id} was erased: there is nobody to show`);
  return {
    id: row.id,
    address: row.address,
    name: row.name,
    state: row.state,
    ...chosen,
    pausedUntil: toInstantOrNull(row.paused_until),
    createdAt: toInstant(row.created_at),
    confirmedAt: toInstantOrNull(row.confirmed_at),
    endedAt: toInstantOrNull(row.ended_at),
    endReason: row.end_reason,
  };
}
