/** The digest: one numbered mail of a series, from the draft (which posts) to the frozen contents the ledger is bound to. */
import type { Post } from './post.ts';
import type { Series } from './publication.ts';

/** Which posts the next digest of a series would have, and which it leaves out. */
export type Draft = {
  readonly series: Series;
  /** Oldest first, as they stand in the digest. */
  readonly posts: readonly Post[];
  readonly leftOut: readonly { readonly post: Post; readonly reason: string }[];
};

/** A digest as documents, without anything that belongs to one subscriber: those places are slots (`message.ts`). */
export type RenderedDigest = {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** Titles that were folded into "and N more", oldest first; empty when all are there. */
  readonly folded: readonly string[];
};

/** One of a digest's frozen contents. `key` is `all` for the whole digest. */
export type FrozenContent = RenderedDigest & {
  readonly key: string;
  /** Ids of the posts it holds, oldest first: all of the digest's, or those of one group (`audience.ts`). */
  readonly posts: readonly string[];
  /** The whole MIME message with slots, as `compileMessage` made it: retries are patched from these bytes for ever. */
  readonly mime: Uint8Array;
};

/** A digest in the archive. */
export type Digest = {
  readonly number: number;
  readonly series: string;
  readonly slot: string;
  readonly subject: string;
  readonly frozenAt: Temporal.Instant;
  readonly posts: readonly { readonly id: string; readonly title: string }[];
  /** False for one that is known from the journal alone: its text was lost with its database. */
  readonly hasContent: boolean;
};

/**
 * Chooses a digest's posts: published, not carried by this series yet, not left out by their author; oldest first.
 * Pure: whether they are enough (`series.minimum`) is for the caller to see.
 */
export function draftDigest(series: Series, published: readonly Post[], carried: ReadonlySet<string>): Draft {
  const fresh = published.filter((post) => !carried.has(post.id)).toReversed();
  const leftOut = fresh
    .filter((post) => !post.inDigests)
    .map((post) => ({ post, reason: 'its author keeps it out of digests' }));
  return { series, posts: fresh.filter((post) => post.inDigests), leftOut };
}
