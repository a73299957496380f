/** JSON Feed 1.1. The package `feed` knows only 1.0; a JSON document has nothing left to escape, so this one is ours. */
import type { Media } from '../../domain/entry.ts';
import { cleanLine } from '../clean-text.ts';
import type { FeedSource } from './build-feed.ts';
import { plainDate } from './feed-dates.ts';
import { feedUrl } from './feed-document.ts';
import type { FeedEntry } from './feed-entry.ts';

export function renderJsonFeed({ document, entries }: FeedSource): string {
  const { publication, folder, title, homeUrl, history, hubs } = document;
  const older = history.kind === 'complete' ? null : history.older;
  const feed = {
    version: 'https://jsonfeed.org/version/1.1',
    title: cleanLine(title),
    home_page_url: homeUrl,
    feed_url: feedUrl(publication, folder, 'json'),
    ...(older === null ? {} : { next_url: feedUrl(publication, older, 'json') }),
    ...(publication.description === '' ? {} : { description: cleanLine(publication.description) }),
    language: publication.language,
    authors: [{ name: cleanLine(publication.author) }],
    ...(hubs.length === 0 ? {} : { hubs: hubs.map((url) => ({ type: 'WebSub', url: new URL(url).href })) }),
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
    ...(entry.contentText === null ? {} : { content_text: entry.contentText }),
    ...(entry.summary === '' ? {} : { summary: entry.summary }),
    ...(entry.imageUrl === null ? {} : { image: entry.imageUrl }),
    ...(entry.media.length === 0 ? {} : { attachments: entry.media.map(composeAttachment) }),
    date_published: plainDate(entry.published),
    date_modified: plainDate(entry.updated),
    authors: [{ name: entry.author }],
    ...(entry.tags.length === 0 ? {} : { tags: entry.tags }),
    // JSON Feed 1.1 "Extensions": an underscore and a name of our own.
    ...(entry.haiku === null ? {} : { _haiku: entry.haiku.map(cleanLine) }),
  };
}

function composeAttachment({ url, type, bytes, seconds }: Media): object {
  const length = seconds === undefined ? {} : { duration_in_seconds: seconds };
  return { url, mime_type: type, size_in_bytes: bytes, ...length };
}
