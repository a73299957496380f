/** Who wrote `public/` last, as the cache says: another value with each time that it is written. Threads read it too: little is loaded. */
import { randomUUID } from 'node:crypto';
import type { Cache } from '../../domain/cache.ts';

const KIND = 'writer';
const KEY = 'site';

/** Who wrote `public/` last; null where nobody is known to. */
export function writerOf(cache: Pick<Cache, 'get'>): string | null {
  return cache.get(KIND, KEY);
}

/** Tells every program that remembers this site that another one has written it. */
export function markWriter(cache: Cache, token: string = randomUUID()): void {
  cache.put(KIND, new Map([[KEY, token]]));
}
