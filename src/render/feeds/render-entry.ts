/**
 * One entry as RSS 2.0 and as Atom 1.0. The package `feed` makes the document around the entries; a thousand entries are written here, each text escaped
 * once for both, in the spelling that the package has.
 */
import { escapeClean, escapeXml } from './escape-xml.ts';
import { atomDate, rssDate } from './feed-dates.ts';
import type { FeedEntry } from './feed-entry.ts';
import { renderAtomMedia, renderRssMedia } from './feed-media.ts';

/** As they stand below the root: without a line end before or after. */
export type EntryXml = { readonly rss: string; readonly atom: string };

/** `isPodcast`: some entry of the document has sound. */
export function renderEntry(entry: FeedEntry, isPodcast: boolean): EntryXml {
  const texts = {
    id: escapeXml(entry.id),
    title: escapeXml(entry.title),
    author: escapeXml(entry.author),
    // It was cleaned when it was composed, and is the longest by far.
    content: escapeClean(entry.contentHtml),
    tags: entry.tags.map(escapeXml),
    // A URL of `URL.href` holds nothing else that XML would take for its own.
    url: entry.url.replaceAll('&', '&amp;'),
  };
  return { rss: renderRssItem(entry, texts, isPodcast), atom: renderAtomEntry(entry, texts) };
}

type Texts = Readonly<Record<'id' | 'title' | 'author' | 'content' | 'url', string>> & {
  readonly tags: readonly string[];
};

/** RSS `author` would need an address: `dc:creator` takes its place. */
function renderRssItem(entry: FeedEntry, texts: Texts, isPodcast: boolean): string {
  const lines = [
    `<title>${texts.title}</title>`,
    `<link>${texts.url}</link>`,
    `<guid isPermaLink="false">${texts.id}</guid>`,
    `<pubDate>${rssDate(entry.published)}</pubDate>`,
    ...filled('description', escapeXml(entry.descriptionHtml)),
    ...filled('content:encoded', texts.content),
    ...texts.tags.map((tag) => `<category>${tag}</category>`),
    `<dc:creator>${texts.author}</dc:creator>`,
    ...renderRssMedia(entry.media, isPodcast),
  ];
  return `        <item>\n${lines.map((line) => `            ${line}\n`).join('')}        </item>`;
}

/** RFC 4287: our titles and summaries are plain text (§3.1.1.1); links say what they lead to (§4.2.7). */
function renderAtomEntry(entry: FeedEntry, texts: Texts): string {
  const lines = [
    `<title type="text">${texts.title}</title>`,
    `<id>${texts.id}</id>`,
    `<link rel="alternate" type="text/html" href="${texts.url}"/>`,
    `<updated>${atomDate(entry.updated)}</updated>`,
    ...filled('summary', escapeXml(entry.summary), ' type="text"'),
    ...filled('content', texts.content, ' type="html"'),
    '<author>',
    `    <name>${texts.author}</name>`,
    '</author>',
    ...texts.tags.map((tag) => `<category label="${tag}" term="${tag}"/>`),
    `<published>${atomDate(entry.published)}</published>`,
    ...renderAtomMedia(entry.media),
  ];
  return `    <entry>\n${lines.map((line) => `        ${line}\n`).join('')}    </entry>`;
}

/** An element that would be empty is left out: RSS asks for a title or a description, RFC 4287 §4.1.2 for a link where there is no content. */
function filled(name: string, text: string, attributes = ''): readonly string[] {
  return text === '' ? [] : [`<${name}${attributes}>${text}</${name}>`];
}
