/** A feed document's making as a question and its answer, both able to cross to another thread. */
import type { FeedFault } from './check/checked-feed.ts';
import type { DocumentEntry, FeedDocument, FeedFormat } from './feed-document.ts';

/** Plain data. */
export type FeedJob = Omit<FeedDocument, 'textOf'> & {
  /** What JSON says once more as plain text, by content; null where it says nothing twice. */
  readonly texts: ReadonlyMap<string, string | null> | null;
  /** In milliseconds: dates after it by more than a day are not sane. */
  readonly now: number;
};

/** As UTF-8. Each has a buffer of its own. */
export type FeedFiles = Readonly<Record<FeedFormat, Uint8Array<ArrayBuffer>>>;

/** All three formats, or why none of them may be published. */
export type FeedResult =
  | { readonly kind: 'fit'; readonly files: FeedFiles }
  | { readonly kind: 'unfit'; readonly faults: readonly FeedFault[] };

/** The same entry, plain. */
export function plainEntry({ post, ...entry }: DocumentEntry): DocumentEntry {
  const { id, title, author, tags, haiku, publishedAt, updatedAt } = post;
  const moments = {
    publishedAt: { epochMilliseconds: publishedAt.epochMilliseconds },
    updatedAt: { epochMilliseconds: updatedAt.epochMilliseconds },
  };
  return { ...entry, post: { id, title, author, tags, haiku, ...moments } };
}
