/** The embedded hub's one address (WebSub §5.1): a form that is posted. It answers before anything is verified, and a GET changes nothing. */
import type { Context } from 'hono';
import type { HubAnswer } from '../app/websub/take-request.ts';
import { parseForm, readSmallBody } from './read-small-body.ts';
import type { WebEnv } from './web-env.ts';

/** `visitor`: the address of the other end, or null where it stands for many. */
export type TakeHubRequest = (
  field: (name: string) => string | null,
  visitor: string | null,
) => Promise<HubAnswer>;

export function openHubRoute(take: TakeHubRequest): (context: Context<WebEnv>) => Promise<Response> {
  return async (context) => {
    const body = await readSmallBody(context.req.raw);
    const type = context.req.header('content-type') ?? '';
    const form = body.kind === 'read' ? await parseForm(type, body.bytes) : null;
    if (!form) return answer(context, 400, 'this is no form');
    const field = (name: string): string | null => {
      const value = form.get(name);
      return typeof value === 'string' ? value : null;
    };
    const result = await take(field, visitorOf(context));
    return result.kind === 'taken'
      ? answer(context, 202, 'it will be verified')
      : answer(context, result.status, result.reason);
  };
}

/** Behind a proxy the other end is the proxy, and what it names can be anybody's invention: then only the limits of hosts count. */
function visitorOf(context: Context<WebEnv>): string | null {
  const isForwarded = ['forwarded', 'x-forwarded-for', 'via'].some((name) =>
    context.req.raw.headers.has(name),
  );
  return isForwarded ? null : (context.env?.incoming?.socket.remoteAddress ?? null);
}

function answer(
  context: Context<WebEnv>,
  status: 202 | 400 | 403 | 404 | 429 | 503,
  words: string,
): Response {
  return context.text(`${words}\n`, status, { 'Cache-Control': 'no-store' });
}
