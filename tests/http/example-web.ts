/** An example to ask: a publication's `public/` on disk, a real store with one subscriber, and the app above them. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findByToken, unsubscribeByToken } from '../../src/app/subscribers/answer-unsubscribe.ts';
import { type Address, parseAddress } from '../../src/domain/address.ts';
import { renderLinkToken } from '../../src/domain/link-token.ts';
import type { Cache } from '../../src/domain/cache.ts';
import type { Publication, Series } from '../../src/domain/publication.ts';
import type { FeedReading } from '../../src/domain/reader.ts';
import type { Store } from '../../src/domain/store.ts';
import { type FeedDesk, openFeedDesk } from '../../src/http/feeds/feed-desk.ts';
import { openFeedHeaders } from '../../src/http/feeds/feed-headers.ts';
import { openFeedShelf } from '../../src/http/feeds/feed-shelf.ts';
import { createWebApp, type WebMeans } from '../../src/http/web-app.ts';
import { openSignUp, type SignUpSettings } from '../../src/wire/open-sign-up.ts';
import { openPreferences } from '../../src/wire/open-preferences.ts';
import { readTexts } from '../../src/config/read-texts.ts';
import { openStore } from '../../src/store/open-store.ts';

export const NOW = Temporal.Instant.from('2026-11-20T09:00:00Z');

export function addressOf(text: string): Address {
  const result = parseAddress(text);
  if (result.kind !== 'address') throw new Error(result.reason);
  return result.address;
}

export const PUBLICATION: Publication = {
  title: 'Small <joys> & pains',
  description: 'Keeping computers',
  author: 'Ann',
  url: 'https://example.org/',
  serverUrl: 'https://mail.example.org/',
  zone: 'Europe/Berlin',
  language: 'en',
  postalAddress: null,
  from: { name: 'Ann', address: addressOf('ann@example.org') },
  replyTo: null,
};

/** A shelf in memory that waits for nobody. */
export function openExampleDesk(
  folder: string,
  publication = PUBLICATION,
  count: (reading: FeedReading) => void = () => undefined,
): FeedDesk {
  const headersOf = openFeedHeaders(publication, () => null);
  const shelf = openFeedShelf({ folder, cache: openMemory(), headersOf, patience: 0 });
  return openFeedDesk({ shelf, clock: () => NOW, count });
}

export function openMemory(): Pick<Cache, 'get' | 'put'> {
  const kept = new Map<string, string>();
  return {
    get: (kind, key) => kept.get(`${kind} ${key}`) ?? null,
    put: (kind, changes) => {
      for (const [key, value] of changes) {
        if (value === null) kept.delete(`${kind} ${key}`);
        else kept.set(`${kind} ${key}`, value);
      }
    },
  };
}

export const { texts: TEXTS } = await readTexts(tmpdir(), 'en');

const SERIES: readonly Series[] = ['weekly', 'daily'].map((name) => ({
  name,
  schedule: { kind: 'cron', cron: '0 9 * * 1' },
  zone: 'UTC',
  minimum: 1,
  label: name === 'weekly' ? 'Once a week' : null,
  backlog: 'skip',
  body: 'auto',
  subject: 'x',
}));

function composeSettings(
  subscribe: Partial<SignUpSettings['subscribe']>,
  proxies: readonly string[],
): SignUpSettings {
  return {
    subscribe: {
      sites: ['https://ann.example'],
      tags: ['verse', 'code'],
      keepOrigin: false,
      limits: null,
      ...subscribe,
    },
    server: { host: '127.0.0.1', port: 0, proxies, metrics: { kind: 'off' } },
  };
}

/** Draws the form as JSON, escaped as little as the message pages of these tests are. */
const workshop = {
  template: async (name: string, data: object) => await Promise.resolve(`${name} ${JSON.stringify(data)}`),
};

/** For a server that nobody signs up at. */
export const NO_SIGN_UPS = {
  texts: TEXTS,
  sites: [],
  proxies: [],
  renderForm: refuseToAnswer,
  ask: refuseToAnswer,
  secondsUntil: () => 1,
  lookAtConfirmation: refuseToAnswer,
  makePreferencesToken: refuseToAnswer,
  confirm: refuseToAnswer,
  renew: refuseToAnswer,
  lookAtLeaving: refuseToAnswer,
  comeBack: refuseToAnswer,
  renderPreferences: refuseToAnswer,
  askForOwnData: refuseToAnswer,
  lookAtOwnData: refuseToAnswer,
  renderOwnData: refuseToAnswer,
  renderErase: refuseToAnswer,
  choose: refuseToAnswer,
  askToMove: refuseToAnswer,
  askBack: refuseToAnswer,
  describe: refuseToAnswer,
  eraseByToken: refuseToAnswer,
  lookAtMove: refuseToAnswer,
  agreeToMove: refuseToAnswer,
} satisfies Partial<WebMeans>;

async function refuseToAnswer(): Promise<never> {
  return await Promise.reject(new Error('nobody signs up here'));
}

export type ExampleWeb = {
  readonly app: ReturnType<typeof createWebApp>;
  readonly publicFolder: string;
  readonly feeds: FeedDesk;
  /** The folder that `public/` lies in. */
  readonly root: string;
  readonly store: Store;
  /** What the clock says. */
  readonly now: { value: Temporal.Instant };
  /** Token of the one active subscriber, `reader@example.org`, whose id is `subscriber`. */
  readonly token: string;
  readonly subscriber: number;
  /** What was counted of feeds. */
  readonly readings: FeedReading[];
  /** Errors the app told of. */
  readonly reported: unknown[];
  write(path: string, content: string | Uint8Array): Promise<void>;
  close(): Promise<void>;
};

/** The page template of these tests shows its data as JSON, escaped; `means` replaces parts. */
export async function openExampleWeb(
  means: Partial<WebMeans> = {},
  settings: Partial<SignUpSettings['subscribe']> & { readonly proxies?: readonly string[] } = {},
): Promise<ExampleWeb> {
  const now = { value: NOW };
  const { proxies = [], ...subscribe } = settings;
  const signUpSettings = composeSettings(subscribe, proxies);
  const root = await mkdtemp(join(tmpdir(), 'renga-http-'));
  const publicFolder = join(root, 'public');
  await mkdir(publicFolder);
  const store = await openStore({ location: join(root, 'renga.sqlite'), now: NOW });
  const reader = { address: addressOf('reader@example.org'), name: '', series: null, source: 'test' };
  const [added] = await store.subscribers.add([{ ...reader, state: 'active' }], NOW);
  const [key] = await store.linkKeys();
  const subscriber = added!.subscriber.id;
  const clock = () => now.value;
  const renga = { store, clock, texts: TEXTS, publication: PUBLICATION, series: SERIES, workshop };
  const reported: unknown[] = [];
  const readings: FeedReading[] = [];
  const feeds = openExampleDesk(publicFolder, PUBLICATION, (reading) => void readings.push(reading));
  const app = createWebApp({
    publicFolder,
    feeds,
    inboxFolder: null,
    metrics: null,
    ...openSignUp(renga, signUpSettings),
    ...openPreferences({ ...renga, cache: openMemory() }, signUpSettings.subscribe),
    findByToken: async (token) => await findByToken(renga, token),
    unsubscribeByToken: async (token, reason) => await unsubscribeByToken(renga, token, reason),
    findPage: async (slug) => await store.posts.findPage(slug),
    renderPage: async (page) => `<!doctype html><title>${page.title}</title>${JSON.stringify(page)}`,
    report: (error) => void reported.push(error),
    ...means,
  });
  return {
    app,
    publicFolder,
    feeds,
    root,
    store,
    now,
    token: renderLinkToken(subscriber, key!),
    subscriber,
    readings,
    reported,
    write: async (path, content) => {
      const file = join(publicFolder, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
    },
    close: async () => {
      await store.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** Another token of the same form, which nobody signed. */
export function forgeToken(token: string): string {
  return token.slice(0, -1) + (token.endsWith('_') ? '-' : '_');
}
