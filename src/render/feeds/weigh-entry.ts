/**
 * How many bytes an entry takes in a feed, in the largest of the three formats: never less than it will, at most somewhat more. So it can be said
 * which entries fit a document before any of them is rendered.
 */
import type { Entry } from '../../domain/entry.ts';

/** What a document's head takes, with its links. */
export const HEAD_WEIGHT = 4_000;
/** What stands around the texts of an entry in XML (the longer of RSS and Atom, for each part) and in JSON: names, white space, dates. */
const FRAME_WEIGHT = { xml: 352, json: 297 };
const VERSE_WEIGHT = { xml: 252, json: 102 };
const SUMMARY_WEIGHT = 73;
const TAG_WEIGHT = { xml: 38, json: 13 };
const TAGS_WEIGHT = 24;
const MEDIA_WEIGHT = { xml: 230, json: 195 };
const IMAGE_WEIGHT = 20;
/** ` width="1920" height="1080"`, escaped. */
const SIZE_WEIGHT = 60;
/** How a file is called in a body until its address is known. */
const PLACEHOLDER = 'renga-asset:';
/** `&#x26;` in place of `&`. */
const ESCAPE_WEIGHT = 5;

/** `html`: a body as the workshop rendered it. Thousands are weighed, so what is counted is looked for, and no unit is asked what it is. */
export function weighBody(html: string): number {
  const bytes = Buffer.byteLength(html);
  const tags = countOf(html, '&') + countOf(html, '<') + countOf(html, '>');
  const quotes = countOf(html, '"');
  const xml = bytes + (tags + quotes) * ESCAPE_WEIGHT;
  // JSON says it as text too, with its links listed below.
  const text = (bytes - weighTags(html, bytes === html.length)) * (SET_IN.test(html) ? 1.3 : 1.05);
  const lines = countOf(html, '\n');
  const json = bytes + quotes + countOf(html, '\\') + lines + text + weighLinks(html) + lines * 5;
  return Math.ceil(Math.max(xml, json));
}

/** As text, code and lists are set in, and tables filled with spaces. */
const SET_IN = /<(?:table|pre|[uod]l|blockquote|hr)\b/;

function countOf(text: string, what: string): number {
  let count = 0;
  for (let at = text.indexOf(what); at >= 0; at = text.indexOf(what, at + 1)) count += 1;
  return count;
}

/** Bytes of all that stands in brackets, with them. */
function weighTags(html: string, isAscii: boolean): number {
  let weight = 0;
  for (let at = html.indexOf('<'); at >= 0; ) {
    const end = html.indexOf('>', at) + 1;
    if (end === 0) break;
    weight += isAscii ? end - at : Buffer.byteLength(html.slice(at, end));
    at = html.indexOf('<', end);
  }
  return weight;
}

function weighLinks(html: string): number {
  const name = ' href="';
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

/** How often a body names files, each time with an address in the end. `html`: as the workshop rendered it. */
export function countPlaceholders(html: string): number {
  return countOf(html, PLACEHOLDER);
}

/** What the addresses of what it names add to a body. `urls`: of all of them. */
export function weighReferences(placeholders: number, urls: readonly string[]): number {
  const longest = urls.reduce((most, url) => Math.max(most, url.length), 0);
  // JSON says that of a link once more below the text; a picture gets its width and height.
  return longest === 0 ? 0 : placeholders * (2 * longest + SIZE_WEIGHT);
}

/**
 * All of an entry but its body, which `weighBody` weighs: the most that one of the formats needs for it. `content`: what the document carries.
 * `author`: who wrote what says no other.
 */
export function weighEntry(
  { post, url, summary, imageUrl, media }: Omit<Entry, 'body'>,
  content: 'full' | 'summary',
  author: string,
): number {
  const shared = sumOf([post.id, post.title, post.author ?? author, url]);
  const verse = post.haiku ? sumOf(post.haiku) : null;
  const said = summary === '' ? 0 : weighText(summary) + SUMMARY_WEIGHT;
  // How often the summary is said.
  const times = content === 'full' ? { xml: 1, json: 1 } : { xml: 2, json: 3 };
  const tags = sumOf(post.tags);
  const files = media.reduce((sum, file) => sum + weighText(file.url) + weighText(file.type), 0);
  const xml =
    FRAME_WEIGHT.xml +
    (verse === null ? 0 : 2 * verse + VERSE_WEIGHT.xml) +
    times.xml * said +
    (2 * tags + post.tags.length * TAG_WEIGHT.xml) +
    (2 * files + media.length * MEDIA_WEIGHT.xml);
  const json =
    FRAME_WEIGHT.json +
    (verse === null ? 0 : 3 * verse + VERSE_WEIGHT.json) +
    times.json * said +
    (tags + post.tags.length * TAG_WEIGHT.json + TAGS_WEIGHT) +
    (files + media.length * MEDIA_WEIGHT.json) +
    (imageUrl === null ? 0 : weighText(imageUrl) + IMAGE_WEIGHT);
  return shared + Math.max(xml, json);
}

const sumOf = (texts: readonly string[]): number => texts.reduce((sum, text) => sum + weighText(text), 0);

/** What escaped characters add is the most where HTML is escaped once more: `"` is `&#x26;quot;`. */
function weighText(text: string): number {
  return Buffer.byteLength(text) + (text.match(/[&<>"\\]/g)?.length ?? 0) * 10;
}
