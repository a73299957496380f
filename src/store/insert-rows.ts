/** Inserts many rows by statements that are built once for each database: for lists of a million, where building them would cost more than running them. */
import type { Insertable, Kysely } from 'kysely';
import { prepareQuery } from './prepare-query.ts';
import type { StoriesTable, Tables } from './tables.ts';

/** A statement takes so many; what remains goes one by one. */
const ROWS = 100;

const STORY_COLUMNS = ['subscriber', 'number', 'at', 'kind', 'source', 'words', 'origin'] as const;

/** Blanks of any column: filled by `fill`, whose rows have the right types. */
type Blanks = Readonly<Record<string, never>>;

const prepareStories = (size: number) =>
  prepareQuery<Blanks, unknown>((db, blank) =>
    db.insertInto('stories').values(
      Array.from({ length: size }, (_, index) => ({
        subscriber: blank(`subscriber ${index}`),
        number: blank(`number ${index}`),
        at: blank(`at ${index}`),
        kind: blank(`kind ${index}`),
        source: blank(`source ${index}`),
        words: blank(`words ${index}`),
        origin: blank(`origin ${index}`),
      })),
    ),
  );

const MANY = prepareStories(ROWS);
const ONE = prepareStories(1);

export async function insertStories(
  db: Kysely<Tables>,
  rows: readonly Insertable<StoriesTable>[],
): Promise<void> {
  let at = 0;
  for (; at + ROWS <= rows.length; at += ROWS) await MANY(db, fill(rows, at, ROWS));
  for (; at < rows.length; at += 1) await ONE(db, fill(rows, at, 1));
}

function fill(rows: readonly Insertable<StoriesTable>[], from: number, size: number): Blanks {
  const values: Record<string, unknown> = {};
  for (let index = 0; index < size; index += 1) {
    const row = rows[from + index];
    for (const column of STORY_COLUMNS) values[`${column} ${index}`] = row?.[column];
  }
  return values as Blanks;
}
