/** Who gets which posts of a draft: looked at before its contents are made (`readAudience`), and fixed inside a freeze (`holdAudience`). */
import { type Kysely, sql, type Transaction } from 'kysely';
import { type Audience, type Carried, groupAudience, shareOut } from '../domain/audience.ts';
import type { FrozenContent } from '../domain/digest.ts';
import { type Differences, findDifferences, readWant, selectWants, type WantRow } from './read-wants.ts';
import { splitBatches } from './split-batches.ts';
import type { Tables } from './tables.ts';
import { whereTakesSeries } from './where-takes-series.ts';

type Order = { readonly series: string; readonly posts: readonly Carried[]; readonly now: number };

/** See `DigestArchive.groups`. */
export async function readAudience(db: Kysely<Tables>, order: Order): Promise<Audience> {
  const { posts } = order;
  const differences = await findDifferences(db, posts);
  if (differences === null) {
    const want = { had: new Set<string>(), tags: null, subscribers: await countAudience(db, order) };
    return groupAudience(want.subscribers === 0 ? [] : [want], posts);
  }
  const { rows } = await sql<WantRow>`
    select had, chosen, count(*) as subscribers from ${selectWants(db, order, differences)} as wants group by had, chosen
  `.execute(db);
  return groupAudience(
    rows.map((row) => readWant(row, differences)),
    posts,
  );
}

/** How many take a series and pause nothing. */
export async function countAudience(
  db: Kysely<Tables>,
  { series, now }: Pick<Order, 'series' | 'now'>,
): Promise<number> {
  const row = await db
    .selectFrom('subscribers')
    .select((expression) => expression.fn.countAll<number>().as('count'))
    .where(whereTakesSeries(series, now))
    .executeTakeFirst();
  return row?.count ?? 0;
}

/**
 * `everybody`: all get the first content. `held`: who gets which stands in the tables `audience` and `audience_contents` of this transaction, until
 * `dropAudience`. `changed`: somebody wants what was not made.
 */
export type HeldAudience = 'everybody' | 'held' | 'changed';

/** One look, one moment: whoever chooses or is settled while a digest is frozen did so before it or after it. */
export async function holdAudience(
  tx: Transaction<Tables>,
  order: Order,
  contents: readonly Pick<FrozenContent, 'key' | 'posts'>[],
  isFolded: boolean,
): Promise<HeldAudience> {
  const differences = await findDifferences(tx, order.posts);
  if (differences === null) return 'everybody';
  await createTables(tx);
  await sql`
    insert into audience (subscriber, had, chosen)
    select subscriber, had, chosen from ${selectWants(tx, order, differences)} as wants order by subscriber
  `.execute(tx);
  const isShared = await writeShares(tx, order.posts, differences, contents, isFolded);
  if (!isShared) await dropAudience(tx);
  return isShared ? 'held' : 'changed';
}

/** Without a key: what somebody had and chose may be longer than PostgreSQL takes into an index. Both databases make one of their own to join by. */
async function createTables(tx: Transaction<Tables>): Promise<void> {
  await sql`
    create temporary table audience (subscriber bigint primary key, had text not null, chosen text not null)
  `.execute(tx);
  await sql`
    create temporary table audience_contents (had text not null, chosen text not null, content text not null)
  `.execute(tx);
}

async function writeShares(
  tx: Transaction<Tables>,
  posts: readonly Carried[],
  differences: Differences,
  contents: readonly Pick<FrozenContent, 'key' | 'posts'>[],
  isFolded: boolean,
): Promise<boolean> {
  const { rows } = await sql<WantRow>`
    select had, chosen, count(*) as subscribers from audience group by had, chosen
  `.execute(tx);
  const shares = shareOut(
    rows.map((row) => readWant(row, differences)),
    posts,
    contents.map((content) => content.posts),
    isFolded,
  );
  if (shares === 'none') return false;
  const entries = rows.flatMap(({ had, chosen }, index) => {
    const content = contents[shares[index] ?? -1]?.key;
    return content === undefined ? [] : [{ had, chosen, content }];
  });
  for (const batch of splitBatches(entries)) {
    const values = batch.map(({ had, chosen, content }) => sql`(${had}, ${chosen}, ${content})`);
    await sql`insert into audience_contents (had, chosen, content) values ${sql.join(values)}`.execute(tx);
  }
  return true;
}

export async function dropAudience(tx: Transaction<Tables>): Promise<void> {
  await sql`drop table audience`.execute(tx);
  await sql`drop table audience_contents`.execute(tx);
}
