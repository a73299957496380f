/**
 * The way out. `GET` shows one button and changes nothing, for mail scanners follow every link; `POST` ends the subscription, whether a person
 * pressed the button or a mail program did it for them (RFC 8058). Neither asks for a cookie, an Origin or a referrer: the token is all there is.
 */
import { type Context, Hono } from 'hono';
import type { Publication } from '../domain/publication.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import type { Texts } from '../domain/texts.ts';
import { maskAddress } from './mask-address.ts';
import type { MessagePage, MessagePages } from './message-pages.ts';
import { parseForm, readSmallBody } from './read-small-body.ts';
import { PRIVATE_HEADERS } from './security-headers.ts';
import type { WebEnv } from './web-env.ts';

export type UnsubscribeMeans = {
  readonly publication: Publication;
  readonly texts: Texts;
  /** Whose token it is, or null. */
  readonly findByToken: (token: string) => Promise<Subscriber | null>;
  /** Ends it, durably; safe to repeat. */
  readonly unsubscribeByToken: (
    token: string,
    reason: 'one-click' | 'unsubscribe page',
  ) => Promise<'unsubscribed' | 'unknown'>;
};

type Unsubscribe = UnsubscribeMeans & { readonly pages: MessagePages };

export function openUnsubscribeRoutes(means: UnsubscribeMeans, pages: MessagePages): Hono<WebEnv> {
  const unsubscribe: Unsubscribe = { ...means, pages };
  const routes = new Hono<WebEnv>();
  routes.get(
    '/:token',
    async (context) => await showButton(unsubscribe, context, context.req.param('token')),
  );
  routes.post('/:token', async (context) => await end(unsubscribe, context, context.req.param('token')));
  return routes;
}

async function showButton(means: Unsubscribe, context: Context<WebEnv>, token: string): Promise<Response> {
  const subscriber = await means.findByToken(token);
  if (!subscriber) return await means.pages.answer(context, 404, composeUnknownLink(means));
  const ended = subscriber.state === 'unsubscribed' || subscriber.state === 'suppressed';
  const page = ended ? nothingToEnd(means, subscriber) : askToEnd(means, subscriber, token);
  return await means.pages.answer(context, 200, page);
}

async function end(means: Unsubscribe, context: Context<WebEnv>, token: string): Promise<Response> {
  const body = await readSmallBody(context.req.raw);
  if (body.kind !== 'read') {
    const status = body.kind === 'too-large' ? 413 : 400;
    return context.text(`${means.texts.say('server.not-a-form')}\n`, status, PRIVATE_HEADERS);
  }
  const form = await parseForm(context.req.header('content-type') ?? '', body.bytes);
  // RFC 8058 §3.2: exactly this field, in either encoding of forms.
  const isOneClick = form?.get('List-Unsubscribe') === 'One-Click';
  const result = await means.unsubscribeByToken(token, isOneClick ? 'one-click' : 'unsubscribe page');
  const isKnown = result === 'unsubscribed';
  if (isOneClick) {
    // Read by a program: 200 and no redirect (§3.1), the same however often it asks.
    const words = isKnown ? 'Unsubscribed.\n' : 'This link is not one of ours, or not the whole of it.\n';
    return context.text(words, isKnown ? 200 : 404, PRIVATE_HEADERS);
  }
  const page = isKnown ? hasEnded(means) : composeUnknownLink(means);
  return await means.pages.answer(context, isKnown ? 200 : 404, page);
}

type Words = Pick<UnsubscribeMeans, 'publication' | 'texts'>;

function askToEnd({ publication, texts }: Words, { address }: Subscriber, token: string): MessagePage {
  const values = { publication: publication.title, address: maskAddress(address) };
  return {
    title: texts.say('unsubscribe.title'),
    verse: [],
    paragraphs: [texts.say('unsubscribe.ask', values)],
    // Relative to the page itself, so that it holds behind any proxy.
    form: { action: `./${token}`, label: texts.say('unsubscribe.button') },
  };
}

function hasEnded({ publication, texts }: Words): MessagePage {
  return {
    title: texts.say('unsubscribe.done.title'),
    verse: [],
    paragraphs: [
      texts.say('unsubscribe.done.text', { publication: publication.title }),
      texts.say('unsubscribe.done.undo'),
    ],
    form: null,
  };
}

function nothingToEnd({ publication, texts }: Words, { address }: Subscriber): MessagePage {
  const values = { publication: publication.title, address: maskAddress(address) };
  return {
    title: texts.say('unsubscribe.none.title'),
    verse: [],
    paragraphs: [texts.say('unsubscribe.none.text', values)],
    form: null,
  };
}

/** For every link whose token is not ours, or not whole. */
export function composeUnknownLink({ publication, texts }: Words): MessagePage {
  return {
    title: texts.say('link.unknown.title'),
    verse: [],
    paragraphs: [
      texts.say('link.unknown.text'),
      texts.say('link.unknown.answer', { publication: publication.title }),
    ],
    form: null,
  };
}
