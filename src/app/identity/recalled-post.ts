/** A post as it is held among thousands: see `RecalledFile`. Its dates are made when they are asked for, for a moment in a zone is dear. */
import { noteMoment, type Post, type PostFile } from '../../domain/post.ts';
import type { RecalledFile } from '../../posts/recalled-file.ts';

/** Times in milliseconds. */
export type PostFacts = { readonly id: string; readonly publishedAt: number; readonly updatedAt: number };

let zero: Temporal.ZonedDateTime | null = null;

/** A moment in the zone asked for last, for `RecalledPost`. */
export function zeroIn(zone: string): Temporal.ZonedDateTime {
  if (zero?.timeZoneId !== zone) zero = new Temporal.ZonedDateTime(0n, zone);
  return zero;
}

export class RecalledPost implements Post {
  readonly facts: PostFacts;
  readonly file: RecalledFile;
  /** A moment of the publication's zone: to find a zone by its name takes longer than all else. */
  readonly #inZone: Temporal.ZonedDateTime;

  constructor(facts: PostFacts, file: RecalledFile, inZone: Temporal.ZonedDateTime) {
    this.facts = facts;
    this.file = file;
    this.#inZone = inZone;
    noteMoment(this, facts.publishedAt);
  }

  get id(): string {
    return this.facts.id;
  }
  get slug(): string {
    return this.file.slug;
  }
  get publishedAt(): Temporal.ZonedDateTime {
    return momentIn(this.#inZone, this.facts.publishedAt);
  }
  get updatedAt(): Temporal.ZonedDateTime {
    return momentIn(this.#inZone, this.facts.updatedAt);
  }
  get path(): string {
    return this.file.path;
  }
  get fileHash(): string {
    return this.file.fileHash;
  }
  get tags(): readonly string[] {
    return this.file.tags;
  }
  get draft(): boolean {
    return this.file.draft;
  }
  get inDigests(): boolean {
    return this.file.inDigests;
  }
  get inFeeds(): boolean {
    return this.file.inFeeds;
  }
  get correction(): string | null {
    return this.file.correction;
  }
  get problems(): PostFile['problems'] {
    return this.file.problems;
  }
  get contentHash(): string {
    return this.file.contentHash;
  }
  get haiku(): PostFile['haiku'] {
    return this.file.haiku;
  }
  get title(): string {
    return this.file.title;
  }
  get author(): string | null {
    return this.file.author;
  }
  get summary(): string | null {
    return this.file.summary;
  }
  get canonical(): string | null {
    return this.file.canonical;
  }
  get image(): string | null {
    return this.file.image;
  }
  get audio(): string | null {
    return this.file.audio;
  }
  get duration(): number | null {
    return this.file.duration;
  }
}

function momentIn(inZone: Temporal.ZonedDateTime, milliseconds: number): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(milliseconds).toZonedDateTimeISO(inZone);
}
