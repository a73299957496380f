/**
 * The page of preferences, by the token of every digest: what somebody gets, their address, their data, the way out and the way back. Only POST changes
 * anything, and nothing of anybody else can be reached. The token may be in a mail that was forwarded, so what would take a subscription away from its
 * owner, or bring one back, takes more than the token.
 */
import { type Context, Hono } from 'hono';
import type { ChoiceFault, ChoiceFields } from '../domain/choice-fields.ts';
import type { AskResult } from '../domain/sign-up-book.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import type { ErasePage, MoveFault, PreferencesPage } from '../render/pages/render-preferences-page.ts';
import { openVisitorFinder, visitorKey } from './find-visitor.ts';
import { maskAddress } from './mask-address.ts';
import type { MessagePage, MessagePages } from './message-pages.ts';
import { parseForm, readSmallBody } from './read-small-body.ts';
import { pagePolicy, PRIVATE_HEADERS } from './security-headers.ts';
import { type SubscribeMeans, tellLimited, visitorOf } from './subscribe-routes.ts';
import { composeUnknownLink, type UnsubscribeMeans } from './unsubscribe-routes.ts';
import type { WebEnv } from './web-env.ts';

export type PreferencesMeans = Pick<UnsubscribeMeans, 'publication' | 'texts' | 'findByToken'> &
  Pick<SubscribeMeans, 'proxies' | 'secondsUntil'> & {
    readonly renderPreferences: (page: PreferencesPage) => Promise<string>;
    readonly renderErase: (page: ErasePage) => Promise<string>;
    readonly choose: (
      subscriber: Subscriber,
      fields: ChoiceFields,
    ) => Promise<
      { readonly kind: 'saved' } | { readonly kind: 'wrong'; readonly faults: readonly ChoiceFault[] }
    >;
    readonly askToMove: (subscriber: Subscriber, address: string) => Promise<'asked' | MoveFault>;
    /** Sends them a confirmation, whose button brings them back. */
    readonly askBack: (subscriber: Subscriber, visitor: string | null) => Promise<AskResult>;
    /** All that is kept of one person, as JSON; null for nobody. */
    readonly describe: (subscriber: Subscriber) => Promise<string | null>;
    /** `address`: as typed. */
    readonly eraseByToken: (token: string, address: string) => Promise<'erased' | 'wrong' | 'unknown'>;
    readonly report: (error: unknown) => void;
  };

type Means = PreferencesMeans & { readonly pages: MessagePages };

/** A request for somebody's page. `up`: from its URL to the folder that the page of preferences is in. */
type Visit = {
  readonly context: Context<WebEnv>;
  readonly token: string;
  readonly subscriber: Subscriber;
  readonly up: './' | '../';
};

type Answer = (visit: Visit, form: FormData) => Promise<Response>;

export function openPreferencesRoutes(given: PreferencesMeans, pages: MessagePages): Hono<WebEnv> {
  const means: Means = { ...given, pages };
  const visitors = openVisitorFinder(means.proxies);
  const routes = new Hono<WebEnv>();
  const page = async (visit: Visit) => await show(means, visit, 200, {});
  routes.get('/:token', async (context) => await visitBy(means, context, './', page));
  routes.post('/:token', async (context) => await take(means, context, './', choose(means)));
  routes.post('/:token/move', async (context) => await take(means, context, '../', move(means)));
  routes.get('/:token/data', async (context) => await visitBy(means, context, '../', download(means)));
  routes.get('/:token/erase', async (context) => await visitBy(means, context, '../', askToErase(means)));
  routes.post('/:token/erase', async (context) => await erase(means, context));
  routes.post('/:token/return', async (context) => {
    return await visitBy(means, context, '../', async (visit) => {
      const origin = visitorOf(visitors, context);
      return await comeBack(means, visit, origin && visitorKey(origin));
    });
  });
  return routes;
}

async function visitBy(
  means: Means,
  context: Context<WebEnv>,
  up: Visit['up'],
  answer: (visit: Visit) => Promise<Response>,
): Promise<Response> {
  const token = context.req.param('token') ?? '';
  const subscriber = await means.findByToken(token);
  if (!subscriber) return await means.pages.answer(context, 404, composeUnknownLink(means));
  return await answer({ context, token, subscriber, up });
}

async function take(
  means: Means,
  context: Context<WebEnv>,
  up: Visit['up'],
  answer: Answer,
): Promise<Response> {
  const form = await readForm(means, context);
  if (form instanceof Response) return form;
  return await visitBy(means, context, up, async (visit) => await answer(visit, form));
}

async function readForm({ texts }: Means, context: Context<WebEnv>): Promise<FormData | Response> {
  const body = await readSmallBody(context.req.raw);
  const refuse = (status: 400 | 413): Response =>
    context.text(`${texts.say('server.not-a-form')}\n`, status, PRIVATE_HEADERS);
  if (body.kind !== 'read') return refuse(body.kind === 'too-large' ? 413 : 400);
  return (await parseForm(context.req.header('content-type') ?? '', body.bytes)) ?? refuse(400);
}

function choose(means: Means): Answer {
  return async (visit, form) => {
    // What a form leaves out it takes away, so it must be this one.
    if (textIn(form, 'form') !== 'choices') {
      return visit.context.text(`${means.texts.say('server.not-a-form')}\n`, 400, PRIVATE_HEADERS);
    }
    if (visit.subscriber.state !== 'active') return await show(means, visit, 200, {});
    const typed: ChoiceFields = {
      series: textIn(form, 'series'),
      tags: form.getAll('tags').filter((value) => typeof value === 'string'),
      pausedUntil: textIn(form, 'pause'),
      name: textIn(form, 'name'),
    };
    const answer = await means.choose(visit.subscriber, typed);
    if (answer.kind === 'wrong') return await show(means, visit, 400, { typed, faults: answer.faults });
    const subscriber = await means.findByToken(visit.token);
    return await show(means, { ...visit, subscriber: subscriber ?? visit.subscriber }, 200, {
      done: 'saved',
    });
  };
}

function move(means: Means): Answer {
  return async (visit, form) => {
    if (visit.subscriber.state !== 'active') return await show(means, visit, 200, {});
    const typed = textIn(form, 'address');
    const answer = await means.askToMove(visit.subscriber, typed);
    if (answer === 'asked') return await show(means, visit, 200, { done: 'asked-to-move' });
    const status = answer === 'often' ? 429 : 400;
    return await show(means, visit, status, { move: { typed, fault: answer } });
  };
}

/** RFC 6266: to be saved, not shown. */
function download(means: Means): (visit: Visit) => Promise<Response> {
  return async ({ context, subscriber }) => {
    const json = await means.describe(subscriber);
    if (json === null) return await means.pages.answer(context, 404, composeUnknownLink(means));
    return context.body(json, 200, {
      ...PRIVATE_HEADERS,
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Disposition': 'attachment; filename="subscription.json"',
    });
  };
}

function askToErase(means: Means): (visit: Visit) => Promise<Response> {
  return async (visit) => await showErase(means, visit, 200, '');
}

async function erase(means: Means, context: Context<WebEnv>): Promise<Response> {
  const form = await readForm(means, context);
  if (form instanceof Response) return form;
  const typed = textIn(form, 'address');
  const answer = await means.eraseByToken(context.req.param('token') ?? '', typed);
  if (answer === 'wrong') {
    return await visitBy(means, context, '../', async (visit) => await showErase(means, visit, 400, typed));
  }
  const page = answer === 'erased' ? tellErased(means) : composeUnknownLink(means);
  return await means.pages.answer(context, answer === 'erased' ? 200 : 404, page);
}

function tellErased({ texts, publication }: Means): MessagePage {
  const text = texts.say('erase.done.text', { publication: publication.title });
  return { title: texts.say('erase.done.title'), verse: [], paragraphs: [text], form: null };
}

async function comeBack(means: Means, visit: Visit, visitor: string | null): Promise<Response> {
  const { state } = visit.subscriber;
  if (state !== 'unsubscribed' && state !== 'pending') return await show(means, visit, 200, {});
  const asked = await means.askBack(visit.subscriber, visitor);
  if (asked.kind === 'limited') return await tellLimited(means, visit.context, false, asked.retryAt);
  const { texts, publication, pages } = means;
  return await pages.answer(visit.context, 200, {
    title: texts.say('subscribe.done.title'),
    verse: [],
    paragraphs: [texts.say('subscribe.done.text', { publication: publication.title })],
    form: null,
  });
}

type Shown = Partial<Pick<PreferencesPage, 'typed' | 'faults' | 'done' | 'move'>>;

async function show(means: Means, visit: Visit, status: 200 | 400 | 429, shown: Shown): Promise<Response> {
  const { subscriber, up, token } = visit;
  const self = `${up}${token}`;
  const links = {
    self,
    move: `${self}/move`,
    data: `${self}/data`,
    erase: `${self}/erase`,
    comeBack: `${self}/return`,
    leave: `${up}../unsubscribe/${token}`,
  };
  const page: PreferencesPage = {
    subscriber,
    address: maskAddress(subscriber.address),
    links,
    typed: null,
    faults: [],
    done: null,
    move: { typed: '', fault: null },
    ...shown,
  };
  return await print(means, visit, status, async () => await means.renderPreferences(page));
}

async function showErase(means: Means, visit: Visit, status: 200 | 400, typed: string): Promise<Response> {
  const { subscriber, up, token } = visit;
  const address = maskAddress(subscriber.address);
  const links = { self: `${up}${token}`, erase: `${up}${token}/erase` };
  const page = { address, links, typed, isWrong: status === 400 };
  return await print(means, visit, status, async () => await means.renderErase(page));
}

/** A broken template must not keep anyone from leaving: then there is at least that button. */
async function print(
  means: Means,
  { context, token, up }: Visit,
  status: 200 | 400 | 429,
  render: () => Promise<string>,
): Promise<Response> {
  const { texts, publication, pages, report } = means;
  try {
    const headers = { ...PRIVATE_HEADERS, 'Content-Security-Policy': pagePolicy(publication) };
    return context.html(await render(), status, headers);
  } catch (error) {
    report(error);
    return await pages.answer(context, 500, {
      title: texts.say('server.broken.title'),
      verse: [],
      paragraphs: [texts.say('server.broken.text')],
      form: { action: `${up}../unsubscribe/${token}`, label: texts.say('unsubscribe.button') },
    });
  }
}

function textIn(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}
