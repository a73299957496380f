/** Who reads the feeds: programs by their names, and how many people each says it fetches for. Nobody's address is any part of it. */

/** One answer about a feed. */
export type FeedReading = {
  /** Path of the document below `public/`. */
  readonly feed: string;
  /** User-Agent as it was sent: anything at all. */
  readonly agent: string;
  /** Whether it came with If-None-Match or If-Modified-Since. */
  readonly isConditional: boolean;
  readonly status: 200 | 226 | 304 | 429;
  /** Bytes of the body. */
  readonly sent: number;
  /** Bytes that were not sent: by a condition, by sending only what is new, by a coding. */
  readonly saved: { readonly unchanged: number; readonly deltas: number; readonly codings: number };
};

/** What one program read of one feed on one day (UTC). */
export type ReaderCount = {
  /** `2026-11-20`. */
  readonly day: string;
  readonly reader: string;
  readonly feed: string;
  /** How many people it said it fetches for, the last time it said so; null for a program that does not say. */
  readonly subscribers: number | null;
  readonly requests: number;
  readonly conditional: number;
  /** Answers by kind: 304, 226 and 429; the rest were whole. */
  readonly unchanged: number;
  readonly deltas: number;
  readonly refused: number;
  readonly sent: number;
  readonly savedUnchanged: number;
  readonly savedDeltas: number;
  readonly savedCodings: number;
};

export type Reader = { readonly name: string; readonly subscribers: number | null };

export const UNNAMED = 'unnamed';
const LONGEST_AGENT = 400;
const LONGEST_NAME = 40;
const MOST_SUBSCRIBERS = 10_000_000;

const SUBSCRIBERS = /(?:^|[\s;(,-])(\d{1,9}) (?:subscriber|reader)s?\b/i;
/** `Mozilla/5.0 (compatible; Name/1.0; …)`: the name stands inside. */
const COMPATIBLE =
  /^Mozilla\/[\d.]+ \((?:compatible; ?)?((?!X11|Windows|Macintosh|Linux|iPhone|iPad|Android|Mobile|compatible)[^/;,)]+)/;
const BROWSER = /^Mozilla\/[\d.]+ \(/;
/** Up to its version, remark or first other fact. */
const NAME = /^[^/;,(]+?(?= -|\s+feed-id|[/;,(]|$)/;
const ADDRESS = /\d+\.\d+\.\d+\.\d+|[:@]|[\da-f]{16}/i;

/**
 * User-Agent → the program's name without its version, and the subscribers that fetchers such as Feedly, Inoreader or NewsBlur tell of. Whatever
 * was sent, the name is short, plain, and holds no address.
 */
export function parseReader(agent: string): Reader {
  const text = agent.slice(0, LONGEST_AGENT);
  const told = Number(SUBSCRIBERS.exec(text)?.[1] ?? Number.NaN);
  const subscribers = told <= MOST_SUBSCRIBERS ? told : null;
  return { name: nameOf(text), subscribers };
}

function nameOf(text: string): string {
  const inside = COMPATIBLE.exec(text)?.[1];
  if (inside === undefined && BROWSER.test(text)) return 'browser';
  const name = (inside ?? NAME.exec(text)?.[0] ?? '').trim();
  const isPlain = /^[\p{L}\p{N}][\p{L}\p{N} ._+!'-]*$/u.test(name);
  return isPlain && name.length <= LONGEST_NAME && !ADDRESS.test(name) ? name : UNNAMED;
}
