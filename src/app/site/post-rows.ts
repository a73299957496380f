/**
 * The rows that a site is recalled from: what each file below `posts/` was, flat and without names. What lists and plans ask of thousands has a column of its own; what
 * few posts have stands under its name at the end. Times in milliseconds; 0 stands for nothing.
 */
import type { Asset } from '../../domain/body.ts';
import type { PostFile, SeenPost, Showing } from '../../domain/post.ts';
import type { Problem } from '../../domain/problem.ts';

export type PostRow = readonly [
  path: string,
  stamp: string,
  /** Those below, as a sum; 0 for a file that is no post, or one that cannot be read. */
  marks: number,
  slug: string,
  tags: readonly string[] | 0,
  publishedAt: number,
  updatedAt: number,
  fileHash: string,
  /** Of the post and its record. */
  id: string,
  firstSeenAt: number,
  /** Since when it is shown. */
  since: number,
  /** Fingerprint of its entry; 0 where it has none that lasts. */
  entry: string | 0,
  rare: Rare | 0,
];

/** Columns of the sheet. */
export const [
  PATH,
  STAMP,
  MARKS,
  SLUG,
  TAGS,
  PUBLISHED,
  UPDATED,
  FILE_HASH,
  ID,
  FIRST_SEEN,
  SINCE,
  ENTRY,
  RARE,
] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] as const;

/** What few have. */
export type Rare = {
  /** As its front matter says. */
  readonly id?: string;
  readonly correction?: string;
  /** Of the file. */
  readonly problems?: readonly Problem[];
  readonly assets?: readonly Asset[];
  /** Of its entry. */
  readonly entryProblems?: readonly Problem[];
  readonly linksTo?: readonly string[];
  /** Where its record says something else than its file. */
  readonly recordPath?: string;
  readonly recordSlug?: string;
  readonly changedAt?: number;
  /** Where it is not shown, or under another slug, or not any more. */
  readonly showing?: WrittenShowing | null;
};

export const POST = 1;
export const DRAFT = 2;
export const IN_DIGESTS = 4;
export const IN_FEEDS = 8;
/** Readers were shown it. */
export const PREPARED = 16;
export const SHOWS_FILES = 32;
/** The main feed has it, or had it last. */
export const IN_MAIN_FEED = 64;
/** Its file in `public/` is what its page was. */
export const HAS_PAGE = 128;

export function marksOfFile({ draft, inDigests, inFeeds }: PostFile): number {
  return POST + (draft ? DRAFT : 0) + (inDigests ? IN_DIGESTS : 0) + (inFeeds ? IN_FEEDS : 0);
}

/** Undefined for an empty list, which is not written. */
export function listed<Item>(list: readonly Item[]): readonly Item[] | undefined {
  return list.length === 0 ? undefined : list;
}

export function rareOrZero(rare: { readonly [Name in keyof Rare]: Rare[Name] | undefined }): Rare | 0 {
  return Object.values(rare).every((value) => value === undefined) ? 0 : (rare as Rare);
}

type WrittenShowing = {
  readonly slug: string;
  readonly since: number;
  readonly until: number | null;
  readonly isInFeed: boolean;
};

function writeShowing({ slug, since, until, isInFeed }: Showing): WrittenShowing {
  return { slug, since: since.epochMilliseconds, until: until?.epochMilliseconds ?? null, isInFeed };
}

/** The showing of a row's record where its marks do not say it. Undefined: it is shown, under the record's slug. */
export function rareShowing({ showing, slug }: SeenPost): WrittenShowing | null | undefined {
  if (!showing) return null;
  return showing.until === null && showing.slug === slug ? undefined : writeShowing(showing);
}

export function readShowing(written: WrittenShowing | null): Showing | null {
  if (!written) return null;
  const { slug, since, until, isInFeed } = written;
  return {
    slug,
    since: Temporal.Instant.fromEpochMilliseconds(since),
    until: until === null ? null : Temporal.Instant.fromEpochMilliseconds(until),
    isInFeed,
  };
}

/** A record of no file. */
export type FreeRow = readonly [
  id: string,
  path: string,
  slug: string,
  firstSeenAt: number,
  changedAt: number | null,
  showing: WrittenShowing | null,
];

export function writeFree({ id, path, slug, firstSeenAt, changedAt, showing }: SeenPost): FreeRow {
  const [first, changed] = [firstSeenAt.epochMilliseconds, changedAt?.epochMilliseconds ?? null];
  return [id, path, slug, first, changed, showing && writeShowing(showing)];
}

export function readFree([id, path, slug, firstSeenAt, changedAt, showing]: FreeRow): SeenPost {
  return {
    id,
    path,
    slug,
    firstSeenAt: Temporal.Instant.fromEpochMilliseconds(firstSeenAt),
    changedAt: changedAt === null ? null : Temporal.Instant.fromEpochMilliseconds(changedAt),
    showing: readShowing(showing),
  };
}

/** One for all that have none. */
export const NONE: readonly never[] = [];
