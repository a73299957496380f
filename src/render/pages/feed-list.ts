/** The feeds as pages tell of them: for `<link rel="alternate">` and for the page that presents them. */
import type { Publication } from '../../domain/publication.ts';
import { cleanLine } from '../clean-text.ts';
import { feedUrl } from '../feeds/feed-document.ts';

/** A tag as the pages list it. */
export type PageTag<Entry> = {
  readonly name: string;
  readonly slug: string;
  /** Newest first. */
  readonly entries: readonly Entry[];
};

export type FeedData = {
  readonly title: string;
  readonly page: string;
  readonly rss: string;
  readonly atom: string;
  readonly json: string;
};

export function tagFolder(slug: string): string {
  return `tags/${slug}/`;
}

export function composeTagFeedTitle({ title }: Pick<Publication, 'title'>, tag: string): string {
  return `${cleanLine(title)}: ${cleanLine(tag)}`;
}

export function composeFeedData(publication: Publication, folder: string, title: string): FeedData {
  return {
    title,
    page: new URL(folder, publication.url).href,
    rss: feedUrl(publication, folder, 'rss'),
    atom: feedUrl(publication, folder, 'atom'),
    json: feedUrl(publication, folder, 'json'),
  };
}

/** Web readers that take a feed's address in a link. */
const READERS: readonly (readonly [name: string, before: string])[] = [
  ['Feedly', 'https://feedly.com/i/subscription/feed/'],
  ['Inoreader', 'https://www.inoreader.com/?add_feed='],
  ['NewsBlur', 'https://www.newsblur.com/?url='],
  ['The Old Reader', 'https://theoldreader.com/feeds/subscribe?url='],
  ['Feedbin', 'https://feedbin.com/?subscribe='],
];

export type ReaderData = { readonly name: string; readonly url: string };

export function composeReaders(feed: string): readonly ReaderData[] {
  return READERS.map(([name, before]) => ({ name, url: `${before}${encodeURIComponent(feed)}` }));
}
