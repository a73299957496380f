/** Entries → the three feeds: RSS 2.0, Atom 1.0 and JSON Feed 1.1 with the same ids, links, titles and dates. Pure, and well-formed for any Unicode. */
import type { Entry } from '../../domain/entry.ts';
import type { Publication } from '../../domain/publication.ts';
import { buildAtom, buildRss, type FeedSource } from './build-feed.ts';
import { completeAtom, completeRss } from './complete-xml.ts';
import { composeFeedEntry, type FeedEntry } from './feed-entry.ts';
import { openFeedTexts } from './feed-texts.ts';
import { renderJsonFeed } from './render-json-feed.ts';

export type FeedsInput = {
  readonly publication: Publication;
  /** Newest first, already cut to the feed's length. */
  readonly entries: readonly Entry[];
  readonly version: string;
  readonly content: 'full' | 'summary';
  /** Whether these are all entries there are (RFC 5005 §2). */
  readonly complete: boolean;
};

export function renderFeeds(input: FeedsInput): {
  readonly rss: string;
  readonly atom: string;
  readonly json: string;
} {
  const { publication, version, content, complete } = input;
  const entries = input.entries.map((entry) => composeFeedEntry(entry, publication.author, content));
  const source: FeedSource = { publication, entries, version, updated: newestChange(entries) };
  const texts = openFeedTexts();
  return {
    rss: `${texts.fill(completeRss(buildRss(source, texts), complete))}\n`,
    atom: `${texts.fill(completeAtom(buildAtom(source, texts), publication, complete))}\n`,
    json: renderJsonFeed(source),
  };
}

/** The newest content change; without entries the epoch, for a document has no clock. */
function newestChange(entries: readonly FeedEntry[]): Temporal.Instant {
  return entries
    .map((entry) => entry.updated)
    .reduce(
      (a, b) => (Temporal.Instant.compare(a, b) >= 0 ? a : b),
      Temporal.Instant.fromEpochMilliseconds(0),
    );
}
