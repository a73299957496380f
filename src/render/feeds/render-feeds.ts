/** A feed document → its three formats: RSS 2.0, Atom 1.0 and JSON Feed 1.1 with the same ids, links, titles and dates. Pure, and well-formed for any Unicode. */
import { buildAtom, buildRss } from './build-feed.ts';
import { completeAtom, completeRss } from './complete-xml.ts';
import type { FeedDocument, FeedFormat } from './feed-document.ts';
import { composeFeedEntry, type FeedEntry } from './feed-entry.ts';
import { addRssMedia, isPodcast } from './feed-media.ts';
import { openFeedTexts } from './feed-texts.ts';
import { type EntryXml, renderEntry } from './render-entry.ts';
import { renderJsonFeed } from './render-json-feed.ts';

export type RenderedFeeds = Readonly<Record<FeedFormat, string>>;

export function renderFeeds(document: FeedDocument): RenderedFeeds {
  const { publication, content, textOf, podcast } = document;
  const entries = document.entries.map((entry) =>
    composeFeedEntry(entry, publication.author, content, textOf),
  );
  const source = { document, entries, updated: newestChange(entries) };
  const texts = openFeedTexts();
  const channel = { author: texts.mark(publication.author), podcast };
  const hasSound = isPodcast(entries);
  const written = entries.map((entry) => renderEntry(entry, hasSound));
  const rss = texts.fill(addRssMedia(completeRss(buildRss(source, texts), document), entries, channel));
  const atom = texts.fill(completeAtom(buildAtom(source, texts), document));
  return {
    rss: `${insertEntries(rss, '\n    </channel>', written, 'rss')}\n`,
    atom: `${insertEntries(atom, document.deleted.length > 0 ? '\n    <at:' : '\n</feed>', written, 'atom')}\n`,
    json: renderJsonFeed(source),
  };
}

/** `before`: what follows the entries; texts hold no line ends that begin so, for their `<` are escaped. */
function insertEntries(
  xml: string,
  before: string,
  entries: readonly EntryXml[],
  format: keyof EntryXml,
): string {
  const at = xml.indexOf(before);
  return `${xml.slice(0, at)}${entries.map((entry) => `\n${entry[format]}`).join('')}${xml.slice(at)}`;
}

/** The newest content change, in milliseconds; without entries the epoch, for a document has no clock. */
function newestChange(entries: readonly FeedEntry[]): number {
  return entries.reduce((newest, { updated }) => Math.max(newest, updated), 0);
}
