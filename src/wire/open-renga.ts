/**
 * Builds the program out of its parts. Only this folder sees config, environment and the clock; everything below is handed plain values
 * and ports. What is costly (threads, sockets, processes) starts when it is first used.
 */
import { composeHostFiles } from '../http/feeds/host-files.ts';
import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Event } from '../app/event.ts';
import { openTally } from '../app/tally.ts';
import type { Renga } from '../app/renga.ts';
import type { Config } from '../config/config.ts';
import { readConfigText, understandConfig } from '../config/read-config.ts';
import type { ConfigBook } from '../config/recall-config.ts';
import { readTexts } from '../config/read-texts.ts';
import { readTemplates } from '../config/read-templates.ts';
import type { Cache } from '../domain/cache.ts';
import type { Templates } from '../render/templates.ts';
import { openWorkshop } from '../render/workshop.ts';
import { openCache } from '../store/open-cache.ts';
import { openJournal } from '../store/open-journal.ts';
import { openLock } from '../store/open-lock.ts';
import { isPostgresUrl } from '../store/open-store.ts';
import { openThreadedStore } from '../store/threaded-store.ts';

import { now } from './clock.ts';
import { describeBuild, describeWorker, isAlive } from './describe-process.ts';
import { openMail } from './open-mail.ts';
import { openOutside } from './open-outside.ts';
import { notePort, recallPort } from './served-port.ts';
import { refreshLater, renderDigestsLater, TIME_LIMIT_MILLISECONDS } from './open-templates.ts';

export type OpenRenga = {
  readonly renga: Renga;
  readonly usesInbox: boolean;
  readonly keepsOrigin: boolean;
  readonly refresh: () => Promise<void>;
  /** From now on the listener is told of every event too; it must not throw. */
  readonly onEvent: (listener: (event: Event) => void) => void;
  readonly close: () => Promise<void>;
};

/** Opens the publication in `root`; `port` stands in for the config's, in the default URLs too. Throws OperatorError when its config, signing keys, templates or database cannot be used. */
export async function openRenga(
  root: string,
  version: string,
  tell: (event: Event) => void,
  port: number | null,
): Promise<OpenRenga> {
  const { report, onEvent, tally } = openEvents(tell);
  const { config, cache } = await openConfig(root, version, port);
  const mail = await openMail(root, config);
  const templates = new Map(await readTemplates({ root }));
  const store = await openThreadedStore({ location: config.database, now: now() });
  const words = await readTexts(root, config.publication.language, cache);
  const { workshop, digestRenderer } = openRenderers(templates);
  const { publication, series, feeds, pages, delivery } = config;
  const renga: Renga = {
    root,
    version,
    publication,
    series,
    settings: { feeds, pages, delivery },
    configProblems: [...config.problems, ...words.problems],
    templates,
    texts: words.texts,
    store,
    journal: openJournal(config.journal, { isOneOfMany: isPostgresUrl(config.database) }),
    cache,
    publishLock: openLock(join(root, 'var', 'publish.lock')),
    workshop,
    digestRenderer,
    pressMail: digestRenderer.press,
    ...mail,
    ...openOutside(root, config, version),
    hostFiles: composeHostFiles(publication, feeds),
    worker: describeWorker(),
    isAlive,
    clock: now,
    report,
    tally,
  };
  const close = async (): Promise<void> => {
    await Promise.allSettled([digestRenderer.close(), workshop.close(), store.close()]);
    cache.close();
  };
  const refresh = refreshLater(renga, templates, words.renew);
  return { renga, ...describeWays(config), refresh, onEvent, close };
}

/** The config, and the cache that it is recalled from. A given port is noted for other commands. */
async function openConfig(
  root: string,
  version: string,
  port: number | null,
): Promise<{ readonly config: Config; readonly cache: Cache }> {
  // First: a folder that is no publication is left as it is.
  const text = await readConfigText(root);
  await mkdir(join(root, 'var'), { recursive: true });
  const cache = openCache(join(root, 'var', 'cache.db'));
  const build = describeBuild(version);
  const { config, configured } = await understandFor(
    { root, text },
    port,
    build === null ? null : { cache, build },
  );
  if (port !== null) await notePort(root, { configured, served: port });
  return { config, cache };
}

/** With the port that stands in for the config's: the given one, or that of the last `serve`. `configured`: the config's own. */
async function understandFor(
  file: { readonly root: string; readonly text: string },
  port: number | null,
  book: ConfigBook | null,
): Promise<{ readonly config: Config; readonly configured: number }> {
  const source = { ...file, environment: process.env };
  const config = await understandConfig(source, book);
  const configured = config.server.port;
  const own = port ?? (await recallPort(file.root, configured)) ?? configured;
  if (own === configured) return { config, configured };
  return { config: await understandConfig({ ...source, port: own }, book), configured };
}

function openRenderers(templates: Templates) {
  const threads = availableParallelism();
  const workshop = openWorkshop({ templates, threads, timeLimitMilliseconds: TIME_LIMIT_MILLISECONDS });
  return { workshop, digestRenderer: renderDigestsLater({ templates, workshop }) };
}

function describeWays({ smtp, subscribe }: Config): Pick<OpenRenga, 'usesInbox' | 'keepsOrigin'> {
  return { usesInbox: smtp.kind === 'inbox', keepsOrigin: subscribe.keepOrigin };
}

function openEvents(
  tell: (event: Event) => void,
): Pick<Renga, 'report' | 'tally'> & Pick<OpenRenga, 'onEvent'> {
  const tally = openTally();
  const listeners = [tally.add, tell];
  return {
    report: (event) => {
      for (const listener of listeners) listener(event);
    },
    onEvent: (listener) => void listeners.push(listener),
    tally: tally.read,
  };
}
