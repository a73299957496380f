/** The archive: frozen digests and their contents. Nothing in it is ever changed or removed. */
import type { Kysely } from 'kysely';
import type { Digest, FrozenContent } from '../domain/digest.ts';
import type { DigestArchive } from '../domain/store.ts';
import { readAudience } from './audience-groups.ts';
import type { Connection } from './connection.ts';
import { toInstant, toMilliseconds } from './convert-times.ts';
import { freezeDigest, readNextNumber } from './freeze-digest.ts';
import type { Tables } from './tables.ts';

export function openDigestArchive({ db, write, dialect }: Connection): DigestArchive {
  return {
    nextNumber: () => readNextNumber(db),
    freeze: (number, request) =>
      write(async (tx) => {
        // Of two who freeze at once, the second looks when the first has done, and finds its slot, number or posts taken.
        await dialect.oneAtATime(tx, 'digests');
        const result = await freezeDigest(tx, number, request);
        if (result.kind === 'frozen') await dialect.learnSizes(tx, 'deliveries');
        return result;
      }),
    groups: ({ series, posts, now }) => readAudience(db, { series, posts, now: toMilliseconds(now) }),
    all: () => readDigests(db),
    find: async (number) => (await readDigests(db, number))[0] ?? null,
    content: (number, key) => readContent(db, number, key),
    contentKeys: (number) => readContentKeys(db, number),
  };
}

/** Newest first: all, or the one with this number. */
async function readDigests(db: Kysely<Tables>, number?: number): Promise<readonly Digest[]> {
  let digests = db
    .selectFrom('digests')
    .selectAll()
    .select((expression) =>
      expression
        .selectFrom('digest_contents')
        .select((inner) => inner.fn.countAll<number>().as('contents'))
        .whereRef('digest_contents.digest', '=', 'digests.number')
        .as('contents'),
    )
    .orderBy('number', 'desc');
  let posts = db.selectFrom('series_posts').selectAll().orderBy('digest').orderBy('position');
  if (number === undefined) {
    // Without a digest are the posts of the backlog.
    posts = posts.where('digest', 'is not', null);
  } else {
    digests = digests.where('number', '=', number);
    posts = posts.where('digest', '=', number);
  }
  const rows = await digests.execute();
  const byDigest = Map.groupBy(await posts.execute(), (post) => post.digest);
  return rows.map((row) => toDigest(row, byDigest.get(row.number) ?? []));
}

async function readContent(db: Kysely<Tables>, number: number, key: string): Promise<FrozenContent | null> {
  const row = await db
    .selectFrom('digest_contents')
    .selectAll()
    .where('digest', '=', number)
    .where('key', '=', key)
    .executeTakeFirst();
  if (row === undefined) return null;
  const posts = await db
    .selectFrom('content_posts')
    .innerJoin('series_posts', (join) =>
      join
        .onRef('series_posts.digest', '=', 'content_posts.digest')
        .onRef('series_posts.post', '=', 'content_posts.post'),
    )
    .select('content_posts.post')
    .where('content_posts.digest', '=', number)
    .where('content_posts.content', '=', key)
    .orderBy('series_posts.position')
    .execute();
  return toContent(
    row,
    posts.map(({ post }) => post),
  );
}

async function readContentKeys(db: Kysely<Tables>, number: number): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('digest_contents')
    .select('key')
    .where('digest', '=', number)
    .orderBy('key')
    .execute();
  return rows.map(({ key }) => key);
}

function toDigest(
  row: Tables['digests'] & { readonly contents: number | null },
  posts: readonly Tables['series_posts'][],
): Digest {
  return {
    number: row.number,
    series: row.series,
    slot: row.slot,
    subject: row.subject,
    frozenAt: toInstant(row.frozen_at),
    posts: posts.map(({ post, title }) => ({ id: post, title: title ?? '' })),
    hasContent: (row.contents ?? 0) > 0,
  };
}

function toContent(row: Tables['digest_contents'], posts: readonly string[]): FrozenContent {
  const { key, subject, html, text, mime } = row;
  return { key, posts, subject, html, text, folded: JSON.parse(row.folded) as readonly string[], mime };
}
