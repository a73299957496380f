/**
 * The rows that a site is recalled from: what each file below `posts/` was, flat and without names, for thousands are read at each start. Times in milliseconds;
 * 0 stands for nothing, and for what is as it is elsewhere in the row.
 */
import type { Asset } from '../../domain/body.ts';
import type { SeenPost, Showing } from '../../domain/post.ts';
import type { Problem } from '../../domain/problem.ts';
import type { FileFacts } from '../../posts/recalled-file.ts';

/** A file that is no post, or one that cannot be read, with why. */
export type OtherRow = readonly [path: string, stamp: string, problems: readonly Problem[] | 0];

export type RecordRow = readonly [
  id: string,
  path: string | 0,
  slug: string | 0,
  firstSeenAt: number,
  changedAt: number | null,
  ...showing: ShowingRow,
];

export type EntryPart = readonly [
  /** Fingerprint of its entry; 0 where it has none that lasts. */
  entry: string | 0,
  assets: readonly Asset[] | 0,
  problems: readonly Problem[] | 0,
  /** Fingerprint of its page. */
  page: string | 0,
];

export type PostRow = readonly [
  path: string,
  stamp: string,
  fileHash: string,
  id: string | null,
  slug: string,
  tags: readonly string[],
  /** Those below, as a sum. */
  marks: number,
  correction: string | null,
  problems: readonly Problem[] | 0,
  publishedAt: number,
  updatedAt: number,
  ...entry: EntryPart,
  record: RecordRow,
  /** Only of a post that links to others: files that decide where. */
  linksTo?: readonly string[],
];

export type FileRow = PostRow | OtherRow;

export function isPostRow(row: FileRow): row is PostRow {
  return row.length > 3;
}

export const DRAFT = 1;
export const IN_DIGESTS = 2;
export const IN_FEEDS = 4;
/** Readers were shown it. */
export const PREPARED = 8;
export const SHOWS_FILES = 16;

export const orZero = <T extends readonly unknown[]>(list: T): T | 0 => (list.length === 0 ? 0 : list);

/** `here`: the path and slug that need not be said again. */
export function writeRecord(
  record: SeenPost,
  here: { readonly path: string; readonly slug: string } | null,
): RecordRow {
  const { id, path, slug, firstSeenAt, changedAt, showing } = record;
  const saidPath = path === here?.path ? 0 : path;
  const saidSlug = slug === here?.slug ? 0 : slug;
  const [first, changed] = [firstSeenAt.epochMilliseconds, changedAt?.epochMilliseconds ?? null];
  return [id, saidPath, saidSlug, first, changed, ...writeShowing(showing, slug)];
}

type ShowingRow = readonly [
  shownSlug: string | 0,
  /** Null where it never was shown. */
  since: number | null,
  until: number | null,
  isInFeed: boolean,
];

function writeShowing(showing: Showing | null, own: string): ShowingRow {
  if (!showing) return [0, null, null, false];
  const { slug, since, until, isInFeed } = showing;
  return [slug === own ? 0 : slug, since.epochMilliseconds, until?.epochMilliseconds ?? null, isInFeed];
}

/** Thousands were seen at the same moment: each moment is made once. */
export type Moments = (milliseconds: number) => Temporal.Instant;

export function openMoments(): Moments {
  const made = new Map<number, Temporal.Instant>();
  return (milliseconds) => {
    const known = made.get(milliseconds);
    if (known) return known;
    const moment = Temporal.Instant.fromEpochMilliseconds(milliseconds);
    made.set(milliseconds, moment);
    return moment;
  };
}

/** `here`: of the row it stands in. */
export function readRecord(
  row: RecordRow,
  momentOf: Moments,
  here: Pick<SeenPost, 'path' | 'slug'> = NOWHERE,
): SeenPost {
  const [id, saidPath, saidSlug, firstSeenAt, changedAt, shownSlug, since, until, isInFeed] = row;
  const path = saidPath === 0 ? here.path : saidPath;
  const slug = saidSlug === 0 ? here.slug : saidSlug;
  const showing: Showing | null =
    since === null
      ? null
      : {
          slug: shownSlug === 0 ? slug : shownSlug,
          since: momentOf(since),
          until: until === null ? null : momentOf(until),
          isInFeed,
        };
  const changed = changedAt === null ? null : momentOf(changedAt);
  return { id, path, slug, firstSeenAt: momentOf(firstSeenAt), changedAt: changed, showing };
}

const NOWHERE = { path: '', slug: '' };

/** `path`: the row's, as it is held elsewhere. */
export function factsOfFile(row: PostRow, path: string): FileFacts {
  const [, , fileHash, id, slug, tags, marks, correction, problems] = row;
  return {
    path,
    fileHash,
    id,
    slug,
    tags: tags.length === 0 ? NONE : tags,
    draft: (marks & DRAFT) !== 0,
    inDigests: (marks & IN_DIGESTS) !== 0,
    inFeeds: (marks & IN_FEEDS) !== 0,
    correction,
    problems: problems || NONE,
  };
}

/** One for all that have none. */
export const NONE: readonly never[] = [];
