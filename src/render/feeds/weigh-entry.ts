/**
 * How many bytes an entry takes in a feed, in the largest of the three formats: never less than it will, at most somewhat more. So it can be said
 * which entries fit a document before any of them is rendered.
 */
import type { Entry } from '../../domain/entry.ts';

/** What a document's head takes, with its links. */
export const HEAD_WEIGHT = 4_000;
/** Names of elements and members, dates and white space around one entry. */
const FRAME_WEIGHT = 1_100;
const TAG_WEIGHT = 60;
/** `&#x26;` in place of `&`. */
const ESCAPE_WEIGHT = 5;

const AMPERSAND = 0x26;
const LESS = 0x3c;
const GREATER = 0x3e;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LINE_END = 0x0a;

/** `html`: a body as the workshop rendered it, which takes this long for each of thousands: so it is gone through once. */
export function weighBody(html: string): number {
  let tags = 0;
  let quotes = 0;
  let slashes = 0;
  let lines = 0;
  for (let index = 0; index < html.length; index += 1) {
    const unit = html.charCodeAt(index);
    if (unit === AMPERSAND || unit === LESS || unit === GREATER) tags += 1;
    else if (unit === QUOTE) quotes += 1;
    else if (unit === BACKSLASH) slashes += 1;
    else if (unit === LINE_END) lines += 1;
  }
  const bytes = Buffer.byteLength(html);
  const xml = bytes + (tags + quotes) * ESCAPE_WEIGHT;
  // JSON says it as text too: its code is set in, its tables filled with spaces, its links listed below.
  const text = Buffer.byteLength(html.replace(/<[^>]*>/g, '')) * 1.3;
  const links = weighLinks(html, ' href="') + weighLinks(html, ' src="');
  const json = bytes + quotes + slashes + lines + text + links + lines * 5;
  return Math.ceil(Math.max(xml, json));
}

function weighLinks(html: string, name: string): number {
  let weight = 0;
  for (let at = html.indexOf(name); at >= 0; ) {
    const start = at + name.length;
    const end = html.indexOf('"', start);
    if (end < 0) break;
    weight += end - start + 12;
    at = html.indexOf(name, end);
  }
  return weight;
}

/** What its files beside the post may add to a body. `addressWeight`: of one's address. */
export function weighReferences(references: number, addressWeight: number): number {
  return references * 2 * addressWeight;
}

/** `bodyWeight`: of `weighBody`, or 0 where feeds carry summaries. */
export function weighEntry(entry: Omit<Entry, 'body'>, bodyWeight: number): number {
  const { post, url, summary, imageUrl, media } = entry;
  const verse = weighText((post.haiku ?? []).join('\n')) + 60;
  const tags = post.tags.reduce((sum, tag) => sum + 2 * weighText(tag) + TAG_WEIGHT, 0);
  const lines =
    weighText(post.title) + weighText(post.id) + 2 * weighText(post.author ?? '') + 3 * weighText(summary);
  const addresses = 4 * weighText(url) + 3 * weighText(imageUrl ?? '');
  const files = media.reduce((sum, file) => sum + 4 * weighText(file.url) + 600, 0);
  return FRAME_WEIGHT + files + 4 * verse + tags + lines + addresses + bodyWeight;
}

function weighText(text: string): number {
  return Buffer.byteLength(text) + countOf(text, /[&<>"\\]/g) * (ESCAPE_WEIGHT + 6);
}

function countOf(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
