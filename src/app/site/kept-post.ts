/** A post as its row says it, read from the columns where it is asked. It is what a recalled file, post and record are made of. */
import type { Asset } from '../../domain/body.ts';
import type { SeenPost, Showing } from '../../domain/post.ts';
import type { Problem } from '../../domain/problem.ts';
import type { FileFacts } from '../../posts/recalled-file.ts';
import type { PostFacts } from '../identity/recalled-post.ts';
import type { Sheet } from './kept-sheet.ts';
import {
  DRAFT,
  ENTRY,
  FILE_HASH,
  FIRST_SEEN,
  ID,
  IN_DIGESTS,
  IN_FEEDS,
  IN_MAIN_FEED,
  MARKS,
  NONE,
  PATH,
  POST,
  PUBLISHED,
  RARE,
  type Rare,
  readShowing,
  SINCE,
  SLUG,
  STAMP,
  TAGS,
  UPDATED,
} from './post-rows.ts';

const NOTHING: Rare = {};

export class KeptPost implements FileFacts, PostFacts {
  readonly #sheet: Sheet;
  readonly #row: number;

  constructor(sheet: Sheet, row: number) {
    this.#sheet = sheet;
    this.#row = row;
  }

  #cell(column: number): unknown {
    return this.#sheet.column(column)[this.#row];
  }
  get #rare(): Rare {
    return (this.#cell(RARE) as Rare | 0) || NOTHING;
  }
  /** A mark of `post-rows.ts`. */
  has(mark: number): boolean {
    return ((this.#cell(MARKS) as number) & mark) !== 0;
  }
  /** Else it is a file that is none, or one that cannot be read. */
  get isPost(): boolean {
    return this.has(POST);
  }

  get path(): string {
    return this.#cell(PATH) as string;
  }
  get stamp(): string {
    return this.#cell(STAMP) as string;
  }
  get fileHash(): string {
    return this.#cell(FILE_HASH) as string;
  }
  get fileId(): string | null {
    return this.#rare.id ?? null;
  }
  get slug(): string {
    return this.#cell(SLUG) as string;
  }
  get tags(): readonly string[] {
    return (this.#cell(TAGS) as readonly string[] | 0) || NONE;
  }
  get draft(): boolean {
    return this.has(DRAFT);
  }
  get inDigests(): boolean {
    return this.has(IN_DIGESTS);
  }
  get inFeeds(): boolean {
    return this.has(IN_FEEDS);
  }
  get correction(): string | null {
    return this.#rare.correction ?? null;
  }
  get problems(): readonly Problem[] {
    return this.#rare.problems ?? NONE;
  }

  get id(): string {
    return this.#cell(ID) as string;
  }
  get publishedAt(): number {
    return this.#cell(PUBLISHED) as number;
  }
  get updatedAt(): number {
    return this.#cell(UPDATED) as number;
  }

  /** Of its entry; empty where it has none that lasts. */
  get fingerprint(): string {
    return (this.#cell(ENTRY) as string | 0) || '';
  }
  get assets(): readonly Asset[] {
    return this.#rare.assets ?? NONE;
  }
  get entryProblems(): readonly Problem[] {
    return this.#rare.entryProblems ?? NONE;
  }
  get linksTo(): readonly string[] {
    return this.#rare.linksTo ?? NONE;
  }

  /** Whether readers are shown it under its own slug. */
  get isShown(): boolean {
    return this.#rare.showing === undefined && this.#rare.recordSlug === undefined;
  }

  get record(): SeenPost {
    const { recordPath = this.path, recordSlug = this.slug, changedAt, showing } = this.#rare;
    return {
      id: this.id,
      path: recordPath,
      slug: recordSlug,
      firstSeenAt: Temporal.Instant.fromEpochMilliseconds(this.#cell(FIRST_SEEN) as number),
      changedAt: changedAt === undefined ? null : Temporal.Instant.fromEpochMilliseconds(changedAt),
      showing: showing === undefined ? this.#shown(recordSlug) : readShowing(showing),
    };
  }

  #shown(slug: string): Showing {
    const since = Temporal.Instant.fromEpochMilliseconds(this.#cell(SINCE) as number);
    return { slug, since, until: null, isInFeed: this.has(IN_MAIN_FEED) };
  }
}
