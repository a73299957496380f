/**
 * What the subscribers of an audience want of a draft, asked of the database: which of its posts each has had, in which content of which digest, and which
 * tags they take. As text, by which the database can put together those who want the same; it is read back by `readWant`.
 */
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Carried, Want } from '../domain/audience.ts';
import { tagKey } from '../domain/tag.ts';
import { splitBatches } from './split-batches.ts';
import type { Tables } from './tables.ts';
import { whereTakesSeries } from './where-takes-series.ts';

/** What may tell one subscriber's want from another's. */
export type Differences = {
  /** Posts of the draft, by the content that held them: `12:all`. */
  readonly held: ReadonlyMap<string, ReadonlySet<string>>;
  /** The digests of those contents. */
  readonly digests: readonly number[];
  /** Chosen tags that matter, as they were chosen; null where nobody chose any. */
  readonly tags: readonly string[] | null;
};

/** Whose it is: none of a delivery in these states reached anybody, or ever will. */
const NEVER_HAD = ['withdrawn', 'rejected', 'given-up'] as const;
/** Stands between tags: in no tag, for it is no character of XML. */
const BETWEEN = '\u0001';
/** Above this many, tags that do not matter are read along. */
const MOST_NAMED = 1000;

/** Null: everybody wants the whole. That is found out in the indexes alone, and is so while nobody chooses and one series carries. */
export async function findDifferences(
  db: Kysely<Tables>,
  posts: readonly Carried[],
): Promise<Differences | null> {
  const held = new Map<string, Set<string>>();
  const digests = new Set<number>();
  for (const batch of splitBatches(posts.map(({ id }) => id))) {
    const rows = await db.selectFrom('content_posts').selectAll().where('post', 'in', batch).execute();
    for (const { post, digest, content } of rows) {
      const key = `${digest}:${content}`;
      held.set(key, (held.get(key) ?? new Set()).add(post));
      digests.add(digest);
    }
  }
  const tags = await findTags(db, posts);
  return digests.size === 0 && tags === null ? null : { held, digests: [...digests], tags };
}

async function findTags(db: Kysely<Tables>, posts: readonly Carried[]): Promise<Differences['tags']> {
  const chooser = await db
    .selectFrom('subscribers')
    .select('id')
    .where('takes_all_tags', '=', sql.lit(0))
    .limit(1)
    .executeTakeFirst();
  if (chooser === undefined) return null;
  const carried = new Set(posts.flatMap(({ tags = [] }) => tags.map(tagKey)));
  const rows = await db.selectFrom('subscriber_tags').select('tag').distinct().execute();
  return rows.map(({ tag }) => tag).filter((tag) => carried.has(tagKey(tag)));
}

export type WantRow = { readonly had: string; readonly chosen: string; readonly subscribers: number };

/** A query for `subscriber`, `had` and `chosen`, of everybody who takes the series at `now` (milliseconds). */
export function selectWants(
  db: Kysely<Tables>,
  { series, now }: { readonly series: string; readonly now: number },
  differences: Differences,
) {
  return db
    .selectFrom('subscribers')
    .select(['subscribers.id as subscriber', selectHad(differences).as('had')])
    .select(selectChosen(differences).as('chosen'))
    .where(whereTakesSeries(series, now));
}

/** Goes through the key (digest, subscriber): as many steps as there are digests. Their numbers are written out, for databases bound the number of parameters. */
function selectHad({ digests }: Differences): RawBuilder<string> {
  if (digests.length === 0) return sql<string>`''`;
  return sql<string>`coalesce((
    select string_agg(cast(deliveries.digest as text) || ':' || deliveries.content, ' ') from deliveries
    where deliveries.digest in (${sql.join(digests.map((digest) => sql.lit(digest)))}) and deliveries.subscriber = subscribers.id
    and deliveries.state not in (${sql.join(NEVER_HAD.map((state) => sql.lit(state)))})
  ), '')`;
}

/** `*` for every post, else `=` and the tags. */
function selectChosen({ tags }: Differences): RawBuilder<string> {
  if (tags === null) return sql<string>`'*'`;
  if (tags.length === 0) return sql<string>`case when subscribers.takes_all_tags = 1 then '*' else '=' end`;
  const named = tags.length > MOST_NAMED ? sql`` : sql`and subscriber_tags.tag in (${sql.join(tags)})`;
  return sql<string>`case when subscribers.takes_all_tags = 1 then '*' else '=' || coalesce((
    select string_agg(subscriber_tags.tag, ${sql.lit(BETWEEN)}) from subscriber_tags
    where subscriber_tags.subscriber = subscribers.id ${named}
  ), '') end`;
}

/** Row → want. */
export function readWant({ had, chosen, subscribers }: WantRow, { held }: Differences): Want {
  const contents = had === '' ? [] : had.split(' ');
  return {
    had: new Set(contents.flatMap((content) => Array.from(held.get(content) ?? []))),
    tags: chosen === '*' ? null : new Set(chosen.slice(1).split(BETWEEN).map(tagKey)),
    subscribers,
  };
}
