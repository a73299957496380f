/**
 * Builds the program out of its parts. The only place that sees config, environment and the clock; everything below is handed plain values
 * and ports. What is costly (threads, sockets, processes) starts when it is first used.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { availableParallelism, hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { findByToken, unsubscribeByToken } from './app/answer-unsubscribe.ts';
import type { Event } from './app/event.ts';
import { measureDelivery, openTally } from './app/measure-delivery.ts';
import type { Renga } from './app/renga.ts';
import type { Config } from './config/config.ts';
import { readConfig } from './config/read-config.ts';
import { readTemplates } from './config/read-templates.ts';
import type { Account } from './domain/account.ts';
import { domainOf } from './domain/address.ts';
import type { Transport } from './domain/transport.ts';
import type { Worker } from './domain/worker.ts';
import { openTxtResolver } from './mail/dkim/look-up-record.ts';
import { type KeyRequest, type MadeKey, makeKeyFile } from './mail/dkim/make-key-file.ts';
import { readSigningKeys } from './mail/dkim/read-signing-keys.ts';
import type { DigestRenderer } from './render/digest/render-digest.ts';
import type { LateWeb } from './http/late-app.ts';
import type { Template, Templates } from './render/templates.ts';
import { openWorkshop } from './render/workshop.ts';
import type { MoveReport } from './store/move-store.ts';
import { openCache } from './store/open-cache.ts';
import { openJournal } from './store/open-journal.ts';
import { openLock } from './store/open-lock.ts';
import { isPostgresUrl } from './store/open-store.ts';
import { openThreadedStore } from './store/threaded-store.ts';

/** How long a post or a template may take to render. */
const TIME_LIMIT_MILLISECONDS = 5000;

/** It stands on this machine, so there is nothing to spare. */
const INBOX: Account = { name: 'inbox', weight: 1, connections: 2, interval: 0, domains: {}, warmUp: [] };

export type OpenRenga = {
  readonly renga: Renga;
  readonly usesInbox: boolean;
  readonly refresh: () => Promise<void>;
  readonly close: () => Promise<void>;
};

export const now = (): Temporal.Instant => Temporal.Now.instant();

/** Opens the publication in `root`; `port` stands in for the config's, in the default URLs too. Throws OperatorError when its config, signing keys, templates or database cannot be used. */
export async function openRenga(
  root: string,
  version: string,
  tell: (event: Event) => void,
  port: number | null,
): Promise<OpenRenga> {
  const tally = openTally();
  const report = (event: Event): void => {
    tally.add(event);
    tell(event);
  };
  const config = await readConfig({ root, environment: process.env, ...(port === null ? {} : { port }) });
  const signingKeys = await readSigningKeys(config.dkim, config.publication.from);
  const templates = new Map(await readTemplates({ root }));
  await mkdir(join(root, 'var'), { recursive: true });
  const store = await openThreadedStore({ location: config.database, now: now() });
  const cache = openCache(join(root, 'var', 'cache.db'));
  const threads = availableParallelism();
  const workshop = openWorkshop({ templates, threads, timeLimitMilliseconds: TIME_LIMIT_MILLISECONDS });
  const digestRenderer = renderDigestsLater({ templates, workshop });
  const { publication, series, feeds, pages, delivery } = config;
  const renga: Renga = {
    root,
    version,
    publication,
    series,
    settings: { feeds, pages, delivery },
    configProblems: config.problems,
    templates,
    store,
    journal: openJournal(config.journal, { isOneOfMany: isPostgresUrl(config.database) }),
    cache,
    publishLock: openLock(join(root, 'var', 'publish.lock')),
    workshop,
    digestRenderer,
    accounts: config.smtp.kind === 'inbox' ? [INBOX] : config.smtp.accounts,
    openSealer: async () =>
      (await import('./mail/open-sealer.ts')).openSealer({ keys: signingKeys, threads }),
    signingKeys,
    resolveTxt: openTxtResolver(),
    openTransport: async (account) => await openTransport(root, config, account),
    worker: describeWorker(),
    isAlive,
    clock: now,
    report,
    tally: tally.read,
  };
  const close = async (): Promise<void> => {
    await Promise.allSettled([digestRenderer.close(), workshop.close(), store.close()]);
    cache.close();
  };
  return { renga, usesInbox: config.smtp.kind === 'inbox', refresh: refreshLater(renga, templates), close };
}

function refreshLater(renga: Renga, inUse: Map<string, Template>): () => Promise<void> {
  const read = async (): Promise<Templates> => await readTemplates({ root: renga.root });
  let refresh: (() => Promise<void>) | null = null;
  return async () => {
    const { openRefresh } = await import('./app/refresh-templates.ts');
    refresh ??= openRefresh(renga, { inUse, read, timeLimitMilliseconds: TIME_LIMIT_MILLISECONDS });
    await refresh();
  };
}

/**
 * Makes a signing key for the domain that the config names; the selector, if none is given, has the month in it. The keys of the config are
 * not read: what is missing there may be what is made here.
 */
export async function makeSigningKey(
  root: string,
  {
    selector,
    algorithm,
    bits,
  }: Pick<KeyRequest, 'algorithm' | 'bits'> & { readonly selector: string | null },
): Promise<MadeKey> {
  const { dkim, publication } = await readConfig({ root, environment: process.env });
  const month = now().toZonedDateTimeISO(publication.zone).toPlainDate().toPlainYearMonth().toString();
  const suffix = algorithm === 'ed25519-sha256' ? '-ed25519' : '';
  return await makeKeyFile({
    root,
    domain: dkim?.domain ?? domainOf(publication.from.address),
    selector: selector ?? `renga-${month}${suffix}`,
    algorithm,
    bits,
  });
}

/** Loaded when there is a digest to render: most runs have none. */
function renderDigestsLater(parts: Pick<Renga, 'templates' | 'workshop'>): DigestRenderer {
  let opening: Promise<DigestRenderer> | null = null;
  const open = async (): Promise<DigestRenderer> => {
    const { openDigestRenderer } = await import('./render/digest/render-digest.ts');
    return openDigestRenderer(parts);
  };
  return {
    render: async (input) => await (await (opening ??= open())).render(input),
    close: async () => await (await opening)?.close(),
  };
}

/** Of the account of that name; of the first, where none is named. */
async function openTransport(root: string, { smtp }: Config, name?: string): Promise<Transport> {
  // Loaded when there is something to send: most runs have nothing.
  if (smtp.kind === 'accounts') {
    const account = smtp.accounts.find((one) => one.name === name) ?? smtp.accounts[0];
    if (account) return (await import('./mail/smtp-transport.ts')).createSmtpTransport(account);
  }
  const { createInboxTransport } = await import('./mail/inbox-transport.ts');
  return await createInboxTransport({ folder: join(root, 'var', 'inbox'), connections: INBOX.connections });
}

/**
 * Listens before the publication is opened, so that its links can name the port, which the system may have chosen; `port` stands in for the
 * config's. Throws OperatorError when the port is taken.
 */
export async function listen(
  root: string,
  port: number | null,
): Promise<Omit<LateWeb, 'answerWith'> & { readonly answerFor: (open: OpenRenga) => Promise<void> }> {
  const { serveLate } = await import('./http/late-app.ts');
  const { server } = await readConfig({ root, environment: process.env });
  const { answerWith, ...web } = await serveLate({ host: server.host, port: port ?? server.port });
  return { ...web, answerFor: async (open) => answerWith(await createApp(open, server.metrics)) };
}

async function createApp(
  { renga, usesInbox }: OpenRenga,
  metrics: Config['server']['metrics'],
): Promise<Parameters<LateWeb['answerWith']>[0]> {
  const { root, publication } = renga;
  const { createWebApp } = await import('./http/web-app.ts');
  const { renderMessagePage } = await import('./render/pages/render-message-page.ts');
  return createWebApp({
    publication,
    publicFolder: join(root, 'public'),
    inboxFolder: usesInbox ? join(root, 'var', 'inbox') : null,
    metrics:
      metrics.kind === 'off' ? null : { access: metrics, measure: async () => await measureDelivery(renga) },
    findByToken: async (token) => await findByToken(renga, token),
    unsubscribeByToken: async (token, reason) => await unsubscribeByToken(renga, token, reason),
    renderPage: async (page) => await renderMessagePage(renga, page),
    report: (error) => renga.report({ kind: 'request-failed', error }),
  });
}

function describeWorker(): Worker {
  const { pid } = process;
  return {
    id: randomUUID(),
    host: hostname(),
    boot: readBoot(),
    pid,
    startedAt: readProcessStart(pid) ?? '',
  };
}

/** Moves a whole database; nothing of the publication but its folder is looked at. */
export async function moveDatabase(root: string, from: string, to: string): Promise<MoveReport> {
  const { moveStore } = await import('./store/move-store.ts');
  const locate = (location: string): string => (isPostgresUrl(location) ? location : resolve(root, location));
  return await moveStore({
    from: locate(from),
    to: locate(to),
    now: now(),
    isDead: (worker) => worker.host === hostname() && !isAlive(worker),
  });
}

/** Whether a worker of this machine still runs: the same boot, a process of that number, and started at the same time. */
function isAlive(worker: Worker): boolean {
  if (worker.boot !== readBoot()) return false;
  const startedAt = readProcessStart(worker.pid);
  if (startedAt !== null) return startedAt === worker.startedAt;
  try {
    process.kill(worker.pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function readBoot(): string {
  return readSystemFile('/proc/sys/kernel/random/boot_id')?.trim() ?? '';
}

/** Field 22 of proc_pid_stat(5), counted after the command's name, which may hold spaces; null where there is no such file. */
function readProcessStart(pid: number): string | null {
  const text = readSystemFile(`/proc/${pid}/stat`);
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}

function readSystemFile(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
