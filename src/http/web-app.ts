/**
 * The web server as a function from Request to Response: the published files, the ways into and out of the list, and on this machine the inbox. It knows
 * no port and no clock, and makes no link from what a request claims about its host.
 */
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { answerPreflight } from './feeds/answer-preflight.ts';
import type { FeedDesk } from './feeds/feed-desk.ts';
import { type FormerFeeds, NO_FORMER_FEEDS } from '../domain/former-feeds.ts';
import { answerFormerFeeds } from './former-feeds.ts';
import { answerFormerPages, type FormerPagesMeans } from './former-pages.ts';
import { openHubRoute, type TakeHubRequest } from './hub-route.ts';
import { openInboxRoutes } from './inbox/inbox-routes.ts';
import { type MessagePage, type MessagePages, openMessagePages } from './message-pages.ts';
import { type ConfirmMeans, openConfirmRoutes, openUndoRoutes } from './confirm-routes.ts';
import { type MetricsMeans, openMetricsRoute } from './metrics-route.ts';
import { composeSecurityHeaders, type HeaderList } from './security-headers.ts';
import { openFileRoute } from './serve-files.ts';
import { stripPrefix } from './strip-prefix.ts';
import { type MoveMeans, openMoveRoutes } from './move-routes.ts';
import { openOwnDataRoutes, type OwnDataMeans } from './own-data-routes.ts';
import { openPreferencesRoutes, type PreferencesMeans } from './preferences-routes.ts';
import { openSubscribeRoutes, type SubscribeMeans } from './subscribe-routes.ts';
import { composeUnknownLink, openUnsubscribeRoutes, type UnsubscribeMeans } from './unsubscribe-routes.ts';
import type { WebEnv } from './web-env.ts';

export type WebMeans = UnsubscribeMeans &
  SubscribeMeans &
  ConfirmMeans &
  PreferencesMeans &
  MoveMeans &
  OwnDataMeans & {
    /** The folder that everybody may read, absolute. */
    readonly publicFolder: string;
    readonly feeds: FeedDesk;
    readonly formerFeeds?: FormerFeeds;
    readonly findPage: FormerPagesMeans['findPage'];
    /** Where the embedded inbox keeps mail, absolute; null when mail goes elsewhere. */
    readonly inboxFolder: string | null;
    /** Who may read `/metrics`, and what stands there; null while nobody may. */
    readonly metrics: MetricsMeans | null;
    /** Takes what is asked of the embedded hub; null where there is none. */
    readonly takeHubRequest?: TakeHubRequest | null;
    /** Draws one of the server's own pages. */
    readonly renderPage: (page: MessagePage) => Promise<string>;
    /** Told of every error that a visitor only sees as "something broke"; must not throw. */
    readonly report: (error: unknown) => void;
  };

export function createWebApp(means: WebMeans): Hono<WebEnv> {
  const { publication } = means;
  const pages = openMessagePages(means);
  const prefix = new URL(publication.serverUrl).pathname;
  const app = new Hono<WebEnv>({ getPath: (request) => stripPrefix(request.url, prefix) });

  app.use(addHeaders(composeSecurityHeaders(publication)));
  if (prefix !== '/') app.get(prefix.slice(0, -1), () => redirect(`./${prefix.split('/').at(-2)}/`));
  app.get('/healthz', (context) => context.text('ok', 200, { 'Cache-Control': 'no-store' }));
  if (means.metrics) app.get('/metrics', openMetricsRoute(means.metrics));
  app.route('/unsubscribe', openUnsubscribeRoutes(means, pages));
  app.all('/unsubscribe/:token', (context) => refuseMethod(context, 'GET, HEAD, POST'));
  routeLostLinks(app, means, pages);
  app.get('/subscribe/', () => redirect('../subscribe'));
  app.route('/subscribe', openSubscribeRoutes(means, pages));
  app.all('/subscribe', (context) => refuseMethod(context, 'GET, HEAD, POST, OPTIONS'));
  app.route('/confirm', openConfirmRoutes(means, pages));
  app.all('/confirm/:token', (context) => refuseMethod(context, 'GET, HEAD, POST'));
  app.all('/confirm/:token/again', (context) => refuseMethod(context, 'POST'));
  app.route('/undo', openUndoRoutes(means, pages));
  app.all('/undo/:token', (context) => refuseMethod(context, 'GET, HEAD, POST'));
  if (means.takeHubRequest) {
    app.post('/websub', openHubRoute(means.takeHubRequest, means.proxies));
    app.all('/websub', (context) => refuseMethod(context, 'POST'));
  }
  routePreferences(app, means, pages);
  if (means.inboxFolder !== null) {
    app.get('/inbox/', () => redirect('../inbox'));
    app.route('/inbox', openInboxRoutes(means.inboxFolder, publication, pages));
  }
  app.get(
    '*',
    answerFormerFeeds(means.formerFeeds ?? NO_FORMER_FEEDS),
    answerFormerPages(means, pages),
    openFileRoute(means.publicFolder, publication, pages, means.feeds),
  );
  app.options('*', answerPreflight(means.feeds));
  app.all('*', (context) => refuseMethod(context, 'GET, HEAD'));
  app.onError(async (error, context) => {
    means.report(error);
    return await pages.answer(context, 500, {
      title: means.texts.say('server.broken.title'),
      verse: [],
      paragraphs: [means.texts.say('server.broken.text')],
      form: null,
    });
  });
  return app;
}

/** What personal links begin with. */
const LINK_PATHS = ['/unsubscribe', '/confirm', '/undo', '/preferences', '/move', '/own-data'];

/** A link that lost its token gets a page that says so, whether it is opened or a program posts to it. */
function routeLostLinks(app: Hono<WebEnv>, means: WebMeans, pages: MessagePages): void {
  for (const path of LINK_PATHS) {
    app.on(['GET', 'POST'], [path, `${path}/`], async (context) => {
      return await pages.answer(context, 404, composeUnknownLink(means));
    });
  }
}

/** The page of preferences, and the links of what is asked for there by mail: a change of address, one's own data. */
function routePreferences(app: Hono<WebEnv>, means: WebMeans, pages: MessagePages): void {
  app.route('/preferences', openPreferencesRoutes(means, pages));
  app.all('/preferences/:token', (context) => refuseMethod(context, 'GET, HEAD, POST'));
  app.all('/preferences/:token/:verb{move|data|return}', (context) => refuseMethod(context, 'POST'));
  app.route('/move', openMoveRoutes(means, pages));
  app.all('/move/:token', (context) => refuseMethod(context, 'GET, HEAD, POST'));
  app.route('/own-data', openOwnDataRoutes(means, pages));
  app.all('/own-data/:token', (context) => refuseMethod(context, 'GET, HEAD'));
  app.all('/own-data/:token/file', (context) => refuseMethod(context, 'GET, HEAD'));
  app.all('/own-data/:token/erase', (context) => refuseMethod(context, 'GET, HEAD, POST'));
}

/** Adds what a route did not set itself. A 304 repeats only what a cache must know (RFC 9110 §15.4.5): the rest it has kept. */
function addHeaders(headers: HeaderList): MiddlewareHandler<WebEnv> {
  return async (context, next) => {
    await next();
    if (context.res.status === 304) return;
    for (const [name, value] of Object.entries(headers)) {
      if (!context.res.headers.has(name)) context.res.headers.set(name, value);
    }
  };
}

/** To the one address a page has; relative, for the request's own host is not to be believed. */
function redirect(location: string): Response {
  return new Response(null, { status: 301, headers: { Location: location } });
}

/** RFC 9110 §15.5.6. Also for TRACE, which would only mirror what a proxy added, and OPTIONS where no other site has to ask first. */
function refuseMethod(context: Context<WebEnv>, allow: string): Response {
  return context.text('This address does not answer to that method.\n', 405, {
    Allow: allow,
    'Cache-Control': 'no-store',
  });
}
