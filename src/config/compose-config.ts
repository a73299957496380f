/** What the file says → the whole config: the defaults that depend on other keys are filled in here. */
import { resolve } from 'node:path';
import { domainOf, type Mailbox, parseAddress } from '../domain/address.ts';
import type { Podcast } from '../domain/podcast.ts';
import type { Problem } from '../domain/problem.ts';
import type { Publication, Series } from '../domain/publication.ts';
import { composeAccount } from './compose-accounts.ts';
import { composeTargets, composeWebsub } from './compose-elsewhere.ts';
import type { Config, DkimSetting, SmtpSetting } from './config.ts';
import type { WrittenConfig } from './config-schema.ts';
import { composeFormerFeeds } from './former-feeds-schema.ts';
import { renderHost } from './setting-kinds.ts';
import { defaultLimits, type WrittenSubscribe } from './subscribe-schema.ts';

export type Surroundings = {
  readonly root: string;
  /** What the command line says instead of `server.port`, or null. */
  readonly port: number | null;
  readonly problems: readonly Problem[];
};

export function composeConfig(written: WrittenConfig, { root, port, problems }: Surroundings): Config {
  const { host, metrics, proxies } = written.server;
  const server = { host, port: port ?? written.server.port, proxies, metrics: composeMetrics(metrics) };
  const publication = composePublication(written, composeLocalUrl(server));
  return {
    publication,
    series: Object.entries(written.series).map(([name, series]) =>
      composeSeries(name, series, publication.zone),
    ),
    smtp: composeSmtp(written),
    dkim: composeDkim(written, publication.from, root),
    feeds: {
      ...written.feeds,
      ...composeFormerFeeds(written.feeds),
      podcast: composePodcast(written.feeds.podcast),
      base: written.feeds.base ?? null,
    },
    pages: { enabled: written.pages.enabled, permalink: composePermalink(written) },
    websub: composeWebsub(written, written.server.url ?? publication.url),
    network: written.network,
    targets: composeTargets(written.publish, root),
    server,
    subscribe: composeSubscribe(written.subscribe),
    database: /^postgres(?:ql)?:/i.test(written.database)
      ? written.database
      : resolve(root, written.database),
    journal: resolve(root, written.journal),
    delivery: {
      retryFor: written.delivery.retry,
      inDoubt: written.delivery.inDoubt,
      grace: written.delivery.grace,
    },
    problems,
  };
}

function composeMetrics(written: WrittenConfig['server']['metrics']): Config['server']['metrics'] {
  return typeof written === 'string' ? { kind: written } : { kind: 'token', ...written };
}

function composeSubscribe({ limits, ...others }: WrittenSubscribe): Config['subscribe'] {
  if (limits === 'off') return { ...others, limits: null };
  return { ...others, limits: limits === 'on' ? defaultLimits() : limits };
}

/** Where this machine itself reaches the server: a server that listens everywhere listens on loopback too. */
function composeLocalUrl({ host, port }: Pick<Config['server'], 'host' | 'port'>): string {
  const own = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return new URL(`http://${renderHost(own)}:${port}/`).href;
}

function composePublication(written: WrittenConfig, localUrl: string): Publication {
  const { title, description, author, zone, language, postalAddress } = written.publication;
  const url = written.publication.url ?? localUrl;
  // The inbox's reader sits at this machine; everybody else asks where the pages are, and a proxy there leads to us.
  const reachable = written.smtp === 'inbox' ? localUrl : url;
  return {
    title,
    description,
    author: author || title,
    url,
    serverUrl: written.server.url ?? reachable,
    zone,
    language,
    postalAddress: postalAddress || null,
    from: written.from ?? composeFrom(title, url),
    replyTo: written.replyTo ?? null,
  };
}

/** Where the config names no domain: mail that stays on this machine has it. */
export const UNKNOWN_DOMAIN = 'renga.example';

/** Only mail to the inbox may have it, for nobody promised that this mailbox exists. */
function composeFrom(title: string, url: string): Mailbox {
  const name = title.replace(/[<>"]/g, '').trim();
  for (const domain of [new URL(url).hostname.replace(/^www\./, ''), UNKNOWN_DOMAIN]) {
    const result = parseAddress(`renga@${domain}`);
    if (result.kind === 'address') return { name, address: result.address };
  }
  throw new Error('renga@renga.example is an address');
}

function composeSeries(name: string, written: WrittenConfig['series'][string], zone: string): Series {
  const own = written.zone ?? zone;
  const { backlog } = written;
  return {
    ...written,
    name,
    label: written.label ?? null,
    zone: own,
    backlog: typeof backlog === 'string' ? backlog : { before: backlog.toZonedDateTime(own).toInstant() },
  };
}

function composeSmtp({ smtp }: WrittenConfig): SmtpSetting {
  if (smtp === 'inbox') return { kind: 'inbox' };
  return { kind: 'accounts', accounts: (Array.isArray(smtp) ? smtp : [smtp]).map(composeAccount) };
}

function composeDkim({ dkim }: WrittenConfig, from: Mailbox, root: string): DkimSetting | null {
  if (!dkim) return null;
  const { selector, key, domain, ed25519 } = dkim;
  return {
    selector,
    key: resolve(root, key),
    domain: domain ?? domainOf(from.address),
    ed25519: ed25519 ? { ...ed25519, key: resolve(root, ed25519.key) } : null,
  };
}

function composePermalink({ pages }: WrittenConfig): string | null {
  return pages.enabled ? null : (pages.permalink ?? null);
}

function composePodcast({ category, explicit, image }: WrittenConfig['feeds']['podcast']): Podcast {
  return { category: category ?? null, explicit, imageUrl: image ?? null };
}
