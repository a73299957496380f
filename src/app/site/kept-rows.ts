/**
 * Rows of JSON in the cache, by their first field, in segments: thousands are read at once in a moment, and a few that changed cost their segments. Which
 * segment a row is in depends on its key alone.
 */
import type { Cache } from '../../domain/cache.ts';

export type KeptRow = readonly [key: string, ...unknown[]];

const SEGMENTS = 256;

/** FNV-1a. */
function segmentOf(key: string): number {
  let sum = 0x811c9dc5;
  for (let at = 0; at < key.length; at += 1) sum = Math.imul(sum ^ key.charCodeAt(at), 0x01000193);
  return (sum >>> 0) % SEGMENTS;
}

const nameOf = (prefix: string, segment: number): string => `${prefix} ${segment}`;

/** All rows of a prefix among what the cache keeps. */
export function readRows(values: ReadonlyMap<string, string>, prefix: string): readonly KeptRow[] {
  const segments: string[] = [];
  for (let segment = 0; segment < SEGMENTS; segment += 1) {
    // Without the brackets: one text is read in one go.
    const text = values.get(nameOf(prefix, segment))?.slice(1, -1);
    if (text) segments.push(text);
  }
  return JSON.parse(`[${segments.join(',')}]`) as readonly KeptRow[];
}

/** All rows anew. */
export function writeRows(prefix: string, rows: Iterable<KeptRow>): ReadonlyMap<string, string> {
  const segments = Array.from({ length: SEGMENTS }, (): KeptRow[] => []);
  for (const row of rows) segments[segmentOf(row[0])]?.push(row);
  return new Map(segments.map((segment, index) => [nameOf(prefix, index), JSON.stringify(segment)]));
}

/** Those segments that have one of `changes`, as they will be; null takes a row away. */
export function changeRows(
  { get }: Pick<Cache, 'get'>,
  kind: string,
  prefix: string,
  changes: ReadonlyMap<string, KeptRow | null>,
): ReadonlyMap<string, string> {
  const bySegment = Map.groupBy(changes, ([key]) => segmentOf(key));
  const texts = new Map<string, string>();
  for (const [segment, changed] of bySegment) {
    const name = nameOf(prefix, segment);
    const known = JSON.parse(get(kind, name) ?? '[]') as readonly KeptRow[];
    const kept = known.filter(([key]) => !changes.has(key));
    texts.set(name, JSON.stringify([...kept, ...changed.flatMap(([, row]) => (row ? [row] : []))]));
  }
  return texts;
}
