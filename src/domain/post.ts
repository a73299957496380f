/**
 * The post, in the two forms it has on its way: as its file says it (`PostFile`, pure reading), and with the
 * identity and dates that are fixed when it is first seen (`Post`). Neither holds its text, so that ten thousand of
 * them are small: Markdown is asked of `readPosts`, HTML is a `Body`.
 */
import type { Haiku } from './haiku.ts';
import type { Problem } from './problem.ts';
import type { Traits } from './traits.ts';

/** What one file in `posts/` says. Nothing here depends on the clock, on the store or on other files. */
export type PostFile = {
  /** File below the publication's folder, with `/`: `posts/a-/-b-/-c.md`. */
  readonly path: string;
  /** SHA-256 (hex) of the file's bytes. */
  readonly fileHash: string;
  /** SHA-256 (hex) of all that readers see of it: haiku, title, author, summary, image, Markdown. A rename, a touch, CRLF or a changed tag leaves it as it is. */
  readonly contentHash: string;
  /** Of the text alone, to know it again when it was edited: see `traits.ts`. */
  readonly sketch: Traits['sketch'];
  /** Front matter's `id`, or null. */
  readonly id: string | null;
  /** Flat, lower-case ASCII, ≤ 100 characters, safe in a URL and on every disk; from front matter or the path. */
  readonly slug: string;
  readonly haiku: Haiku | null;
  readonly title: string;
  /** Null when the file has no date: then it is the moment the post is first seen. */
  readonly publishedAt: Temporal.ZonedDateTime | null;
  /** Front matter's `updated`, or null. */
  readonly updatedAt: Temporal.ZonedDateTime | null;
  /** Front matter's `changed`, which `posts ids --write` keeps there for clones without a database, or null. */
  readonly changedAt: Temporal.ZonedDateTime | null;
  readonly tags: readonly string[];
  readonly draft: boolean;
  /** False where front matter says `digest: false`: no digest carries it. */
  readonly inDigests: boolean;
  /** False where front matter says `feed: false`: it has its page, and no feed has it. */
  readonly inFeeds: boolean;
  readonly author: string | null;
  readonly summary: string | null;
  /** Absolute URL this post has elsewhere, or null. */
  readonly canonical: string | null;
  /** URL or file beside the post, as written, or null. */
  readonly image: string | null;
  /** A file with sound beside the post, as written, or null. */
  readonly audio: string | null;
  /** How long its sound runs, in seconds, as its author says, or null. */
  readonly duration: number | null;
  /** What was wrong in the post and is right now, in one line, for those who had it by mail; or null. */
  readonly correction: string | null;
  readonly problems: readonly Problem[];
};

/** A post with its identity. `id` and a recorded `publishedAt` never change again; `updatedAt` moves only with `contentHash`. */
export type Post = Omit<PostFile, 'id' | 'publishedAt' | 'updatedAt' | 'changedAt' | 'sketch'> & {
  readonly id: string;
  readonly publishedAt: Temporal.ZonedDateTime;
  readonly updatedAt: Temporal.ZonedDateTime;
};

/** What the store remembers of a post so that its identity survives edits, renames and a new domain. */
export type PostRecord = {
  readonly id: string;
  readonly path: string;
  readonly slug: string;
  readonly fileHash: string;
  readonly contentHash: string;
  readonly firstSeenAt: Temporal.Instant;
  /** When the content last changed after it was first seen; null while it never did. */
  readonly changedAt: Temporal.Instant | null;
  /** As it was last; null in a record that is older than traits. */
  readonly traits: Traits | null;
  /** What readers see, or saw last, of it; null while they never did. `PostRecords.show` writes it, `record` leaves it alone. */
  readonly showing: Showing | null;
};

/** What all that is published is planned with, of thousands: a record without what only tells one post from another. */
export type SeenPost = Omit<PostRecord, 'fileHash' | 'contentHash' | 'traits'>;

/** That readers see a post: under which slug, from when, until when. */
export type Showing = {
  readonly slug: string;
  readonly since: Temporal.Instant;
  /** When its page was taken away; null while it is there. */
  readonly until: Temporal.Instant | null;
  /** Whether the main feed has it, or had it last. */
  readonly isInFeed: boolean;
};

/** What a file is to those who link to it: a post, and whether readers may see it now. */
export type FoundPost = { readonly post: Post; readonly isPublished: boolean };

/** By path below the publication's folder; null where there is no post that can be read. */
export type FindPost = (path: string) => FoundPost | null;

/** The page a post had before it got another slug. */
export type FormerPage = { readonly slug: string; readonly post: string; readonly until: Temporal.Instant };

/** What is said at an address that has no post any more. */
export type PageAnswer = { readonly kind: 'gone' } | { readonly kind: 'moved'; readonly slug: string };

/** Whether readers may see the post at `now`: a draft and a post with a future date are held back. */
export function isPublished(post: Post, now: Temporal.Instant): boolean {
  return !post.draft && momentOf(post) <= now.epochMilliseconds;
}

/** Newest first; posts of one instant by id, so that the order never depends on the file system. */
export function compareNewestFirst(a: Post, b: Post): number {
  const byTime = momentOf(b) - momentOf(a);
  return byTime !== 0 ? byTime : a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** In milliseconds, of posts as long as they last: to sort ten thousand asks each of them thirty times, and a moment takes its time to tell. */
const moments = new WeakMap<Post, number>();

/** Of a post whose moment is known as a number, in milliseconds: to be told before it is asked for. */
export function noteMoment(post: Post, moment: number): void {
  moments.set(post, moment);
}

/** When it was published, in milliseconds. */
export function momentOf(post: Post): number {
  const known = moments.get(post);
  if (known !== undefined) return known;
  const moment = post.publishedAt.epochMilliseconds;
  moments.set(post, moment);
  return moment;
}
