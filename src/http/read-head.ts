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
/** Segments that do not begin with a dot. */
const REQUEST_LINE = /^GET ((?:\/(?:[A-Za-z0-9_~-][A-Za-z0-9._~-]*)?)+) HTTP\/1\.1$/;
/** RFC 9110 §5.1, §5.5, without what RFC 9112 §5 forbids or only bears with: a space before the colon, a fold, bytes that are no ASCII. */
const FIELD_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):([\t\x20-\x7e]*)$/;
const HOST = /^[A-Za-z0-9.-]+(?::\d+)?$|^\[[0-9A-Fa-f:.]+\](?::\d+)?$/;

/** Fields that may say where the request ends, that there is more to it, or that it wants something else than its file. */
const UNUSUAL = new Set([
  'content-length',
  'transfer-encoding',
  'trailer',
  'te',
  'expect',
  'upgrade',
  'http2-settings',
  'proxy-connection',
  'range',
  'if-range',
  'if-match',
  'if-unmodified-since',
]);

/** Null for whatever is not plain, or not whole, or followed by anything. */
export function readHead(chunk: Buffer): PlainRequest | null {
  if (chunk.length > LARGEST_HEAD) return null;
  const lines = chunk.toString('latin1').split('\r\n');
  // It ends with an empty line, and nothing comes after it.
  if (lines.length < 4 || lines.pop() !== '' || lines.pop() !== '') return null;
  const path = REQUEST_LINE.exec(lines[0] ?? '')?.[1];
  const fields = path === undefined ? null : readFields(lines);
  if (path === undefined || fields === null) return null;
  return { path, fields: { get: (name) => fields.get(name) ?? null } };
}

/** Of the lines after the first. */
function readFields(lines: readonly string[]): ReadonlyMap<string, string> | null {
  const fields = new Map<string, string>();
  for (let index = 1; index < lines.length; index += 1) {
    const [, written, value = ''] = FIELD_LINE.exec(lines[index] ?? '') ?? [];
    const name = written?.toLowerCase();
    // Once only: what a list of two would mean is not for us to say.
    if (name === undefined || UNUSUAL.has(name) || fields.has(name)) return null;
    fields.set(name, value.trim());
  }
  const isKept = (fields.get('connection') ?? 'keep-alive').toLowerCase() === 'keep-alive';
  return isKept && HOST.test(fields.get('host') ?? '') ? fields : null;
}
