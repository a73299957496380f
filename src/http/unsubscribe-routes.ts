/**
 * The way out. `GET` shows one button and changes nothing, for mail scanners follow every link; `POST` ends the subscription, whether a person
 * pressed the button or a mail program did it for them (RFC 8058). Neither asks for a cookie, an Origin or a referrer: the token is all there is.
 */
import { type Context, Hono } from 'hono';
import { type Address, renderAddress } from '../domain/address.ts';
import type { Publication } from '../domain/publication.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import type { MessagePage, MessagePages } from './message-pages.ts';
import { parseForm, readSmallBody } from './read-small-body.ts';
import { PRIVATE_HEADERS } from './security-headers.ts';
import type { WebEnv } from './web-env.ts';

export type UnsubscribeMeans = {
  readonly publication: Publication;
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
  if (!subscriber) return await means.pages.answer(context, 404, unknownLink(means.publication));
  const ended = subscriber.state === 'unsubscribed' || subscriber.state === 'suppressed';
  const page = ended
    ? nothingToEnd(means.publication, subscriber)
    : askToEnd(means.publication, subscriber, token);
  return await means.pages.answer(context, 200, page);
}

async function end(means: Unsubscribe, context: Context<WebEnv>, token: string): Promise<Response> {
  const body = await readSmallBody(context.req.raw);
  if (body.kind !== 'read') {
    const status = body.kind === 'too-large' ? 413 : 400;
    return context.text('This is more than a form.\n', status, PRIVATE_HEADERS);
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
  const page = isKnown ? hasEnded(means.publication) : unknownLink(means.publication);
  return await means.pages.answer(context, isKnown ? 200 : 404, page);
}

function askToEnd(publication: Publication, subscriber: Subscriber, token: string): MessagePage {
  return {
    title: 'Unsubscribe',
    verse: [],
    paragraphs: [
      `${publication.title} is sent to ${maskAddress(subscriber.address)}. Press the button, and it no longer is.`,
    ],
    // Relative to the page itself, so that it holds behind any proxy.
    form: { action: `./${token}`, label: 'Unsubscribe' },
  };
}

function hasEnded(publication: Publication): MessagePage {
  return {
    title: 'You are unsubscribed',
    verse: [],
    paragraphs: [
      `No further digest of ${publication.title} will be sent to you. One that had already left may still arrive.`,
      'You can close this page.',
    ],
    form: null,
  };
}

function nothingToEnd(publication: Publication, subscriber: Subscriber): MessagePage {
  return {
    title: 'You are not subscribed',
    verse: [],
    paragraphs: [
      `${publication.title} is not sent to ${maskAddress(subscriber.address)} any more. There is nothing to do.`,
    ],
    form: null,
  };
}

function unknownLink(publication: Publication): MessagePage {
  return {
    title: 'This link does not work',
    verse: [],
    paragraphs: [
      'It is not one of ours, or a part of it was lost on the way. Open the link at the foot of the newest mail again, or copy the whole of it.',
      `You can also just answer any mail of ${publication.title} and ask to be taken off.`,
    ],
    form: null,
  };
}

/** Enough for its owner to know it, too little for who looks over their shoulder or was forwarded the mail: `a•••@example.org`. */
function maskAddress(address: Address): string {
  const [first = ''] = address;
  const shown = renderAddress(address);
  return `${first}•••${shown.slice(shown.lastIndexOf('@'))}`;
}
