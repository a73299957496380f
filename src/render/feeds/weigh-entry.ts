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

/** `html`: a body as the workshop rendered it; `addressWeight`: what an address of a file beside the post may add. */
export function weighBody(html: string, references: number, addressWeight: number): number {
  const bytes = Buffer.byteLength(html) + references * 2 * addressWeight;
  const xml = bytes + countOf(html, /[&<>"]/g) * ESCAPE_WEIGHT;
  // JSON says it as text too: its code is set in, its tables filled with spaces, its links listed below.
  const text = Buffer.byteLength(html.replace(/<[^>]*>/g, '')) * 1.3;
  const links = [...html.matchAll(/ (?:href|src)="([^"]*)"/g)].reduce(
    (sum, [, url = '']) => sum + url.length + 12,
    0,
  );
  const indent = countOf(html, /\n/g) * 5;
  const json = bytes + countOf(html, /["\\\n]/g) + text + links + indent;
  return Math.ceil(Math.max(xml, json));
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
