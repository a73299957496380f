/** The story of each subscriber: lines that are added in order and never changed. */
import type { Kysely, Transaction } from 'kysely';
import type { StoryLine } from '../domain/subscriber.ts';
import { toInstant, toMilliseconds } from './convert-times.ts';
import type { Tables } from './tables.ts';

/** The caller's transaction must hold the subscriber's row: else two lines would ask for the same number. */
export async function addStoryLine(
  tx: Transaction<Tables>,
  subscriber: number,
  { at, kind, source, words, origin }: StoryLine,
): Promise<void> {
  const last = await tx
    .selectFrom('stories')
    .select((expression) => expression.fn.max<number | null>('number').as('number'))
    .where('subscriber', '=', subscriber)
    .executeTakeFirst();
  const number = (last?.number ?? 0) + 1;
  await tx
    .insertInto('stories')
    .values({ subscriber, number, at: toMilliseconds(at), kind, source, words, origin })
    .execute();
}

export async function readStory(db: Kysely<Tables>, subscriber: number): Promise<readonly StoryLine[]> {
  const rows = await db
    .selectFrom('stories')
    .selectAll()
    .where('subscriber', '=', subscriber)
    .orderBy('number')
    .execute();
  return rows.map(({ at, kind, source, words, origin }) => ({
    at: toInstant(at),
    kind,
    source,
    words,
    origin,
  }));
}
