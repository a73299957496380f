/**
 * RFC 9112 §3.2: a request with more than one Host is answered 400. Node only drops all but the first, where a proxy before us may have believed
 * the last.
 */
import type { Hono } from 'hono';
import type { WebEnv } from './web-env.ts';

type Fetch = Hono<WebEnv>['fetch'];

/** What comes with one Host goes on to `answer`. */
export function refuseTwoHosts(answer: Fetch): Fetch {
  return (request, env, ...rest) => {
    const { incoming } = (env ?? {}) as Partial<WebEnv['Bindings']>;
    return countHosts(incoming?.rawHeaders ?? []) > 1 ? refuse() : answer(request, env, ...rest);
  };
}

function countHosts(rawHeaders: readonly string[]): number {
  return rawHeaders.filter((text, index) => index % 2 === 0 && text.toLowerCase() === 'host').length;
}

function refuse(): Response {
  return new Response('A request has one Host.\n', {
    status: 400,
    headers: {
      'Content-Type': 'text/plain; charset=utf-8',
      'Cache-Control': 'no-store',
      Connection: 'close',
    },
  });
}
