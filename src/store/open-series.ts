/** Opens a series: from when its slots count, and which posts it will never carry, fixed together and once. */
import type { Transaction } from 'kysely';
import { splitBatches } from './split-batches.ts';
import type { Tables } from './tables.ts';

export async function openSeries(
  tx: Transaction<Tables>,
  series: string,
  now: number,
  backlog: readonly string[],
): Promise<'opened' | 'known'> {
  // The second program to open it adds nothing: its backlog may hold posts that are news by now.
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('series')
    .values({ name: series, opened_at: now, considered_until: now })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .executeTakeFirst();
  if (numInsertedOrUpdatedRows !== 1n) return 'known';
  const rows = [...new Set(backlog)].map((post) => ({ series, post }));
  for (const batch of splitBatches(rows)) await tx.insertInto('series_posts').values(batch).execute();
  return 'opened';
}

/** See `SeriesRecords.pass`. */
export async function passPosts(
  tx: Transaction<Tables>,
  series: string,
  posts: readonly string[],
): Promise<void> {
  for (const batch of splitBatches(posts.map((post) => ({ series, post })))) {
    await tx
      .insertInto('series_posts')
      .values(batch)
      .onConflict((conflict) => conflict.columns(['series', 'post']).doNothing())
      .execute();
  }
}
