/** What a page of another site is told when it asks before it fetches a feed with a condition of its own (Fetch, CORS-preflight): readers that run in a browser do. */
import type { MiddlewareHandler } from 'hono';
import { contentTypeOf } from '../content-types.ts';
import { parsePath } from '../parse-path.ts';
import type { WebEnv } from '../web-env.ts';
import type { FeedDesk } from './feed-desk.ts';

/** A day, which browsers shorten as they like. */
const REMEMBERED_SECONDS = 86_400;

/** Fields that decide the answer and that a page may not send unasked. */
const FIELDS = 'A-IM, If-Modified-Since, If-None-Match';

/** Goes on to the next where no feed is, or nobody asks for a page. */
export function answerPreflight({ shelf }: Pick<FeedDesk, 'shelf'>): MiddlewareHandler<WebEnv> {
  return async (context, next) => {
    const names = parsePath(context.req.path);
    const isAsked = context.req.header('access-control-request-method') !== undefined;
    const isFeed = contentTypeOf(names?.at(-1) ?? '').role === 'feed';
    const feed = names && isAsked && isFeed ? await shelf.find(names.join('/')) : 'not-there';
    if (typeof feed === 'string') {
      await next();
      return undefined;
    }
    return new Response(null, {
      status: 204,
      headers: {
        'Access-Control-Allow-Origin': '*',
        'Access-Control-Allow-Methods': 'GET, HEAD',
        'Access-Control-Allow-Headers': FIELDS,
        'Access-Control-Max-Age': String(REMEMBERED_SECONDS),
      },
    });
  };
}
