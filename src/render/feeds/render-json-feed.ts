/** JSON Feed 1.1. The package `feed` knows only 1.0; a JSON document has nothing left to escape, so this one is ours. */
import { cleanLine } from '../clean-text.ts';
import { type FeedSource, feedUrl } from './build-feed.ts';
import type { FeedEntry } from './feed-entry.ts';

export function renderJsonFeed({ publication, entries }: FeedSource): string {
  const feed = {
    version: 'https://jsonfeed.org/version/1.1',
    title: cleanLine(publication.title),
    home_page_url: publication.url,
    feed_url: feedUrl(publication, 'feed.json'),
    ...(publication.description === '' ? {} : { description: cleanLine(publication.description) }),
    language: publication.language,
    authors: [{ name: cleanLine(publication.author) }],
    items: entries.map(composeItem),
  };
  return `${JSON.stringify(feed, null, 2)}\n`;
}

function composeItem(entry: FeedEntry): object {
  return {
    id: entry.id,
    url: entry.url,
    title: entry.title,
    content_html: entry.contentHtml,
    content_text: entry.contentText,
    ...(entry.summary === '' ? {} : { summary: entry.summary }),
    ...(entry.imageUrl === null ? {} : { image: entry.imageUrl }),
    date_published: entry.published.toString(),
    date_modified: entry.updated.toString(),
    authors: [{ name: entry.author }],
    ...(entry.tags.length === 0 ? {} : { tags: entry.tags }),
    // JSON Feed 1.1 "Extensions": an underscore and a name of our own.
    ...(entry.haiku === null ? {} : { _haiku: entry.haiku.map(cleanLine) }),
  };
}
