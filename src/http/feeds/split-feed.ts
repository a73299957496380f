/**
 * A feed document as its entries and what stands around them, so that some of them can be left out (RFC 3229) and formats can be compared. It reads
 * what this program writes; of anything else it says null, and such a document is only ever sent whole.
 */
import { hash } from 'node:crypto';

export type FeedEntry = {
  /** As the same entry has it in every format. */
  readonly id: string;
  /** Another one for every entry, and whenever anything of it changes in this format. */
  readonly mark: string;
};

export type SplitFeed = {
  /** In their order in the document. */
  readonly entries: readonly FeedEntry[];
  /** The document with only the entries that `keep` says, well-formed, and never claiming to be the complete feed (RFC 5005 §2). */
  readonly select: (keep: (entry: FeedEntry) => boolean) => string;
};

/** Length of a mark: two versions of one entry are told apart, and fifty lists of them stay small. */
const MARK_LENGTH = 16;

/** Null for what is no feed, or one whose entries cannot be told apart. */
export function splitFeed(text: string): SplitFeed | null {
  const split = text.startsWith('{') ? splitJson(text) : splitXml(text);
  if (split === null) return null;
  const ids = new Set(split.entries.map(({ id }) => id));
  return ids.size === split.entries.length && !ids.has('') ? split : null;
}

type JsonFeed = { readonly items: readonly { readonly id: unknown }[] };

function splitJson(text: string): SplitFeed | null {
  const feed = parseJsonFeed(text);
  if (feed === null) return null;
  const parts = feed.items.map((item) => ({ item, entry: describe(String(item.id), JSON.stringify(item)) }));
  return {
    entries: parts.map(({ entry }) => entry),
    select: (keep) => {
      const items = parts.filter(({ entry }) => keep(entry)).map(({ item }) => item);
      return `${JSON.stringify({ ...feed, items }, null, 2)}\n`;
    },
  };
}

function parseJsonFeed(text: string): JsonFeed | null {
  try {
    const feed = JSON.parse(text) as Partial<JsonFeed> | null;
    return Array.isArray(feed?.items) ? (feed as JsonFeed) : null;
  } catch {
    return null;
  }
}

const COMPLETE = /\s*<fh:complete\s*\/>/g;
const ID = /<(?:guid|id)(?:\s[^<>]*)?>([^<]*)<\/(?:guid|id)>/;

function splitXml(text: string): SplitFeed | null {
  const spans = findSpans(text);
  if (spans === null) return null;
  const first = spans[0]?.from ?? text.length;
  const after = text.slice(spans.at(-1)?.to ?? text.length);
  const parts = spans.map(({ from, to, next }) => {
    const markup = text.slice(from, to);
    const id = ID.exec(markup.replaceAll(CDATA, ''))?.[1] ?? '';
    return { text: text.slice(from, next), entry: describe(readText(id), markup) };
  });
  return {
    entries: parts.map(({ entry }) => entry),
    select: (keep) => {
      const kept = parts.filter(({ entry }) => keep(entry)).map((part) => part.text);
      return text.slice(0, first).replaceAll(COMPLETE, '') + kept.join('') + after.replaceAll(COMPLETE, '');
    },
  };
}

function describe(id: string, markup: string): FeedEntry {
  return { id, mark: hash('sha256', markup, 'base64url').slice(0, MARK_LENGTH) };
}

const CDATA = /<!\[CDATA\[[^]*?\]\]>/g;
const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
const REFERENCE = /&(?:#x([\da-f]{1,6})|#(\d{1,7})|(lt|gt|quot|apos|amp));/gi;

/** XML 1.0 §4.1, §4.6: an id is escaped here and is not in JSON. */
function readText(text: string): string {
  return text.replaceAll(REFERENCE, (reference, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return NAMED[name] ?? reference;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10_ff_ff ? String.fromCodePoint(code) : reference;
  });
}

type Span = { readonly from: number; readonly to: number; readonly next: number };

/** Comments and CDATA are passed over whole (XML 1.0 §2.5, §2.7): what looks like a tag in them is text. */
const TOKEN = /<!--[^]*?-->|<!\[CDATA\[[^]*?\]\]>|<(\/?)(item|entry)(?=[\s>])[^>]*>/g;

/** Of each entry, `next` being where the one after it begins; null when they are nested or not closed. */
function findSpans(text: string): readonly Span[] | null {
  const spans: { from: number; to: number; next: number }[] = [];
  let open: number | null = null;
  for (const token of text.matchAll(TOKEN)) {
    const [markup, slash, name] = token;
    if (name === undefined) continue;
    if ((open !== null) !== (slash === '/') || markup.endsWith('/>')) return null;
    if (open === null) {
      open = token.index;
      const before = spans.at(-1);
      if (before) before.next = open;
    } else {
      const to = token.index + markup.length;
      spans.push({ from: open, to, next: to });
      open = null;
    }
  }
  return open === null ? spans : null;
}
