/** Adds to the XML of the package `feed` what the standards ask and it does not say. */
import type { Publication } from '../../domain/publication.ts';

/** RFC 5005 §2: all entries there are stand in this document. */
const COMPLETE = '<fh:complete/>';
const HISTORY = 'xmlns:fh="http://purl.org/syndication/history/1.0"';
const RSS_ROOT = `<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" ${HISTORY}>`;

/** RSS Advisory Board profile: dates with a numeric zone. */
export function completeRss(xml: string, complete: boolean): string {
  const done = xml
    .replace(/<rss [^>]*>/, RSS_ROOT)
    .replace(/<docs>[^<]*<\/docs>/, '<docs>https://www.rssboard.org/rss-specification</docs>')
    .replace(/(<(?:pubDate|lastBuildDate)>[^<]*) GMT</g, '$1 +0000<');
  return complete ? done.replace(/(\n\s*)<lastBuildDate>/, `$1${COMPLETE}$1<lastBuildDate>`) : done;
}

/** RFC 4287: our titles and summaries are plain text (§3.1.1.1); the language is the feed's (§2); links say what they lead to (§4.2.7). */
export function completeAtom(xml: string, publication: Publication, complete: boolean): string {
  const done = xml
    .replace('<feed xmlns=', `<feed xml:lang="${publication.language}" ${HISTORY} xmlns=`)
    .replace(/<(title|summary) type="html">/g, '<$1 type="text">')
    .replace(/<link rel="self" href="([^"]*)"\/>/, '<link rel="self" type="application/atom+xml" href="$1"/>')
    .replace(/<link rel="alternate" href="([^"]*)"\/>/, '<link rel="alternate" type="text/html" href="$1"/>')
    .replace(/<link href="([^"]*)"\/>/g, '<link rel="alternate" type="text/html" href="$1"/>');
  return complete ? done.replace(/(\n\s*)<id>/, `$1${COMPLETE}$1<id>`) : done;
}
