/**
 * The links of confirmations and goodbyes. `GET` shows one button and changes nothing, for mail scanners follow every link; `POST` confirms, or brings back who
 * left. Both are safe to repeat, and the token is all there is.
 */
import { type Context, Hono } from 'hono';
import type { Address } from '../domain/address.ts';
import type { ConfirmResult } from '../domain/sign-up.ts';
import type { AskResult } from '../domain/sign-up-book.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import type { TextKey, Texts } from '../domain/texts.ts';
import { openVisitorFinder, visitorKey, visitorOf } from './find-visitor.ts';
import { maskAddress } from './mask-address.ts';
import type { MessagePage, MessagePages } from './message-pages.ts';
import { type SubscribeMeans, tellLimited } from './subscribe-routes.ts';
import { composeUnknownLink } from './unsubscribe-routes.ts';
import type { WebEnv } from './web-env.ts';

export type ConfirmMeans = Pick<SubscribeMeans, 'publication' | 'texts' | 'proxies' | 'secondsUntil'> & {
  readonly lookAtConfirmation: (
    token: string,
  ) => Promise<
    | { readonly kind: 'open'; readonly address: Address }
    | { readonly kind: 'expired'; readonly canRenew: boolean }
    | { readonly kind: 'unknown' }
  >;
  /** Token of the page where they choose what they get. */
  readonly makePreferencesToken: (subscriber: Subscriber) => Promise<string>;
  readonly confirm: (token: string) => Promise<ConfirmResult | { readonly kind: 'unknown' }>;
  readonly renew: (
    token: string,
    visitor: string | null,
  ) => Promise<AskResult | { readonly kind: 'unknown' }>;
  readonly lookAtLeaving: (
    token: string,
  ) => Promise<
    | { readonly kind: 'left'; readonly subscriber: Subscriber }
    | { readonly kind: 'expired' }
    | { readonly kind: 'unknown' }
  >;
  readonly comeBack: (token: string) => Promise<'returned' | 'known' | 'expired' | 'unknown'>;
};

type Answer = { readonly status: 200 | 404 | 410; readonly page: MessagePage };

export function openConfirmRoutes(means: ConfirmMeans, pages: MessagePages): Hono<WebEnv> {
  const visitors = openVisitorFinder(means.proxies);
  const routes = new Hono<WebEnv>();
  const answer = async (context: Context<WebEnv>, { status, page }: Answer): Promise<Response> =>
    await pages.answer(context, status, page);
  routes.get('/:token', async (context) => {
    return await answer(context, await showConfirm(means, context.req.param('token')));
  });
  routes.post('/:token', async (context) => {
    return await answer(context, await confirm(means, context.req.param('token')));
  });
  routes.post('/:token/again', async (context) => {
    const origin = visitorOf(visitors, context);
    const asked = await means.renew(context.req.param('token'), origin && visitorKey(origin));
    if (asked.kind === 'limited')
      return await tellLimited({ ...means, pages }, context, false, asked.retryAt);
    return await answer(context, asked.kind === 'unknown' ? composeExpired(means, null) : tellSent(means));
  });
  return routes;
}

export function openUndoRoutes(means: ConfirmMeans, pages: MessagePages): Hono<WebEnv> {
  const routes = new Hono<WebEnv>();
  routes.get('/:token', async (context) => {
    const { status, page } = await showUndo(means, context.req.param('token'));
    return await pages.answer(context, status, page);
  });
  routes.post('/:token', async (context) => {
    const { status, page } = await undo(means, context.req.param('token'));
    return await pages.answer(context, status, page);
  });
  return routes;
}

async function showConfirm(means: ConfirmMeans, token: string): Promise<Answer> {
  const look = await means.lookAtConfirmation(token);
  if (look.kind === 'unknown') return unknown(means);
  if (look.kind === 'expired') return composeExpired(means, look.canRenew ? token : null);
  const { texts, publication } = means;
  const values = { publication: publication.title, address: maskAddress(look.address) };
  return {
    status: 200,
    page: {
      title: texts.say('confirm.title'),
      verse: [],
      paragraphs: [texts.say('confirm.ask', values)],
      // Relative to the page itself, so that it holds behind any proxy.
      form: { action: `./${token}`, label: texts.say('confirm.button') },
    },
  };
}

async function confirm(means: ConfirmMeans, token: string): Promise<Answer> {
  const result = await means.confirm(token);
  if (result.kind === 'unknown') return unknown(means);
  if (result.kind === 'left') return tell(means, 'confirm.left', 410);
  if (result.kind !== 'expired') return await welcome(means, result.subscriber);
  const look = await means.lookAtConfirmation(token);
  return composeExpired(means, look.kind === 'expired' && look.canRenew ? token : null);
}

async function welcome(means: ConfirmMeans, subscriber: Subscriber): Promise<Answer> {
  const { status, page } = tell(means, 'confirm.done', 200);
  const href = `../preferences/${await means.makePreferencesToken(subscriber)}`;
  return { status, page: { ...page, link: { href, label: means.texts.say('confirm.done.link') } } };
}

async function showUndo(means: ConfirmMeans, token: string): Promise<Answer> {
  const look = await means.lookAtLeaving(token);
  if (look.kind === 'unknown') return unknown(means);
  if (look.kind === 'expired') return tell(means, 'undo.expired', 410);
  const { texts, publication } = means;
  const values = { publication: publication.title, address: maskAddress(look.subscriber.address) };
  return {
    status: 200,
    page: {
      title: texts.say('undo.title'),
      verse: [],
      paragraphs: [texts.say('undo.ask', values)],
      form: { action: `./${token}`, label: texts.say('undo.button') },
    },
  };
}

async function undo(means: ConfirmMeans, token: string): Promise<Answer> {
  const result = await means.comeBack(token);
  if (result === 'unknown') return unknown(means);
  return result === 'expired' ? tell(means, 'undo.expired', 410) : tell(means, 'undo.done', 200);
}

/** `token`: null where nobody is known to send a new one to. */
function composeExpired({ texts }: { readonly texts: Texts }, token: string | null): Answer {
  const way = token === null ? [texts.say('confirm.expired.form')] : [texts.say('confirm.expired.text')];
  return {
    status: 410,
    page: {
      title: texts.say('confirm.expired.title'),
      verse: [],
      paragraphs: way,
      form:
        token === null ? null : { action: `./${token}/again`, label: texts.say('confirm.expired.button') },
    },
  };
}

function tellSent({ texts, publication }: Pick<ConfirmMeans, 'texts' | 'publication'>): Answer {
  const text = texts.say('subscribe.done.text', { publication: publication.title });
  const title = texts.say('subscribe.done.title');
  return { status: 200, page: { title, verse: [], paragraphs: [text], form: null } };
}

/** Texts with a title and one sentence that may name the publication. */
type Told = 'confirm.done' | 'confirm.left' | 'undo.done' | 'undo.expired';

function tell(
  { texts, publication }: Pick<ConfirmMeans, 'texts' | 'publication'>,
  name: Told,
  status: 200 | 410,
): Answer {
  const text = texts.say(`${name}.text` satisfies TextKey, { publication: publication.title });
  return { status, page: { title: texts.say(`${name}.title`), verse: [], paragraphs: [text], form: null } };
}

function unknown(means: Pick<ConfirmMeans, 'texts' | 'publication'>): Answer {
  return { status: 404, page: composeUnknownLink(means) };
}
