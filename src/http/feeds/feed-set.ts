/**
 * Feeds that belong together: the three documents of one feed, in one folder. They are written one after another, by a program that may be killed in
 * between; whether all of them are of one publish is told by what they say.
 */
import { parseHttpDate } from '../http-date.ts';
import type { FeedSource } from './feed-document.ts';

const FIRST = 'rss.xml';
const NAMES = [FIRST, 'atom.xml', 'feed.json'];

/** `tags/a/rss.xml` → the paths of all three formats beside it. A feed of any other name stands alone. */
export function setOf(path: string): readonly string[] {
  const slash = path.lastIndexOf('/') + 1;
  return NAMES.includes(path.slice(slash)) ? NAMES.map((name) => path.slice(0, slash) + name) : [path];
}

/** The first path of the set that a path is of. */
export function nameSet(path: string): string {
  const slash = path.lastIndexOf('/') + 1;
  if (slash === 0) return NAMES.includes(path) ? FIRST : path;
  return NAMES.includes(path.slice(slash)) ? path.slice(0, slash) + FIRST : path;
}

/** Whether these documents have the same entries in the same order, and changed last at the same time. One that cannot be read disagrees with none. */
export function doAgree(documents: readonly FeedSource[]): boolean {
  const read = documents.filter(({ split }) => split !== null);
  const entries = new Set(read.map(({ split }) => split?.entries.map(({ id }) => id).join('\n')));
  const changes = new Set(read.map(({ text }) => newestChange(text)).filter((change) => change !== null));
  return entries.size <= 1 && changes.size <= 1;
}

/** In seconds since 1970; null where the document does not say. */
function newestChange(text: string): number | null {
  if (text.startsWith('{')) return newestOf(text.matchAll(/"date_modified": ?"([^"]*)"/g));
  const head = text.slice(0, text.search(/<(?:item|entry)[\s>]/) >>> 0);
  return newestOf(head.matchAll(/<(?:lastBuildDate|updated)>([^<]*)</g));
}

function newestOf(dates: Iterable<RegExpExecArray>): number | null {
  const seconds = [...dates].map(([, date = '']) => parseDate(date)).filter((second) => second !== null);
  return seconds.length === 0 ? null : Math.max(...seconds);
}

/** RFC 3339, or RFC 822 with a numeric zone. */
function parseDate(text: string): number | null {
  const [, local, hours = '0', minutes = '0'] = /^(.*) ([+-]\d{2})(\d{2})$/.exec(text) ?? [];
  if (local !== undefined) {
    const seconds = parseHttpDate(`${local} GMT`);
    const ahead = Number(hours) * 60 + Math.sign(Number(hours)) * Number(minutes);
    return seconds === null ? null : seconds - ahead * 60;
  }
  try {
    return Math.floor(Temporal.Instant.from(text).epochMilliseconds / 1000);
  } catch {
    return null;
  }
}
