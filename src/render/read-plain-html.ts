/**
 * A way past the sanitiser for HTML that needs none: what the Markdown parser prints for a post without HTML of its own, spelt in one way only.
 * Every tag is one of a few, in lower case, properly nested, with known attributes in double quotes; every `&` begins one of five
 * references. Whatever else it meets, it gives up (null) and the sanitiser decides. For what it takes, both give the same.
 */
import { type HtmlPiece, isVoid, openTag, withAttributes } from './html-pieces.ts';
import { rewriteAttributes, type TagContext } from './rewrite-attributes.ts';

export type PlainHtml = {
  readonly pieces: readonly HtmlPiece[];
  /** Local files as written, each once, in order. */
  readonly references: readonly string[];
};

const BLOCK = new Set('p h1 h2 h3 h4 h5 h6 pre hr blockquote ul ol table'.split(' '));
const INLINE = new Set('em strong del code a img br sup'.split(' '));

/** What may stand in each element, so that no parser of HTML closes one that we take for open. */
const CONTENT: Readonly<Record<string, ReadonlySet<string>>> = {
  '': BLOCK.union(INLINE),
  blockquote: BLOCK.union(INLINE),
  li: BLOCK.union(INLINE),
  ul: new Set(['li']),
  ol: new Set(['li']),
  table: new Set(['thead', 'tbody']),
  thead: new Set(['tr']),
  tbody: new Set(['tr']),
  tr: new Set(['th', 'td']),
};

/** Attributes that are taken over, and how their values must look; a URL is judged by where it leads. */
const ATTRIBUTES: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  a: { href: /./, title: /./, id: /^[\w-]+$/ },
  img: { src: /./, alt: /^/, title: /./ },
  code: { class: /^language-[\w+#.-]{1,40}$/ },
  ol: { class: /^footnotes$/, start: /^\d{1,9}$/ },
  ul: { class: /^tasks$/ },
  li: { id: /^[\w-]+$/ },
  th: { class: /^align-(?:left|center|right)$/, scope: /^col$/ },
  td: { class: /^align-(?:left|center|right)$/ },
};

/** The sanitiser takes twice as many. */
const DEEPEST = 50;

type Tag = { readonly slash: string; readonly name: string; readonly attributes: string };

const NAMES = [...BLOCK, ...INLINE, 'li', 'thead', 'tbody', 'tr', 'th', 'td'];
/** Tags without attributes, as most are, by what stands in their brackets: found faster than by an expression. */
const BARE: ReadonlyMap<string, Tag> = new Map(
  NAMES.flatMap((name) =>
    ['', '/'].map((slash): [string, Tag] => [`${slash}${name}`, { slash, name, attributes: '' }]),
  ),
);

/** Its values hold no bracket, so that it ends at the first that closes. */
const TAG = /<(\/?)([a-z][a-z0-9]*)((?: [a-z]+="[^"<>]*")*)>/y;
const ATTRIBUTE = / ([a-z]+)="([^"]*)"/g;
const REFERENCES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};

type Reading = Pick<TagContext, 'pageUrl' | 'references' | 'seenIds'> & {
  readonly pieces: HtmlPiece[];
  readonly open: string[];
};

/** `html`: cleaned text. Null: it is not plain. */
export function readPlainHtml(html: string, pageUrl: string): PlainHtml | null {
  const reading: Reading = { pageUrl, references: new Set(), seenIds: new Set(), pieces: [], open: [] };
  let at = 0;
  while (at < html.length) {
    const next = html.indexOf('<', at);
    const end = next < 0 ? html.length : next;
    if (end > at && !readText(reading, html.slice(at, end))) return null;
    if (end === html.length) break;
    const close = html.indexOf('>', end);
    const match = close < 0 ? null : (BARE.get(html.slice(end + 1, close)) ?? matchTag(html, end));
    if (!match || !readTag(reading, match)) return null;
    at = close + 1;
  }
  return reading.open.length > 0 ? null : { pieces: reading.pieces, references: [...reading.references] };
}

/** In a text the sanitiser leaves quotes as they are, and only these three references. */
function readText({ pieces }: Reading, text: string): boolean {
  if (text.includes('>')) return false;
  if (!text.includes('&')) pieces.push({ kind: 'text', html: text });
  else if (hasOtherReferences(text)) return false;
  else pieces.push({ kind: 'text', html: text.replaceAll('&quot;', '"').replaceAll('&#39;', "'") });
  return true;
}

function hasOtherReferences(text: string): boolean {
  return /&(?!(?:amp|lt|gt|quot|#39);)/.test(text);
}

function matchTag(html: string, at: number): Tag | null {
  TAG.lastIndex = at;
  const match = TAG.exec(html);
  const [, slash = '', name = '', attributes = ''] = match ?? [];
  return match && { slash, name, attributes };
}

function readTag(reading: Reading, { slash, name, attributes }: Tag): boolean {
  const { open, pieces } = reading;
  if (slash !== '') {
    if (attributes !== '' || open.pop() !== name) return false;
    pieces.push(closeTag(name));
    return true;
  }
  if (!mayStand(open, name)) return false;
  const tag = attributes === '' && name !== 'img' ? bareTag(name) : readAttributes(reading, name, attributes);
  if (tag === null) return false;
  if (!isVoid(name)) open.push(name);
  pieces.push(tag);
  return open.length <= DEEPEST;
}

function mayStand(open: readonly string[], name: string): boolean {
  const content = CONTENT[open.at(-1) ?? ''] ?? INLINE;
  return content.has(name) && !(name === 'a' && open.includes('a'));
}

function readAttributes(reading: Reading, tagName: string, text: string): HtmlPiece | null {
  const allowed = ATTRIBUTES[tagName];
  const attribs: Record<string, string> = {};
  for (const [, name = '', raw = ''] of text.matchAll(ATTRIBUTE)) {
    if (hasOtherReferences(raw) || Object.hasOwn(attribs, name)) return null;
    const value = raw.replace(/&(?:amp|lt|gt|quot|#39);/g, (reference) => REFERENCES[reference] ?? reference);
    if (allowed?.[name]?.test(value) !== true) return null;
    attribs[name] = value;
  }
  const { pageUrl, references, seenIds } = reading;
  const rewritten = rewriteAttributes({ tagName, attribs, pageUrl, references, seenIds });
  return withAttributes(bareTag(tagName), rewritten);
}

/** Of an element without attributes, as most are: the same value each time. */
const bareTags = new Map<string, ReturnType<typeof openTag>>();

function bareTag(name: string): ReturnType<typeof openTag> {
  const tag = bareTags.get(name) ?? openTag(name);
  bareTags.set(name, tag);
  return tag;
}

const closeTags = new Map<string, HtmlPiece>();

function closeTag(name: string): HtmlPiece {
  const tag = closeTags.get(name) ?? { kind: 'close', name };
  closeTags.set(name, tag);
  return tag;
}
