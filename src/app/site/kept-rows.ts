/**
 * Rows of JSON in the cache, by their first field, in segments: thousands are read at once in a moment, and a few that changed cost their segments. Which
 * segment a row is in depends on its key alone. All segments of one writing have its name in front, so that none of another is taken for one of them.
 */
import type { Cache } from '../../domain/cache.ts';

export type KeptRow = readonly [key: string, ...unknown[]];

type Rows = {
  readonly cache: Pick<Cache, 'get' | 'put'>;
  readonly kind: string;
  readonly prefix: string;
  /** Name of the writing. */
  readonly writing: string;
  /** Null for a key that has none any more. */
  readonly rowOf: (key: string) => KeptRow | null;
};

const SEGMENTS = 256;
/** Segments in one transaction: all rows of a hundred thousand posts are never in memory at once. */
const AT_ONCE = 16;

/** FNV-1a. */
function segmentOf(key: string): number {
  let sum = 0x811c9dc5;
  for (let at = 0; at < key.length; at += 1) sum = Math.imul(sum ^ key.charCodeAt(at), 0x01000193);
  return (sum >>> 0) % SEGMENTS;
}

const nameOf = (prefix: string, segment: number): string => `${prefix} ${segment}`;
const frontOf = (writing: string): string => `${writing}\n`;

/** Writes them all anew. */
export function writeRows({ cache, kind, prefix, writing, rowOf }: Rows, keys: Iterable<string>): void {
  const bySegment = Map.groupBy(keys, segmentOf);
  for (let at = 0; at < SEGMENTS; at += AT_ONCE) {
    const texts = new Map<string, string>();
    for (let segment = at; segment < at + AT_ONCE; segment += 1) {
      const rows = (bySegment.get(segment) ?? []).map(rowOf).filter((row) => row !== null);
      texts.set(nameOf(prefix, segment), frontOf(writing) + JSON.stringify(rows));
    }
    cache.put(kind, texts);
  }
}

/** The segments with rows of `keys` as they are to be, for whoever puts them: among what was written under the same name. */
export function changeRows(
  { cache, kind, prefix, writing, rowOf }: Rows,
  keys: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const front = frontOf(writing);
  const texts = new Map<string, string>();
  for (const [segment, changed] of Map.groupBy(keys, segmentOf)) {
    const name = nameOf(prefix, segment);
    const known = readSegment(cache.get(kind, name), front) ?? '[]';
    const rest = (JSON.parse(known) as readonly KeptRow[]).filter(([key]) => !keys.has(key));
    const rows = changed.map(rowOf).filter((row) => row !== null);
    texts.set(name, front + JSON.stringify([...rest, ...rows]));
  }
  return texts;
}

/** All rows of a writing, among what the cache keeps of the kind; null where it is not whole. */
export function readRows(
  values: Pick<ReadonlyMap<string, string>, 'get'>,
  { prefix, writing }: Pick<Rows, 'prefix' | 'writing'>,
): readonly KeptRow[] | null {
  const front = frontOf(writing);
  const segments: string[] = [];
  for (let segment = 0; segment < SEGMENTS; segment += 1) {
    const text = readSegment(values.get(nameOf(prefix, segment)) ?? null, front);
    if (text === null) return null;
    // Without their brackets: one text is read in one go.
    if (text.length > 2) segments.push(text.slice(1, -1));
  }
  return JSON.parse(`[${segments.join(',')}]`) as readonly KeptRow[];
}

function readSegment(text: string | null, front: string): string | null {
  return text?.startsWith(front) ? text.slice(front.length) : null;
}
