/** What readers were shown of each post, so that an address that had one once leads to it, or says that it is gone. */
import type { Transaction } from 'kysely';
import type { Showing } from '../domain/post.ts';
import type { PostRecords } from '../domain/store.ts';
import type { Connection } from './connection.ts';
import { toInstant, toInstantOrNull, toMilliseconds, toMillisecondsOrNull } from './convert-times.ts';
import { stepPostsMark } from './posts-mark.ts';
import { splitBatches } from './split-batches.ts';
import type { Tables } from './tables.ts';

export function openShowings({
  db,
  write,
}: Connection): Pick<PostRecords, 'show' | 'formerPages' | 'findPage'> {
  return {
    async show(showings) {
      if (showings.length === 0) return null;
      return await write(async (tx) => {
        for (const batch of splitBatches(showings))
          await showBatch(tx, new Map(batch.map(({ id, showing }) => [id, showing])));
        return await stepPostsMark(tx);
      });
    },

    async formerPages() {
      const order = db.selectFrom('former_pages').selectAll().orderBy('slug').orderBy('until', 'desc');
      const rows = await order.orderBy('post').execute();
      return rows.map(({ slug, post, until }) => ({ slug, post, until: toInstant(until) }));
    },

    async findPage(slug) {
      const owners = await db
        .selectFrom('posts')
        .select(['shown_slug', 'shown_until'])
        .where('shown_slug', '=', slug)
        .execute();
      if (owners.some(({ shown_until: until }) => until === null)) return null;
      const former = await db
        .selectFrom('former_pages')
        .innerJoin('posts', 'posts.id', 'former_pages.post')
        .select(['former_pages.until as left_at', 'posts.shown_slug', 'posts.shown_until'])
        .where('former_pages.slug', '=', slug)
        .execute();
      const gone = owners.map(({ shown_slug, shown_until }) => ({
        shown_slug,
        shown_until,
        left_at: shown_until ?? 0,
      }));
      // The last post that stood here counts.
      const [last] = [...former, ...gone].sort((a, b) => b.left_at - a.left_at);
      if (!last) return null;
      const { shown_slug: now, shown_until: until } = last;
      return now === null || until !== null ? { kind: 'gone' } : { kind: 'moved', slug: now };
    },
  };
}

/** As whole rows over the ones there are, a thousand to a statement: the first publish shows every post. */
async function showBatch(tx: Transaction<Tables>, showings: ReadonlyMap<string, Showing>): Promise<void> {
  const known = await tx
    .selectFrom('posts')
    .selectAll()
    .where('id', 'in', [...showings.keys()])
    .execute();
  const rows = known.flatMap((row) => {
    const showing = showings.get(row.id);
    return showing ? [{ ...row, ...toColumns(showing) }] : [];
  });
  if (rows.length === 0) return;
  await tx
    .insertInto('posts')
    .values(rows)
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((expression) => ({
        shown_slug: expression.ref('excluded.shown_slug'),
        shown_since: expression.ref('excluded.shown_since'),
        shown_until: expression.ref('excluded.shown_until'),
        in_feed: expression.ref('excluded.in_feed'),
      })),
    )
    .execute();
  await leavePages(tx, known, showings);
}

async function leavePages(
  tx: Transaction<Tables>,
  before: readonly Tables['posts'][],
  showings: ReadonlyMap<string, Showing>,
): Promise<void> {
  const left = before.flatMap(({ id, shown_slug: slug }) => {
    const showing = showings.get(id);
    const isLeft = showing !== undefined && slug !== null && slug !== showing.slug;
    return isLeft ? [{ slug, post: id, until: toMilliseconds(showing.since) }] : [];
  });
  if (left.length === 0) return;
  await tx
    .insertInto('former_pages')
    .values(left)
    .onConflict((conflict) =>
      conflict
        .columns(['slug', 'post'])
        .doUpdateSet((expression) => ({ until: expression.ref('excluded.until') })),
    )
    .execute();
}

function toColumns({ slug, since, until, isInFeed }: Showing) {
  return {
    shown_slug: slug,
    shown_since: toMilliseconds(since),
    shown_until: toMillisecondsOrNull(until),
    in_feed: isInFeed ? 1 : 0,
  };
}

export function toShowing(row: Tables['posts']): Showing | null {
  if (row.shown_slug === null || row.shown_since === null) return null;
  return {
    slug: row.shown_slug,
    since: toInstant(row.shown_since),
    until: toInstantOrNull(row.shown_until),
    isInFeed: row.in_feed === 1,
  };
}
