/**
 * Only what is new in a feed since the version a reader has (RFC 3229, with the instance manipulation `feed`): asked for by `A-IM: feed` with the
 * entity tag of that version, answered with 226.
 */
import type { Fields } from '../is-not-modified.ts';
import { encodeAtOnce } from './encode-body.ts';
import { composeHead, type FeedDocument, type Head, type Representation } from './feed-document.ts';
import type { FeedPast } from './feed-past.ts';

export type FeedDelta = { readonly head: Head; readonly body: Buffer };

/** By the entity tags a reader has. Null when the whole feed is the answer: no version that is known, nothing new to show, or nothing saved. */
export type FindDelta = (tags: ReadonlySet<string>, current: Representation) => FeedDelta | null;

/**
 * Composes each delta once; there are at most as many as the past has versions, in four codings. One for each request: of several versions that a reader has, the
 * newest leaves least to send.
 */
export function openDeltas(document: FeedDocument, past: FeedPast): FindDelta {
  const known = new Map<string, FeedDelta | null>();
  const newestFirst = [...past].toReversed();
  return (tags, current) => {
    const [base, marks] = newestFirst.find(([tag]) => tags.has(tag)) ?? [];
    if (base === undefined || marks === undefined) return null;
    const key = `${base} ${current.coding}`;
    const remembered = known.get(key);
    if (remembered !== undefined) return remembered;
    const delta = composeDelta(document, base, marks, current);
    known.set(key, delta);
    return delta;
  };
}

function composeDelta(
  { split }: FeedDocument,
  base: string,
  marks: ReadonlySet<string>,
  current: Representation,
): FeedDelta | null {
  const fresh = split?.entries.filter(({ mark }) => !marks.has(mark)) ?? [];
  if (!split || fresh.length === 0 || fresh.length === split.entries.length) return null;
  const plain = Buffer.from(split.select(({ mark }) => !marks.has(mark)));
  const body = encodeAtOnce(plain, current.coding);
  if (body.length >= current.body.length) return null;
  const { headers } = current.full;
  return {
    body,
    head: composeHead({
      ...headers,
      IM: 'feed',
      // §10.5.1, §10.5.2: which version it is to be added to.
      'Delta-Base': base,
      // §10.8.1: `im` lets a cache that knows 226 keep it, `no-store` keeps every other cache from taking it for the whole.
      'Cache-Control': `no-store, im, ${headers['Cache-Control'] ?? ''}`,
      'Content-Length': String(body.length),
    }),
  };
}

/** The delta a request asks for. */
export function deltaFor(fields: Fields, find: FindDelta, current: Representation): FeedDelta | null {
  const wanted = fields.get('a-im');
  if (wanted === null || !takesFeedDeltas(wanted)) return null;
  return find(new Set(fields.get('if-none-match')?.match(/"[^"]*"/g)), current);
}

/** §10.5.3: a list of manipulations, each perhaps with a weight; `q=0` means never. */
function takesFeedDeltas(wanted: string): boolean {
  return wanted
    .split(',')
    .map((element) => element.split(';').map((part) => part.trim().toLowerCase()))
    .some(
      ([name, ...parameters]) => name === 'feed' && !parameters.some((part) => /^q=0(?:\.0*)?$/.test(part)),
    );
}
