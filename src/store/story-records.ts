/** The stories: what befell each subscriber, line by line. Only ever added to, in the transaction of what the line tells; an erasure takes a story whole. */
import { type Kysely, sql, type Transaction } from 'kysely';
import type { StoryLine } from '../domain/subscriber.ts';
import { toInstant, toMilliseconds } from './convert-times.ts';
import { insertStories } from './insert-rows.ts';
import { splitBatches } from './split-batches.ts';
import type { StoriesTable, Tables } from './tables.ts';

/** A line as it is added; without words or origin where there are none. */
export type ToldLine = Pick<StoriesTable, 'at' | 'kind' | 'source'> &
  Partial<Pick<StoriesTable, 'words' | 'origin'>>;

/** Goes on with a subscriber's story. The caller's transaction must hold the subscriber's row: else two lines would ask for the same number. */
export async function tellStory(
  tx: Transaction<Tables>,
  subscriber: number,
  { at, kind, source, words = '', origin = null }: ToldLine,
): Promise<void> {
  await tx
    .insertInto('stories')
    .columns(['subscriber', 'number', 'at', 'kind', 'source', 'words', 'origin'])
    .expression(
      tx
        .selectFrom('stories')
        .select((expression) => [
          sql<number>`cast(${subscriber} as bigint)`.as('subscriber'),
          sql<number>`coalesce(${expression.fn.max('number')}, 0) + 1`.as('number'),
          sql<number>`cast(${at} as bigint)`.as('at'),
          sql<StoriesTable['kind']>`cast(${kind} as text)`.as('kind'),
          sql<string>`cast(${source} as text)`.as('source'),
          sql<string>`cast(${words} as text)`.as('words'),
          sql<string | null>`cast(${origin} as text)`.as('origin'),
        ])
        .where('subscriber', '=', subscriber),
    )
    .execute();
}

export async function addStoryLine(
  tx: Transaction<Tables>,
  subscriber: number,
  line: StoryLine,
): Promise<void> {
  await tellStory(tx, subscriber, toldLine(line));
}

/** Begins the stories of subscribers that were made in this transaction: each from line 1 on. */
export async function beginStories(
  tx: Transaction<Tables>,
  stories: readonly { readonly subscriber: number; readonly lines: readonly ToldLine[] }[],
): Promise<void> {
  const rows = stories.flatMap(({ subscriber, lines }) =>
    lines.map(({ at, kind, source, words = '', origin = null }, index) => ({
      subscriber,
      number: index + 1,
      at,
      kind,
      source,
      words,
      origin,
    })),
  );
  await insertStories(tx, rows);
}

export async function readStory(db: Kysely<Tables>, subscriber: number): Promise<readonly StoryLine[]> {
  return (await readStories(db, [subscriber])).get(subscriber) ?? [];
}

/** Each subscriber's lines, oldest first; those without any are not in the answer. */
export async function readStories(
  db: Kysely<Tables>,
  subscribers: readonly number[],
): Promise<ReadonlyMap<number, readonly StoryLine[]>> {
  const stories = new Map<number, StoryLine[]>();
  for (const batch of splitBatches(subscribers)) {
    const rows = await db
      .selectFrom('stories')
      .selectAll()
      .where('subscriber', 'in', batch)
      .orderBy('subscriber')
      .orderBy('number')
      .execute();
    for (const row of rows) {
      const lines = stories.get(row.subscriber);
      if (lines === undefined) stories.set(row.subscriber, [toLine(row)]);
      else lines.push(toLine(row));
    }
  }
  return stories;
}

function toLine({ at, kind, source, words, origin }: StoriesTable): StoryLine {
  return { at: toInstant(at), kind, source, words, origin };
}

export function toldLine({ at, kind, source, words, origin }: StoryLine): ToldLine {
  return { at: toMilliseconds(at), kind, source, words, origin };
}
