/** The links of a change of address, one for each end. `GET` shows one button and changes nothing; `POST` agrees, and is safe to repeat. */
import { type Context, Hono } from 'hono';
import type { Address } from '../domain/address.ts';
import type { AgreeResult } from '../domain/address-change.ts';
import { maskAddress } from './mask-address.ts';
import type { MessagePages } from './message-pages.ts';
import type { UnsubscribeMeans } from './unsubscribe-routes.ts';
import { type Told, tellOfLink } from './tell-of-link.ts';
import type { WebEnv } from './web-env.ts';

export type MoveMeans = Pick<UnsubscribeMeans, 'publication' | 'texts'> & {
  readonly lookAtMove: (
    token: string,
  ) => Promise<
    { readonly kind: 'open'; readonly to: Address } | { readonly kind: 'over' } | { readonly kind: 'unknown' }
  >;
  readonly agreeToMove: (token: string) => Promise<AgreeResult | { readonly kind: 'unknown' }>;
};

type Means = MoveMeans & { readonly pages: MessagePages };

export function openMoveRoutes(given: MoveMeans, pages: MessagePages): Hono<WebEnv> {
  const means: Means = { ...given, pages };
  const routes = new Hono<WebEnv>();
  routes.get('/:token', async (context) => await showButton(means, context, context.req.param('token')));
  routes.post('/:token', async (context) => await agree(means, context, context.req.param('token')));
  return routes;
}

async function showButton(means: Means, context: Context<WebEnv>, token: string): Promise<Response> {
  const look = await means.lookAtMove(token);
  if (look.kind !== 'open') return await tellOfLink(means, context, TOLD[look.kind]);
  const { texts, publication, pages } = means;
  const values = { publication: publication.title, address: maskAddress(look.to) };
  return await pages.answer(context, 200, {
    title: texts.say('move.title'),
    verse: [],
    paragraphs: [texts.say('move.ask', values)],
    // Relative to the page itself, so that it holds behind any proxy.
    form: { action: `./${token}`, label: texts.say('move.button') },
  });
}

async function agree(means: Means, context: Context<WebEnv>, token: string): Promise<Response> {
  return await tellOfLink(means, context, TOLD[(await means.agreeToMove(token)).kind]);
}

const TOLD = {
  waiting: { text: 'move.waiting', status: 200 },
  changed: { text: 'move.done', status: 200 },
  over: { text: 'move.over', status: 410 },
  unknown: null,
} as const satisfies Readonly<Record<string, Told | null>>;
