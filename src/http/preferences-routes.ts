/**
 * The page of preferences, by the token of every digest: what somebody gets, the way out and the way back. Only POST changes anything, and nothing of
 * anybody else can be reached. The token may be in a mail that was forwarded: so the page shows choices, and neither a name nor a whole address; and what
 * takes a subscription away, brings one back, or shows or erases what is kept goes by a mail to the address.
 */
import { type Context, Hono } from 'hono';
import type { ChoiceFault, ChoiceFields } from '../domain/choice-fields.ts';
import type { AskResult } from '../domain/sign-up-book.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import type { MoveFault, PreferencesPage } from '../render/pages/render-preferences-page.ts';
import { openVisitorFinder, visitorKey, visitorOf } from './find-visitor.ts';
import { maskAddress } from './mask-address.ts';
import type { MessagePages } from './message-pages.ts';
import { parseForm, readSmallBody } from './read-small-body.ts';
import { pagePolicy, PRIVATE_HEADERS } from './security-headers.ts';
import { type SubscribeMeans, tellLimited } from './subscribe-routes.ts';
import { composeUnknownLink, type UnsubscribeMeans } from './unsubscribe-routes.ts';
import type { WebEnv } from './web-env.ts';

export type PreferencesMeans = Pick<UnsubscribeMeans, 'publication' | 'texts' | 'findByToken'> &
  Pick<SubscribeMeans, 'proxies' | 'secondsUntil'> & {
    readonly renderPreferences: (page: PreferencesPage) => Promise<string>;
    readonly choose: (
      subscriber: Subscriber,
      fields: ChoiceFields,
    ) => Promise<
      { readonly kind: 'saved' } | { readonly kind: 'wrong'; readonly faults: readonly ChoiceFault[] }
    >;
    readonly askToMove: (subscriber: Subscriber, address: string) => Promise<'asked' | MoveFault>;
    /** Sends them a confirmation, whose button brings them back. */
    readonly askBack: (subscriber: Subscriber, visitor: string | null) => Promise<AskResult>;
    /** Sends them the way to their data. */
    readonly askForOwnData: (subscriber: Subscriber) => Promise<'asked' | 'often'>;
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
  routes.post('/:token/data', async (context) => await visitBy(means, context, '../', askForData(means)));
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
      forgetsName: textIn(form, 'no-name') !== '',
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

function askForData(means: Means): (visit: Visit) => Promise<Response> {
  return async (visit) => {
    const asked = await means.askForOwnData(visit.subscriber);
    if (asked === 'asked') return await show(means, visit, 200, { done: 'asked-for-data' });
    return await show(means, visit, 429, { isDataWrong: true });
  };
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

type Shown = Partial<Pick<PreferencesPage, 'typed' | 'faults' | 'done' | 'move' | 'isDataWrong'>>;

async function show(means: Means, visit: Visit, status: 200 | 400 | 429, shown: Shown): Promise<Response> {
  const { subscriber, up, token } = visit;
  const self = `${up}${token}`;
  const links = {
    self,
    move: `${self}/move`,
    data: `${self}/data`,
    comeBack: `${self}/return`,
    leave: leaveLink(visit),
  };
  const page: PreferencesPage = {
    subscriber,
    address: maskAddress(subscriber.address),
    links,
    typed: null,
    faults: [],
    done: null,
    move: { typed: '', fault: null },
    isDataWrong: false,
    ...shown,
  };
  return await print(means, visit, status, async () => await means.renderPreferences(page));
}

/** A broken template must not keep anyone from leaving: then there is at least that button. */
async function print(
  means: Means,
  visit: Visit,
  status: 200 | 400 | 429,
  render: () => Promise<string>,
): Promise<Response> {
  const { texts, publication, pages, report } = means;
  try {
    const headers = { ...PRIVATE_HEADERS, 'Content-Security-Policy': pagePolicy(publication) };
    return visit.context.html(await render(), status, headers);
  } catch (error) {
    report(error);
    return await pages.answer(visit.context, 500, {
      title: texts.say('server.broken.title'),
      verse: [],
      paragraphs: [texts.say('server.broken.text')],
      form: { action: leaveLink(visit), label: texts.say('unsubscribe.button') },
    });
  }
}

/** The pages of the way out lie beside the folder of these. */
function leaveLink({ up, token }: Visit): string {
  return `${up === './' ? '../' : '../../'}unsubscribe/${token}`;
}

function textIn(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}
