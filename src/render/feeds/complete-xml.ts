/** Adds to the XML of the package `feed` what the standards ask and it does not say. */
import { escapeXml } from './escape-xml.ts';
import { plainDate, toSecond } from './feed-dates.ts';
import {
  composeFeedLinks,
  FEED_TYPES,
  type DeletedEntry,
  type FeedDocument,
  type FeedFormat,
} from './feed-document.ts';

const HISTORY = 'xmlns:fh="http://purl.org/syndication/history/1.0"';
const RSS_ROOT = `<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" ${HISTORY}>`;
const TOMBSTONES = 'xmlns:at="http://purl.org/atompub/tombstones/1.0"';

/** RSS Advisory Board profile: dates with a numeric zone. */
export function completeRss(xml: string, document: FeedDocument): string {
  return xml
    .replace(/<rss [^>]*>/, RSS_ROOT)
    .replace(/<docs>[^<]*<\/docs>/, '<docs>https://www.rssboard.org/rss-specification</docs>')
    .replace(/(<lastBuildDate>[^<]*) GMT</, '$1 +0000<')
    .replace(/\n( *)<atom:link [^>]*rel="self"[^>]*\/>/, (self, indent: string) =>
      [self, ...renderLinks(document, 'rss', 'atom:link').map((link) => `\n${indent}${link}`)].join(''),
    )
    .replace(/\n( *)<lastBuildDate>/, (line, indent: string) => `${renderPlace(document, indent)}${line}`);
}

/** RFC 4287: the language is the feed's (§2); links say what they lead to (§4.2.7). */
export function completeAtom(xml: string, document: FeedDocument): string {
  const { publication, deleted } = document;
  const namespaces = deleted.length === 0 ? HISTORY : `${HISTORY} ${TOMBSTONES}`;
  return xml
    .replace('<feed xmlns=', `<feed xml:lang="${publication.language}" ${namespaces} xmlns=`)
    .replace(/\n( *)<link rel="self" href="([^"]*)"\/>/, (_, indent: string, href: string) => {
      const self = `<link rel="self" type="${FEED_TYPES.atom}" href="${href}"/>`;
      return [self, ...renderLinks(document, 'atom', 'link')].map((link) => `\n${indent}${link}`).join('');
    })
    .replace(/<link rel="alternate" href="([^"]*)"\/>/, '<link rel="alternate" type="text/html" href="$1"/>')
    .replace(/\n( *)<id>/, (line, indent: string) => `${renderPlace(document, indent)}${line}`)
    .replace(/\n<\/feed>/, (end) => `${deleted.map(renderTombstone).join('')}${end}`);
}

/** RFC 5005: §2 for a feed with all its entries, §4 for an archive document. */
function renderPlace({ history }: FeedDocument, indent: string): string {
  if (history.kind === 'newest') return '';
  return `\n${indent}<fh:${history.kind === 'complete' ? 'complete' : 'archive'}/>`;
}

function renderLinks(document: FeedDocument, format: FeedFormat, element: string): readonly string[] {
  return composeFeedLinks(document, format).map(({ rel, href }) => {
    const type = rel === 'hub' ? '' : ` type="${FEED_TYPES[format]}"`;
    return `<${element} rel="${rel}"${type} href="${escapeXml(href)}"/>`;
  });
}

/** RFC 6721 §3. */
function renderTombstone({ id, deletedAt }: DeletedEntry): string {
  const when = plainDate(toSecond(deletedAt));
  return `\n    <at:deleted-entry ref="${escapeXml(id)}" when="${when}"/>`;
}
