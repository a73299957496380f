/** A post as it is recalled: see `RecalledFile`. Its dates are made when they are asked for, for a moment in a zone is dear. */
import { noteMoment, type Post, type PostFile } from '../../domain/post.ts';
import type { RecalledFile } from '../../posts/recalled-file.ts';

/** Times in milliseconds. */
export type PostFacts = { readonly id: string; readonly publishedAt: number; readonly updatedAt: number };

export class RecalledPost implements Post {
  readonly id: string;
  readonly path: string;
  readonly fileHash: string;
  readonly slug: string;
  readonly tags: readonly string[];
  readonly draft: boolean;
  readonly inDigests: boolean;
  readonly inFeeds: boolean;
  readonly correction: string | null;
  readonly problems: PostFile['problems'];
  readonly #file: RecalledFile;
  readonly #times: PostFacts;
  /** A moment of the publication's zone: to find a zone by its name takes longer than all else. */
  readonly #inZone: Temporal.ZonedDateTime;
  #publishedAt: Temporal.ZonedDateTime | null = null;
  #updatedAt: Temporal.ZonedDateTime | null = null;

  constructor(facts: PostFacts, file: RecalledFile, inZone: Temporal.ZonedDateTime) {
    this.id = facts.id;
    this.path = file.path;
    this.fileHash = file.fileHash;
    this.slug = file.slug;
    this.tags = file.tags;
    this.draft = file.draft;
    this.inDigests = file.inDigests;
    this.inFeeds = file.inFeeds;
    this.correction = file.correction;
    this.problems = file.problems;
    this.#file = file;
    this.#times = facts;
    this.#inZone = inZone;
    noteMoment(this, facts.publishedAt);
  }

  get publishedAt(): Temporal.ZonedDateTime {
    return (this.#publishedAt ??= momentIn(this.#inZone, this.#times.publishedAt));
  }
  get updatedAt(): Temporal.ZonedDateTime {
    return (this.#updatedAt ??= momentIn(this.#inZone, this.#times.updatedAt));
  }
  get contentHash(): string {
    return this.#file.contentHash;
  }
  get haiku(): PostFile['haiku'] {
    return this.#file.haiku;
  }
  get title(): string {
    return this.#file.title;
  }
  get author(): string | null {
    return this.#file.author;
  }
  get summary(): string | null {
    return this.#file.summary;
  }
  get canonical(): string | null {
    return this.#file.canonical;
  }
  get image(): string | null {
    return this.#file.image;
  }
  get audio(): string | null {
    return this.#file.audio;
  }
  get duration(): number | null {
    return this.#file.duration;
  }
}

function momentIn(inZone: Temporal.ZonedDateTime, milliseconds: number): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(milliseconds).toZonedDateTimeISO(inZone);
}
