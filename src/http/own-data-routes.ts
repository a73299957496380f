/**
 * What is kept of somebody, by the link of a notice that goes to their address alone and holds for a day. `GET` shows it and changes nothing, for mail
 * scanners follow every link; only the last button erases, and only with the whole address typed in.
 */
import { type Context, Hono } from 'hono';
import type { Subscriber } from '../domain/subscriber.ts';
import type { ErasePage, OwnDataPage } from '../render/pages/render-own-data-page.ts';
import { maskAddress } from './mask-address.ts';
import type { MessagePages } from './message-pages.ts';
import { parseForm, readSmallBody } from './read-small-body.ts';
import { pagePolicy, PRIVATE_HEADERS } from './security-headers.ts';
import type { UnsubscribeMeans } from './unsubscribe-routes.ts';
import { type Told, tellOfLink } from './tell-of-link.ts';
import type { WebEnv } from './web-env.ts';

export type OwnDataMeans = Pick<UnsubscribeMeans, 'publication' | 'texts'> & {
  readonly lookAtOwnData: (
    token: string,
  ) => Promise<
    | { readonly kind: 'open'; readonly subscriber: Subscriber }
    | { readonly kind: 'over' }
    | { readonly kind: 'unknown' }
  >;
  readonly renderOwnData: (page: OwnDataPage) => Promise<string>;
  readonly renderErase: (page: ErasePage) => Promise<string>;
  /** All that is kept of one person, as JSON; null for nobody. */
  readonly describe: (subscriber: Subscriber) => Promise<string | null>;
  /** `address`: as typed. */
  readonly eraseByToken: (token: string, address: string) => Promise<'erased' | 'wrong' | 'over' | 'unknown'>;
};

type Means = OwnDataMeans & { readonly pages: MessagePages };

export function openOwnDataRoutes(given: OwnDataMeans, pages: MessagePages): Hono<WebEnv> {
  const means: Means = { ...given, pages };
  const routes = new Hono<WebEnv>();
  routes.get('/:token', async (context) => await visit(means, context, showOwnData));
  routes.get('/:token/file', async (context) => await visit(means, context, download));
  routes.get('/:token/erase', async (context) => await visit(means, context, askToErase));
  routes.post('/:token/erase', async (context) => await erase(means, context));
  return routes;
}

type Visit = { readonly context: Context<WebEnv>; readonly token: string; readonly subscriber: Subscriber };

async function visit(
  means: Means,
  context: Context<WebEnv>,
  answer: (means: Means, visit: Visit) => Promise<Response>,
): Promise<Response> {
  const token = context.req.param('token') ?? '';
  const look = await means.lookAtOwnData(token);
  if (look.kind !== 'open') return await tellOfLink(means, context, TOLD[look.kind]);
  return await answer(means, { context, token, subscriber: look.subscriber });
}

// Links are relative to the page itself, so that they hold behind any proxy.
async function showOwnData(means: Means, { context, token, subscriber }: Visit): Promise<Response> {
  const links = { file: `./${token}/file`, erase: `./${token}/erase` };
  const page = { address: maskAddress(subscriber.address), links };
  return context.html(await means.renderOwnData(page), 200, headersOf(means));
}

/** RFC 6266: to be saved, not shown. */
async function download(means: Means, { context, subscriber }: Visit): Promise<Response> {
  const json = await means.describe(subscriber);
  if (json === null) return await tellOfLink(means, context, TOLD.over);
  return context.body(json, 200, {
    ...PRIVATE_HEADERS,
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Disposition': 'attachment; filename="subscription.json"',
  });
}

async function askToErase(
  means: Means,
  { context, token, subscriber }: Visit,
  typed = '',
): Promise<Response> {
  const links = { self: `../${token}`, erase: `../${token}/erase` };
  const isWrong = context.req.method === 'POST';
  const page = { address: maskAddress(subscriber.address), links, typed, isWrong };
  return context.html(await means.renderErase(page), isWrong ? 400 : 200, headersOf(means));
}

async function erase(means: Means, context: Context<WebEnv>): Promise<Response> {
  const body = await readSmallBody(context.req.raw);
  const form =
    body.kind === 'read' && (await parseForm(context.req.header('content-type') ?? '', body.bytes));
  if (!form) {
    const status = body.kind === 'too-large' ? 413 : 400;
    return context.text(`${means.texts.say('server.not-a-form')}\n`, status, PRIVATE_HEADERS);
  }
  const given = form.get('address');
  const typed = typeof given === 'string' ? given : '';
  const answer = await means.eraseByToken(context.req.param('token') ?? '', typed);
  if (answer !== 'wrong') return await tellOfLink(means, context, TOLD[answer]);
  return await visit(means, context, async (_, found) => await askToErase(means, found, typed));
}

const TOLD = {
  over: { text: 'own-data.over', status: 410 },
  erased: { text: 'erase.done', status: 200 },
  unknown: null,
} as const satisfies Readonly<Record<string, Told | null>>;

function headersOf({ publication }: Means) {
  return { ...PRIVATE_HEADERS, 'Content-Security-Policy': pagePolicy(publication) };
}
