/** The embedded hub's one address (WebSub §5.1): a form that is posted. It answers before anything is verified, and a GET changes nothing. */
import type { Context } from 'hono';
import type { HubAnswer } from '../app/websub/take-request.ts';
import { openVisitorFinder, visitorKey, visitorOf } from './find-visitor.ts';
import { parseForm, readSmallBody } from './read-small-body.ts';
import type { WebEnv } from './web-env.ts';

/** `visitor`: what stands for whoever asks, where visitors are counted; null where nothing is known of them. */
export type TakeHubRequest = (
  field: (name: string) => string | null,
  visitor: string | null,
) => Promise<HubAnswer>;

/** `proxies`: those that are believed, as `10.0.0.0/8`. */
export function openHubRoute(
  take: TakeHubRequest,
  proxies: readonly string[],
): (context: Context<WebEnv>) => Promise<Response> {
  const visitors = openVisitorFinder(proxies);
  return async (context) => {
    const body = await readSmallBody(context.req.raw);
    const type = context.req.header('content-type') ?? '';
    const form = body.kind === 'read' ? await parseForm(type, body.bytes) : null;
    if (!form) return answer(context, 400, 'this is no form');
    const field = (name: string): string | null => {
      const value = form.get(name);
      return typeof value === 'string' ? value : null;
    };
    const origin = visitorOf(visitors, context);
    const result = await take(field, origin === null ? null : visitorKey(origin));
    return result.kind === 'taken'
      ? answer(context, 202, 'it will be verified')
      : answer(context, result.status, result.reason);
  };
}

function answer(
  context: Context<WebEnv>,
  status: 202 | 400 | 403 | 404 | 429 | 503,
  words: string,
): Response {
  return context.text(`${words}\n`, status, { 'Cache-Control': 'no-store' });
}
