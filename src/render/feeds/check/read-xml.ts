/**
 * Reads XML as strictly as XML 1.0 asks of a document without a DTD, into a small tree. Every fault is refused, for readers' parsers refuse
 * it too; what a feed never needs (DTDs, processing instructions, comments) is refused as well.
 */

export type XmlElement = {
  /** With its prefix, as written. */
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** All text that stands directly in it, without references. */
  readonly text: string;
};

export class XmlFault extends Error {}

const DECLARATION = /^<\?xml version="1\.0" encoding="utf-8"\?>\s*/;
/** XML 1.0 §2.3, near enough for what is refused: our names are ASCII. */
const TAG = /<(\/?)([A-Za-z_][\w.:-]*)((?:\s+[A-Za-z_][\w.:-]*="[^"<]*")*)\s*(\/?)>/y;
const ATTRIBUTE = /([A-Za-z_][\w.:-]*)="([^"<]*)"/g;
/** XML 1.0 §2.2. */
const FORBIDDEN =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
/** The same without the surrogates, which `isWellFormed` judges many times faster. */
const FORBIDDEN_UNIT = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

type Open = {
  name: string;
  attributes: ReadonlyMap<string, string>;
  children: XmlElement[];
  text: string;
  /** That may be used in it, declared on itself or around it. */
  prefixes: ReadonlySet<string>;
};

const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();
/** Namespaces in XML 1.0 §3: `xml` is bound without being declared, and `xmlns` declares. */
const BOUND: ReadonlySet<string> = new Set(['xml', 'xmlns']);

/** Long texts as they stand and as they are read: the formats of a feed share them, and each is read once. */
export type ReadTexts = Map<string, string>;

/** Throws XmlFault. */
export function readXml(document: string, texts: ReadTexts = new Map()): XmlElement {
  const start = DECLARATION.exec(document)?.[0].length;
  if (start === undefined) throw new XmlFault('does not begin with its XML declaration');
  const root: Open = { name: '', attributes: new Map(), children: [], text: '', prefixes: BOUND };
  const open: Open[] = [root];
  let at = start;
  while (at < document.length) {
    const next = document.indexOf('<', at);
    const end = next < 0 ? document.length : next;
    addText(open, document.slice(at, end), at, texts);
    at = end < document.length ? readTag(document, end, open) : end;
  }
  const [only, ...others] = root.children;
  if (open.length > 1) throw new XmlFault(`does not close <${open.at(-1)?.name ?? ''}>`);
  if (!only || others.length > 0 || root.text.trim() !== '')
    throw new XmlFault('has not exactly one root element');
  return only;
}

function refuseForbidden(part: string, at: number): void {
  const isFine = part.isWellFormed() && !FORBIDDEN_UNIT.test(part);
  const forbidden = isFine ? null : FORBIDDEN.exec(part);
  if (forbidden) throw new XmlFault(`holds a character that XML forbids, at ${at + forbidden.index}`);
}

function addText(open: readonly Open[], raw: string, at: number, texts: ReadTexts): void {
  const parent = open.at(-1);
  if (!parent || raw === '') return;
  const known = raw.length < LONG ? undefined : texts.get(raw);
  if (known === undefined) refuseForbidden(raw, at);
  if (known === undefined && raw.includes(']]>')) throw new XmlFault(`holds "]]>" in a text, at ${at}`);
  const text = known ?? decode(raw, at);
  if (raw.length >= LONG) texts.set(raw, text);
  parent.text += text;
}

const LONG = 500;

/** Reads the tag at `at`; answers where it ends. */
function readTag(document: string, at: number, open: Open[]): number {
  TAG.lastIndex = at;
  const match = TAG.exec(document);
  if (!match) throw new XmlFault(`holds "${document.slice(at, at + 20)}", which is no tag, at ${at}`);
  const [whole, slash = '', name = '', attributes = '', isEmpty = ''] = match;
  refuseForbidden(attributes, at);
  if (slash !== '') closeElement(open, name, at);
  else {
    const parent = open.at(-1);
    const named = readAttributes(attributes, at);
    const prefixes = declarePrefixes(parent?.prefixes ?? BOUND, named);
    for (const used of [name, ...named.keys()]) requirePrefix(used, prefixes, at);
    const element: Open = { name, attributes: named, children: [], text: '', prefixes };
    parent?.children.push(element);
    if (isEmpty === '') open.push(element);
  }
  return at + whole.length;
}

function declarePrefixes(
  around: ReadonlySet<string>,
  attributes: ReadonlyMap<string, string>,
): ReadonlySet<string> {
  if (attributes.size === 0) return around;
  const declared = [...attributes].flatMap(([name, value]) =>
    // §6.1: a prefix cannot be undeclared, so an empty name declares nothing.
    name.startsWith('xmlns:') && value !== '' ? [name.slice('xmlns:'.length)] : [],
  );
  return declared.length === 0 ? around : around.union(new Set(declared));
}

function requirePrefix(name: string, prefixes: ReadonlySet<string>, at: number): void {
  if (!name.includes(':')) return;
  const [prefix = '', local, ...rest] = name.split(':');
  if (local === undefined) return;
  if (local === '' || rest.length > 0 || !prefixes.has(prefix))
    throw new XmlFault(`uses ${name}, whose prefix is not declared, at ${at}`);
}

function closeElement(open: Open[], name: string, at: number): void {
  const element = open.length > 1 ? open.pop() : undefined;
  if (element?.name !== name) throw new XmlFault(`closes <${name}>, which is not open, at ${at}`);
}

function readAttributes(text: string, at: number): ReadonlyMap<string, string> {
  if (text === '') return NO_ATTRIBUTES;
  const attributes = new Map<string, string>();
  for (const [, name = '', value = ''] of text.matchAll(ATTRIBUTE)) {
    if (attributes.has(name)) throw new XmlFault(`has ${name} twice in one tag, at ${at}`);
    attributes.set(name, decode(value, at));
  }
  return attributes;
}

function decode(raw: string, at: number): string {
  return decodeCommon(raw) ?? decodeAny(raw, at);
}

const UNCOMMON = /&(?!#x(?:3C|3E|22|26);)/;

/** Of the references that nearly all texts have, in the spelling of the feeds. Null: it holds another one, or one that is none. */
function decodeCommon(raw: string): string | null {
  if (!raw.includes('&')) return raw;
  if (UNCOMMON.test(raw)) return null;
  // The ampersand last: what follows it is text by then.
  return raw
    .replace(/&#x3C;/g, '<')
    .replace(/&#x3E;/g, '>')
    .replace(/&#x22;/g, '"')
    .replace(/&#x26;/g, '&');
}

function decodeAny(raw: string, at: number): string {
  return raw.replace(
    /&(?:#x([0-9A-Fa-f]{1,6})|#(\d{1,7})|([a-z]+))?;?/g,
    (whole, hex?: string, decimal?: string, name?: string) => {
      const code = hex ? Number.parseInt(hex, 16) : decimal ? Number(decimal) : null;
      const text =
        code === null ? NAMED[name ?? ''] : code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
      if (text === undefined || !whole.endsWith(';') || FORBIDDEN.test(text))
        throw new XmlFault(`holds "${whole}", which stands for no character, after ${at}`);
      return text;
    },
  );
}
