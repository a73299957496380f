/**
 * The path a request is routed by. `server.url` may have a path (`https://example.org/letters/`); some reverse proxies pass it on and others
 * strip it, so a request means the same with it or without.
 */

/** Path of a URL as it was sent, percent-encoding and all, without `prefix` (a path that ends in `/`). */
export function stripPrefix(url: string, prefix: string): string {
  const { pathname } = new URL(url);
  return pathname.startsWith(prefix) ? `/${pathname.slice(prefix.length)}` : pathname;
}
