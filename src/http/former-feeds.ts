/**
 * Addresses that had a feed once: 301 to where it is now, 410 when it is gone for good (RFC 9110 §15.4.2, §15.5.11). They are asked before the files,
 * where what another generator left may lie.
 */
import type { MiddlewareHandler } from 'hono';
import type { FormerFeeds } from '../domain/former-feeds.ts';
import type { HeaderList } from './security-headers.ts';
import { parsePath } from './parse-path.ts';
import type { WebEnv } from './web-env.ts';

/** For programs on any site; kept an hour, so that a mistake in the config is not for ever. */
export const FORMER_HEADERS: HeaderList = {
  'Cache-Control': 'public, max-age=3600',
  'Access-Control-Allow-Origin': '*',
};
export const GONE_LINE = 'This feed is gone for good. Please do not ask for it again.';

export function answerFormerFeeds({ moved, retired }: FormerFeeds): MiddlewareHandler<WebEnv> {
  const targets = new Map(Object.entries(moved).map(([path, target]) => [path.normalize(), target]));
  const gone = new Set(retired.map((path) => path.normalize()));
  return async (context, next) => {
    const segments = parsePath(context.req.path) ?? [];
    const path = segments.join('/').replace(/\/$/, '').normalize();
    if (gone.has(path)) return context.text(`${GONE_LINE}\n`, 410, { ...FORMER_HEADERS });
    const target = targets.get(path);
    if (target === undefined) return await next();
    return new Response(null, {
      status: 301,
      headers: { ...FORMER_HEADERS, Location: locate(target, segments.length - 1) },
    });
  };
}

/** Relative, `depth` folders down: no Host is believed, and a prefix that a proxy took away is kept. */
function locate(target: string, depth: number): string {
  return URL.canParse(target) ? target : `${'../'.repeat(depth) || './'}${encodeURI(target)}`;
}
