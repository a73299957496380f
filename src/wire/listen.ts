/** Wires the web server. */
import { join } from 'node:path';
import { findByToken, unsubscribeByToken } from '../app/subscribers/answer-unsubscribe.ts';
import { measureDelivery } from '../app/delivery/measure-delivery.ts';
import { measureSharing } from '../app/sharing/show-sharing.ts';
import { takeHubRequest } from '../app/websub/take-request.ts';
import type { Config } from '../config/config.ts';
import { readConfig } from '../config/read-config.ts';
import { type LateWeb, serveLate } from '../http/late-app.ts';
import { createWebApp } from '../http/web-app.ts';
import { renderMessagePage } from '../render/pages/render-message-page.ts';
import type { FeedDesk } from '../http/feeds/feed-desk.ts';
import { openFeedHatch } from '../http/feeds/feed-hatch.ts';
import { type OpenFeeds, openFeeds } from './open-feeds.ts';
import { loadAhead } from './load-ahead.ts';
import { openSignUp } from './open-sign-up.ts';
import { openPreferences } from './open-preferences.ts';
import type { OpenRenga } from './open-renga.ts';

/**
 * Listens before the publication is opened, so that its links can name the port, which the system may have chosen; `port` stands in for the
 * config's. Throws OperatorError when the port is taken.
 */
export async function listen(
  root: string,
  port: number | null,
): Promise<Omit<LateWeb, 'answerWith'> & { readonly answerFor: (open: OpenRenga) => Promise<void> }> {
  const config = await readConfig({ root, environment: process.env });
  const { server } = config;
  await loadAhead();
  const { answerWith, ...web } = await serveLate({ host: server.host, port: port ?? server.port });
  let feeds: OpenFeeds | null = null;
  return {
    ...web,
    answerFor: async (open) => {
      feeds = openFeeds(open);
      answerWith(await createApp(open, feeds.desk, config));
    },
    close: async () => {
      await web.close();
      await feeds?.close();
    },
  };
}

async function createApp(
  { renga, usesInbox }: OpenRenga,
  feeds: FeedDesk,
  config: Pick<Config, 'server' | 'subscribe' | 'feeds'>,
): Promise<Parameters<LateWeb['answerWith']>[0]> {
  const { root, publication } = renga;
  const { metrics } = config.server;
  const publicFolder = join(root, 'public');
  const app = createWebApp({
    ...openSignUp(renga, config),
    ...openPreferences(renga, config.subscribe),
    publicFolder,
    feeds,
    inboxFolder: usesInbox ? join(root, 'var', 'inbox') : null,
    metrics:
      metrics.kind === 'off'
        ? null
        : {
            access: metrics,
            measure: async () => ({
              ...(await measureDelivery(renga)),
              sharing: await measureSharing(renga),
            }),
          },
    takeHubRequest:
      renga.websub.ownHub === null
        ? null
        : async (field, visitor) => await takeHubRequest(renga, field, visitor),
    findByToken: async (token) => await findByToken(renga, token),
    unsubscribeByToken: async (token, reason) => await unsubscribeByToken(renga, token, reason),
    formerFeeds: config.feeds,
    findPage: async (slug) => await renga.store.posts.findPage(slug),
    renderPage: async (page) => await renderMessagePage(renga, page),
    report: (error) => renga.report({ kind: 'request-failed', error }),
  });
  const prefix = new URL(publication.serverUrl).pathname;
  return { fetch: app.fetch, answerPlain: openFeedHatch(feeds, prefix, renga.clock) };
}
