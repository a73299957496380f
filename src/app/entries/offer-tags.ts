/** Which tags a subscriber may choose from: those the published posts have, noted when they are published, for the web server knows no posts. */
import { groupTags, type Tagged } from './group-tags.ts';
import type { Renga } from '../renga.ts';

const KIND = 'offer';
const KEY = 'tags';
/** More boxes than this nobody reads; the most used ones then. */
const MOST_OFFERED = 50;

/** To be called with all published posts. */
export function keepTags(cache: Renga['cache'], entries: readonly Tagged[]): void {
  const names = groupTags(entries)
    .toSorted((one, other) => other.entries.length - one.entries.length)
    .slice(0, MOST_OFFERED)
    .map(({ name }) => name);
  const value = JSON.stringify(names);
  if (cache.get(KIND, KEY) !== value) cache.put(KIND, new Map([[KEY, value]]));
}

/** Those the writer named, where there are any; else the posts', none before they were published. By name. */
export function offerTags(cache: Pick<Renga['cache'], 'get'>, named: readonly string[]): readonly string[] {
  const kept = named.length > 0 ? null : cache.get(KIND, KEY);
  const tags = kept === null ? named : (JSON.parse(kept) as readonly string[]);
  return tags.toSorted((one, other) => (one < other ? -1 : 1));
}
