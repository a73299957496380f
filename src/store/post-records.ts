/** Which posts were ever seen, and what readers were shown of them. A row is never removed: a post that comes back is the post it was. */
import type { PostRecord } from '../domain/post.ts';
import type { PostRecords } from '../domain/store.ts';
import type { Traits } from '../domain/traits.ts';
import type { Connection } from './connection.ts';
import { toInstant, toInstantOrNull, toMilliseconds, toMillisecondsOrNull } from './convert-times.ts';
import { readPostsMark, stepPostsMark } from './posts-mark.ts';
import { openShowings, toShowing } from './showing-records.ts';
import { splitBatches } from './split-batches.ts';
import type { Tables } from './tables.ts';

export function openPostRecords(connection: Connection): PostRecords {
  const { db, write } = connection;
  return {
    ...openShowings(connection),

    async all() {
      const rows = await db.selectFrom('posts').selectAll().orderBy('id').execute();
      return rows.map(toRecord);
    },

    async some(ids) {
      const rows: Tables['posts'][] = [];
      for (const batch of splitBatches(ids)) {
        rows.push(...(await db.selectFrom('posts').selectAll().where('id', 'in', batch).execute()));
      }
      return rows.map(toRecord);
    },

    mark: async () => await readPostsMark(connection),

    async record(records) {
      // One id, one row: the last one given counts.
      const rows = [...new Map(records.map((record) => [record.id, toRow(record)])).values()];
      if (rows.length === 0) return null;
      return await write(async (tx) => {
        for (const batch of splitBatches(rows)) {
          // `first_seen_at` is left out of the update: the date of an undated post can never move.
          await tx
            .insertInto('posts')
            .values(batch)
            .onConflict((conflict) =>
              conflict.column('id').doUpdateSet((expression) => ({
                path: expression.ref('excluded.path'),
                slug: expression.ref('excluded.slug'),
                file_hash: expression.ref('excluded.file_hash'),
                content_hash: expression.ref('excluded.content_hash'),
                changed_at: expression.ref('excluded.changed_at'),
                traits: expression.ref('excluded.traits'),
              })),
            )
            .execute();
        }
        return await stepPostsMark(tx);
      });
    },
  };
}

type IdentityRow = Omit<Tables['posts'], 'shown_slug' | 'shown_since' | 'shown_until' | 'in_feed'>;

function toRow(record: PostRecord): IdentityRow {
  return {
    id: record.id,
    path: record.path,
    slug: record.slug,
    file_hash: record.fileHash,
    content_hash: record.contentHash,
    first_seen_at: toMilliseconds(record.firstSeenAt),
    changed_at: toMillisecondsOrNull(record.changedAt),
    traits: record.traits === null ? null : JSON.stringify(record.traits),
  };
}

function toRecord(row: Tables['posts']): PostRecord {
  return {
    id: row.id,
    path: row.path,
    slug: row.slug,
    fileHash: row.file_hash,
    contentHash: row.content_hash,
    firstSeenAt: toInstant(row.first_seen_at),
    changedAt: toInstantOrNull(row.changed_at),
    traits: row.traits === null ? null : (JSON.parse(row.traits) as Traits),
    showing: toShowing(row),
  };
}
