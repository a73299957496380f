/**
 * Reads the head of the plainest of requests: one whole GET without a body, written so that no two readers of HTTP could take it for two things. All
 * that is the least unusual is left to the parser of Node, which sees the very same bytes.
 */
import type { Fields } from './is-not-modified.ts';

export type PlainRequest = {
  /** The target as it was sent: it has no percent-encoding, no query, and no dot segment. */
  readonly path: string;
  readonly fields: Fields;
};

const LARGEST_HEAD = 8192;
const MOST_FIELDS = 40;
/**
 * Segments that do not begin with a dot. Then fields (RFC 9110 §5.1, §5.5), without what RFC 9112 §5 forbids or only bears with: a space before the colon, a fold,
 * bytes that are no ASCII. It ends with an empty line, and nothing comes after it.
 */
const HEAD =
  /^GET ((?:\/(?:[A-Za-z0-9_~-][A-Za-z0-9._~-]*)?)+) HTTP\/1\.1\r\n((?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e]*\r\n)+)\r\n$/;
const HOST = /^[A-Za-z0-9.-]+(?::\d+)?$|^\[[0-9A-Fa-f:.]+\](?::\d+)?$/;

/**
 * Fields that may say where the request ends, that there is more to it, or that it wants something else than its file. No set, for that looks for each name
 * among all strings of the program.
 */
const UNUSUAL =
  /^(?:content-length|transfer-encoding|trailer|te|expect|upgrade|http2-settings|proxy-connection|range|if-range|if-match|if-unmodified-since)$/;

/** `text`: a character for each byte that came. Null for whatever is not plain, or not whole, or followed by anything. */
export function readHead(text: string): PlainRequest | null {
  if (text.length > LARGEST_HEAD) return null;
  const [, path, lines] = HEAD.exec(text) ?? [];
  const fields = path === undefined || lines === undefined ? null : readFields(lines);
  return path === undefined || fields === null ? null : { path, fields };
}

/** Two lists side by side: of so few, a search is quicker than a map. */
function readFields(lines: string): Fields | null {
  const names: string[] = [];
  const values: string[] = [];
  const get = (name: string): string | null => {
    const at = names.indexOf(name);
    // Not left to `values[-1]`, which looks for a property of that name: it takes longer than all the rest.
    return at < 0 ? null : (values[at] ?? null);
  };
  for (let start = 0; start < lines.length; ) {
    const colon = lines.indexOf(':', start);
    const end = lines.indexOf('\r\n', colon);
    const name = lines.slice(start, colon).toLowerCase();
    // Once only: what a list of two would mean is not for us to say.
    if (UNUSUAL.test(name) || names.includes(name) || names.length === MOST_FIELDS) return null;
    names.push(name);
    values.push(lines.slice(colon + 1, end).trim());
    start = end + 2;
  }
  const isKept = (get('connection') ?? 'keep-alive').toLowerCase() === 'keep-alive';
  return isKept && HOST.test(get('host') ?? '') ? { get } : null;
}
