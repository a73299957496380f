/** One feed document as the three formats are made from it: which feed it is, where it stands, what it has, and what lies before and after it. */
import type { Entry } from '../../domain/entry.ts';
import type { Podcast } from '../../domain/podcast.ts';
import type { Post } from '../../domain/post.ts';
import type { Publication } from '../../domain/publication.ts';
import type { Moment } from './feed-dates.ts';

/** How a document stands to the whole of its feed (RFC 5005). */
export type FeedHistory =
  /** §2: all entries there are stand in it. */
  | { readonly kind: 'complete' }
  /** The newest; `older` is the folder of the newest volume, or null for a feed that keeps no volumes. */
  | { readonly kind: 'newest'; readonly older: string | null }
  /** §4: a volume, with the folders of its neighbours. */
  | { readonly kind: 'volume'; readonly older: string | null; readonly newer: string | null };

/** An entry that is gone (RFC 6721). */
export type DeletedEntry = { readonly id: string; readonly deletedAt: Moment };

/** An entry with what a document says of its post. Plain data, but for its times, which may be any moments: so it can cross to a thread. */
export type DocumentEntry = Omit<Entry, 'post'> & {
  readonly post: Pick<Post, 'id' | 'title' | 'author' | 'tags' | 'haiku'> & {
    readonly publishedAt: Moment;
    readonly updatedAt: Moment;
  };
};

export type FeedDocument = {
  readonly publication: Publication;
  /** Where its files lie below `public/`: '', or a path that ends in `/`. */
  readonly folder: string;
  /** The folder of the feed that it belongs to: its own, but for a volume. */
  readonly feedFolder: string;
  /** What its feed's id is made from, with `feedFolder`: absolute, ending in `/`, and never another. */
  readonly base: string;
  readonly title: string;
  /** Absolute URL of the page that shows the same posts. */
  readonly homeUrl: string;
  /** Newest first, already cut to the document's length. */
  readonly entries: readonly DocumentEntry[];
  readonly version: string;
  readonly content: 'full' | 'summary';
  readonly history: FeedHistory;
  /** WebSub §4: absolute URLs. */
  readonly hubs: readonly string[];
  readonly deleted: readonly DeletedEntry[];
  /** What JSON says of each entry once more as plain text, by its content; the whole is null where it says nothing twice. */
  readonly textOf: ((contentHtml: string) => string | null) | null;
  /** What it says as a podcast; only a document with sound says any of it. */
  readonly podcast: Podcast;
};

export const FEED_FILES = { rss: 'rss.xml', atom: 'atom.xml', json: 'feed.json' } as const;
export type FeedFormat = keyof typeof FEED_FILES;
/** Of each format, as RFC 5005 and auto-discovery name it. */
export const FEED_TYPES = {
  rss: 'application/rss+xml',
  atom: 'application/atom+xml',
  json: 'application/feed+json',
} as const;

export function feedUrl(publication: Pick<Publication, 'url'>, folder: string, format: FeedFormat): string {
  return new URL(`${folder}${FEED_FILES[format]}`, publication.url).href;
}

export type FeedLink = { readonly rel: string; readonly href: string };

/** Links of one format to the documents around it and to hubs; `self` and `alternate` are not among them. */
export function composeFeedLinks(document: FeedDocument, format: FeedFormat): readonly FeedLink[] {
  const { publication, history, feedFolder, hubs } = document;
  const link = (rel: string, folder: string | null): readonly FeedLink[] =>
    folder === null ? [] : [{ rel, href: feedUrl(publication, folder, format) }];
  const around =
    history.kind === 'complete'
      ? []
      : history.kind === 'newest'
        ? link('prev-archive', history.older)
        : [
            ...link('current', feedFolder),
            ...link('prev-archive', history.older),
            ...link('next-archive', history.newer),
          ];
  return [...around, ...hubs.map((href) => ({ rel: 'hub', href: new URL(href).href }))];
}
