/** Conditional requests (RFC 9110 §13): whether the client's copy is still the one we have. */
import { parseHttpDate } from './http-date.ts';

/** What a copy is known by. */
export type Validators = {
  /** Strong, with its quotes. */
  readonly etag: string;
  /** Seconds since 1970. */
  readonly modified: number;
};

/** The fields of a request: asked by a name in lower case, null for one that was not sent. */
export type Fields = { readonly get: (name: string) => string | null };

/** §13.2.2: If-None-Match decides alone where it is present, for it is exact; If-Modified-Since knows only whole seconds. */
export function isNotModified(headers: Fields, { etag, modified }: Validators): boolean {
  const noneMatch = headers.get('if-none-match');
  if (noneMatch !== null) return matchesAny(noneMatch, etag);
  const since = parseHttpDate(headers.get('if-modified-since') ?? '');
  return since !== null && modified <= since;
}

/** §13.1.2: a list of entity tags, or `*`; compared weakly, so `W/"x"` matches `"x"` (a proxy that compresses makes it so). */
function matchesAny(list: string, etag: string): boolean {
  // What nearly everybody sends.
  if (list === etag || list.trim() === '*') return true;
  return [...list.matchAll(/"[^"]*"/g)].some(([tag]) => tag === etag);
}
