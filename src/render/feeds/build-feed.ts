/** The door of the package `feed`: our entries as its documents, with marks where texts go (`feed-texts.ts`). Never the clock: every date is given. */
import { Feed, type FeedOptions, type Item } from 'feed';
import { feedUrl, type FeedDocument } from './feed-document.ts';
import type { FeedEntry } from './feed-entry.ts';
import type { FeedTexts } from './feed-texts.ts';

export type FeedSource = {
  readonly document: FeedDocument;
  readonly entries: readonly FeedEntry[];
  readonly updated: Temporal.Instant;
};

/** How long, in minutes, a reader may keep RSS before it asks again. */
const TTL_MINUTES = 60;

/** RSS 2.0 before it is completed (`complete-xml.ts`). RSS `author` would need an address: `dc:creator` takes its place. */
export function buildRss(source: FeedSource, texts: FeedTexts): string {
  const { title, publication } = source.document;
  const { description } = publication;
  // RSS 2.0, "Required channel elements": there is a description, whatever the author left out.
  const feed = buildFeed(source, texts, {
    description: texts.mark(description === '' ? title : description),
  });
  for (const entry of source.entries) {
    feed.addItem({
      ...composeItem(entry, texts),
      ...markFilled('description', entry.descriptionHtml, texts),
      extensions: [{ name: 'dc:creator', objects: texts.mark(entry.author) as never }],
    });
  }
  return feed.rss2();
}

/** Atom 1.0 before it is completed (`complete-xml.ts`). */
export function buildAtom(source: FeedSource, texts: FeedTexts): string {
  const { author: name, description } = source.document.publication;
  const feed = buildFeed(source, texts, {
    ...markFilled('description', description, texts),
    author: { name: texts.mark(name) },
  });
  for (const entry of source.entries) {
    const author = [{ name: texts.mark(entry.author) }];
    feed.addItem({
      ...composeItem(entry, texts),
      ...markFilled('description', entry.summary, texts),
      author,
    });
  }
  return feed.atom1();
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

function composeItem(entry: FeedEntry, texts: FeedTexts): Item {
  const id = texts.markId(entry.id);
  return {
    id,
    guid: id,
    title: texts.mark(entry.title),
    link: entry.url,
    date: toDate(entry.updated),
    published: toDate(entry.published),
    ...markFilled('content', entry.contentHtml, texts),
    category: entry.tags.map((tag) => ({ term: texts.mark(tag), name: texts.mark(tag) })),
  };
}

/** An element that would be empty is left out: RSS asks for a title or a description, RFC 4287 §4.1.2 for a link where there is no content. */
function markFilled(
  key: 'description' | 'content',
  text: string,
  texts: FeedTexts,
): Partial<Pick<Item, 'description' | 'content'>> {
  return text === '' ? {} : { [key]: texts.mark(text) };
}

function toDate(moment: Temporal.Instant): Date {
  return new Date(moment.epochMilliseconds);
}
