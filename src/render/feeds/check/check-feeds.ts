/**
 * The last look at a feed document before readers see it: well-formed, whole, its ids unique, its addresses absolute, its dates sane, nothing in it
 * active, and the same in all three formats. It trusts nothing of what made the document, and reads only what it is given.
 */
import type { Moment } from '../feed-dates.ts';
import type { FeedFormat } from '../feed-document.ts';
import type { RenderedFeeds } from '../render-feeds.ts';
import { findActive } from './find-active.ts';
import type { CheckedEntry, CheckedFeed, FeedFault } from './checked-feed.ts';
import { FeedRefused, readAtom, readJsonFeed, readRss } from './read-feed.ts';
import type { ReadTexts } from './read-xml.ts';

/** Larger documents are given up by some readers; a post alone may still be larger, so this stops nothing but a runaway. */
const LARGEST_BYTES = 20_000_000;

const FORMATS: Readonly<
  Record<FeedFormat, { name: string; read: (text: string, texts: ReadTexts) => CheckedFeed }>
> = {
  rss: { name: 'RSS', read: readRss },
  atom: { name: 'Atom', read: readAtom },
  json: { name: 'JSON', read: readJsonFeed },
};

/** None for documents that may be published. `now`: dates after it by more than a day are not sane. */
export function checkFeeds(feeds: RenderedFeeds, now: Moment): readonly FeedFault[] {
  const read = new Map<FeedFormat, CheckedFeed>();
  const faults: FeedFault[] = [];
  // The formats share their texts: each is read and searched once.
  const findFault = openSearch();
  const texts: ReadTexts = new Map();
  for (const format of ['rss', 'atom', 'json'] as const) {
    const { name, read: readFormat } = FORMATS[format];
    try {
      const feed = readFormat(feeds[format], texts);
      read.set(format, feed);
      faults.push(
        ...checkFeed(feed, now, findFault).map(({ entry, reason }) => ({
          entry,
          reason: `${reason} (${name})`,
        })),
      );
    } catch (error) {
      if (!(error instanceof FeedRefused)) throw error;
      faults.push({ entry: null, reason: `${error.message} (${name})` });
    }
    if (Buffer.byteLength(feeds[format]) > LARGEST_BYTES)
      faults.push({ entry: null, reason: `is larger than ${LARGEST_BYTES / 1_000_000} MB (${name})` });
  }
  return faults.length > 0 ? faults : compareFormats(read);
}

type Search = typeof findActive;

function openSearch(): Search {
  const inactive = new Set<string>();
  return (html) => {
    if (inactive.has(html)) return null;
    const active = findActive(html);
    if (active === null) inactive.add(html);
    return active;
  };
}

function checkFeed(feed: CheckedFeed, now: Moment, findFault: Search): readonly FeedFault[] {
  const faults: FeedFault[] = [];
  const ids = new Set<string>();
  for (const { what, url } of [...feed.addresses, { what: 'self', url: feed.self }])
    if (!isAbsolute(url))
      faults.push({ entry: null, reason: `has "${url}" as its ${what}, which is no whole address` });
  if (feed.updated !== null && !isSane(feed.updated, now))
    faults.push({ entry: null, reason: `says it was changed at "${feed.updated}"` });
  for (const entry of feed.entries) {
    if (ids.has(entry.id)) faults.push({ entry: entry.id, reason: 'is in it twice' });
    ids.add(entry.id);
    faults.push(...checkEntry(entry, now, findFault).map((reason) => ({ entry: entry.id, reason })));
  }
  return faults;
}

function checkEntry(entry: CheckedEntry, now: Moment, findFault: Search): readonly string[] {
  const { id, url, published, updated, addresses, htmls } = entry;
  const faults: string[] = [];
  if (id.trim() === '' || /\s/.test(id)) faults.push('has no usable id');
  for (const address of [{ what: 'link', url }, ...addresses])
    if (!isAbsolute(address.url))
      faults.push(`has "${address.url}" as its ${address.what}, which is no whole address`);
  for (const date of updated === null ? [published] : [published, updated])
    if (!isSane(date, now)) faults.push(`has the date "${date}"`);
  for (const html of htmls) {
    const active = findFault(html);
    if (active !== null) faults.push(`holds ${active}`);
  }
  return faults;
}

function isAbsolute(url: string): boolean {
  return /^https?:\/\/[^\s"<>]+$/i.test(url) && URL.canParse(url);
}

const DAY_MILLISECONDS = 86_400_000;

/** Posts may tell of days long before computers; a feed that dates one after tomorrow pins it to the top of every reader. */
function isSane(text: string, now: Moment): boolean {
  const moment = Date.parse(text);
  return moment <= now.epochMilliseconds + DAY_MILLISECONDS;
}

/** They come of one rendering, and readers who change from one to another must see nothing new. */
function compareFormats(feeds: ReadonlyMap<FeedFormat, CheckedFeed>): readonly FeedFault[] {
  const [first, ...others] = [...feeds.values()].map(({ entries }) => entries);
  const faults: FeedFault[] = [];
  for (const entries of others) {
    if (entries.length !== first?.length)
      faults.push({ entry: null, reason: 'has not the same entries in all formats' });
    for (const [index, entry] of entries.entries()) {
      const same = first?.[index];
      if (!same || !isSame(entry, same))
        faults.push({ entry: entry.id, reason: 'is not the same in all formats' });
    }
  }
  return faults;
}

function isSame(a: CheckedEntry, b: CheckedEntry): boolean {
  const line = (text: string): string => text.replace(/\s+/g, ' ').trim();
  return (
    a.id === b.id &&
    a.url === b.url &&
    line(a.title) === line(b.title) &&
    Date.parse(a.published) === Date.parse(b.published)
  );
}
