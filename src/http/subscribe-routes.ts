/**
 * The way in: a form, and what it sends, also from the writer's own site. The answer is the same for every address; what differs comes by mail. Only a POST
 * changes anything, and it does the same work whoever is asked for.
 */
import { type Context, Hono } from 'hono';
import type { AskResult } from '../domain/sign-up-book.ts';
import type { SignUpFault, SignUpFields } from '../domain/sign-up-fields.ts';
import type { Publication } from '../domain/publication.ts';
import type { Texts } from '../domain/texts.ts';
import { openVisitorFinder, visitorKey, type VisitorFinder, visitorOf } from './find-visitor.ts';
import type { MessagePages } from './message-pages.ts';
import { readSentForm, type SentForm } from './read-form-fields.ts';
import { readSmallBody } from './read-small-body.ts';
import { type HeaderList, pagePolicy } from './security-headers.ts';
import type { WebEnv } from './web-env.ts';

/** What was asked for, and from where. */
export type Asking = {
  readonly fields: SignUpFields;
  /** Where the form stood, in words, unless it is our own. */
  readonly source: string;
  /** IP address, or null. */
  readonly origin: string | null;
  readonly visitor: string | null;
  readonly formToken: string;
};

export type AskAnswer = AskResult | { readonly kind: 'wrong'; readonly faults: readonly SignUpFault[] };

export type SubscribeMeans = {
  readonly publication: Publication;
  readonly texts: Texts;
  /** Origins whose scripts may send the form. */
  readonly sites: readonly string[];
  /** Proxies that are believed, as `10.0.0.0/8`. */
  readonly proxies: readonly string[];
  /** Draws the form with what was typed and what is wrong with it. */
  readonly renderForm: (fields: SignUpFields, faults: readonly SignUpFault[]) => Promise<string>;
  readonly ask: (asking: Asking) => Promise<AskAnswer>;
  /** Whole seconds until then, at least 1. */
  readonly secondsUntil: (time: Temporal.Instant) => number;
};

type Means = SubscribeMeans & { readonly pages: MessagePages; readonly visitors: VisitorFinder };

const BLANK: SignUpFields = { address: '', name: '', series: [], tags: [] };

export function openSubscribeRoutes(given: SubscribeMeans, pages: MessagePages): Hono<WebEnv> {
  const means: Means = { ...given, pages, visitors: openVisitorFinder(given.proxies) };
  const routes = new Hono<WebEnv>();
  routes.get('/', async (context) => await showForm(means, context, 200, BLANK, []));
  routes.post('/', async (context) => allowSite(means, context, await take(means, context)));
  routes.on('OPTIONS', '/', (context) => allowSite(means, context, answerPreflight()));
  return routes;
}

async function take(means: Means, context: Context<WebEnv>): Promise<Response> {
  const { texts } = means;
  const body = await readSmallBody(context.req.raw);
  if (body.kind === 'too-large') return context.text(`${texts.say('server.not-a-form')}\n`, 413, NO_STORE);
  const form =
    body.kind === 'read' && (await readSentForm(context.req.header('content-type') ?? '', body.bytes));
  if (!form) return context.text(`${texts.say('server.not-a-form')}\n`, 400, NO_STORE);
  // Whoever fills in what nobody sees is told what everybody is told.
  if (form.trap !== '') return await tellTaken(means, context, form);
  const origin = visitorOf(means.visitors, context);
  const answer = await means.ask({
    fields: form,
    source: sourceOf(context),
    origin,
    visitor: origin === null ? null : visitorKey(origin),
    formToken: form.token,
  });
  if (answer.kind === 'wrong') return await tellWrong(means, context, form, answer.faults);
  if (answer.kind === 'limited') return await tellLimited(means, context, form.isJson, answer.retryAt);
  return await tellTaken(means, context, form);
}

/** As the browser says, cut to what a site can be; kept with the consent, and shown to the writer only. */
function sourceOf(context: Context<WebEnv>): string {
  const site = URL.parse(context.req.header('origin') ?? context.req.header('referer') ?? '');
  const isWeb = site !== null && /^https?:$/.test(site.protocol) && site.origin.length <= 200;
  return isWeb ? `form at ${site.origin}` : 'form elsewhere';
}

async function tellTaken(means: Means, context: Context<WebEnv>, form: SentForm): Promise<Response> {
  const { texts, publication } = means;
  const text = texts.say('subscribe.done.text', { publication: publication.title });
  if (form.isJson) return context.json({ kind: 'taken', message: text }, 200, NO_STORE);
  return await means.pages.answer(context, 200, {
    title: texts.say('subscribe.done.title'),
    verse: [],
    paragraphs: [text, texts.say('subscribe.done.nothing')],
    form: null,
  });
}

async function tellWrong(
  means: Means,
  context: Context<WebEnv>,
  form: SentForm,
  faults: readonly SignUpFault[],
): Promise<Response> {
  if (!form.isJson) return await showForm(means, context, 400, form, faults);
  const told = faults.map((fault) => ({
    field: fault === 'address-missing' ? 'address' : fault,
    message: means.texts.say(`subscribe.wrong.${fault}`),
  }));
  return context.json({ kind: 'wrong', faults: told }, 400, NO_STORE);
}

/** RFC 6585 §4, with RFC 9110 §10.2.3 for when to try again. */
export async function tellLimited(
  means: Pick<Means, 'texts' | 'pages' | 'secondsUntil'>,
  context: Context<WebEnv>,
  isJson: boolean,
  retryAt: Temporal.Instant,
): Promise<Response> {
  const seconds = means.secondsUntil(retryAt);
  const minutes = String(Math.ceil(seconds / 60));
  const text = means.texts.say('server.limited.text', { minutes });
  context.header('Retry-After', String(seconds));
  if (isJson) return context.json({ kind: 'limited', message: text }, 429, NO_STORE);
  const title = means.texts.say('server.limited.title');
  return await means.pages.answer(context, 429, { title, verse: [], paragraphs: [text], form: null });
}

async function showForm(
  means: Means,
  context: Context<WebEnv>,
  status: 200 | 400,
  fields: SignUpFields,
  faults: readonly SignUpFault[],
): Promise<Response> {
  const headers = { ...NO_STORE, 'Content-Security-Policy': pagePolicy(means.publication) };
  return context.html(await means.renderForm(fields, faults), status, headers);
}

const NO_STORE: HeaderList = { 'Cache-Control': 'no-store' };

/** Fetch standard, "CORS protocol": only for sites that config names; a plain form needs none of it. */
function allowSite(means: Means, context: Context<WebEnv>, response: Response): Response {
  response.headers.append('Vary', 'Origin');
  const origin = context.req.header('origin');
  const { publication, sites } = means;
  if (origin === undefined || ![new URL(publication.url).origin, ...sites].includes(origin)) return response;
  response.headers.set('Access-Control-Allow-Origin', origin);
  response.headers.set('Access-Control-Expose-Headers', 'Retry-After');
  return response;
}

function answerPreflight(): Response {
  return new Response(null, {
    status: 204,
    headers: {
      Allow: 'GET, HEAD, POST, OPTIONS',
      'Access-Control-Allow-Methods': 'POST',
      'Access-Control-Allow-Headers': 'Content-Type',
      'Access-Control-Max-Age': '600',
    },
  });
}
