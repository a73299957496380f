/**
 * The door of the package `feed`: documents without their entries (`render-entry.ts`), with marks where texts go (`feed-texts.ts`). Never the
 * clock: every date is given.
 */
import { Feed, type FeedOptions } from 'feed';
import { toDate } from './feed-dates.ts';
import { feedUrl, type FeedDocument } from './feed-document.ts';
import type { FeedEntry } from './feed-entry.ts';
import type { FeedTexts } from './feed-texts.ts';

export type FeedSource = {
  readonly document: FeedDocument;
  readonly entries: readonly FeedEntry[];
  /** In milliseconds. */
  readonly updated: number;
};

/** How long, in minutes, a reader may keep RSS before it asks again. */
const TTL_MINUTES = 60;

/** RSS 2.0 before it is completed (`complete-xml.ts`). */
export function buildRss(source: FeedSource, texts: FeedTexts): string {
  const { title, publication } = source.document;
  const { description } = publication;
  // RSS 2.0, "Required channel elements": there is a description, whatever the author left out.
  return buildFeed(source, texts, {
    description: texts.mark(description === '' ? title : description),
  }).rss2();
}

/** Atom 1.0 before it is completed (`complete-xml.ts`). */
export function buildAtom(source: FeedSource, texts: FeedTexts): string {
  const { author: name, description } = source.document.publication;
  return buildFeed(source, texts, {
    ...(description === '' ? {} : { description: texts.mark(description) }),
    author: { name: texts.mark(name) },
  }).atom1();
}

function buildFeed(
  source: FeedSource,
  texts: FeedTexts,
  others: Partial<Pick<FeedOptions, 'author' | 'description'>>,
): Feed {
  const { document, updated } = source;
  const { publication, folder, feedFolder, base, title, homeUrl, version } = document;
  return new Feed({
    // RFC 5005 §4: the documents of one feed have its id.
    id: new URL(feedFolder, base).href,
    title: texts.mark(title),
    link: homeUrl,
    language: publication.language,
    updated: toDate(updated),
    generator: `Renga ${version}`,
    ttl: TTL_MINUTES,
    copyright: '',
    feedLinks: { rss: feedUrl(publication, folder, 'rss'), atom: feedUrl(publication, folder, 'atom') },
    ...others,
  });
}
