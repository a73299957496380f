/** A server with the shipped templates and a subscriber in each state, whose pages a browser opens. */
import type { Page } from 'playwright-core';
import { renderLinkToken } from '../../src/domain/link-token.ts';
import { serveWeb } from '../../src/http/serve-web.ts';
import { renderPurposeToken } from '../../src/domain/purpose-token.ts';
import { renderErasePage, renderOwnDataPage } from '../../src/render/pages/render-own-data-page.ts';
import { renderPreferencesPage } from '../../src/render/pages/render-preferences-page.ts';
import { renderMessagePage } from '../../src/render/pages/render-message-page.ts';
import { openWorkshop } from '../../src/render/workshop.ts';
import { addressOf, NOW, openExampleWeb, PUBLICATION, TEXTS } from '../http/example-web.ts';
import { readShippedTemplates } from '../render/digest/read-shipped-templates.ts';
import { SERIES } from '../render/digest/compose-entries.ts';

type Who = 'active' | 'unsubscribed' | 'suppressed';

export type PreferencesBrowser = {
  readonly urlOf: (who: Who) => string;
  /** Each with what is done on it before it is looked at. */
  readonly pages: readonly {
    readonly name: string;
    readonly url: string;
    readonly act: (page: Page) => Promise<void>;
  }[];
  readonly close: () => Promise<void>;
};

const OFFER = {
  series: [
    { ...SERIES, name: 'weekly' },
    { ...SERIES, name: 'daily', schedule: { kind: 'cron' as const, cron: '30 7 * * *' } },
    { ...SERIES, name: 'monthly', schedule: { kind: 'cron' as const, cron: '0 18 1 * *' } },
  ],
  tags: ['code', 'linux', 'mail servers', 'small joys', 'summer', 'verse'],
  now: NOW,
};

export async function openPreferencesBrowser(): Promise<PreferencesBrowser> {
  const templates = readShippedTemplates();
  const workshop = openWorkshop({ templates, threads: 1, timeLimitMilliseconds: 5000 });
  const publication = { ...PUBLICATION, title: 'Night Shift Notes', url: 'http://127.0.0.1/' };
  const means = { publication, texts: TEXTS, workshop };
  const example = await openExampleWeb({
    publication,
    renderPreferences: async (page) => await renderPreferencesPage(means, OFFER, page),
    renderOwnData: async (page) => await renderOwnDataPage(means, page),
    renderErase: async (page) => await renderErasePage(means, page),
    renderPage: async (page) => await renderMessagePage(means, page),
  });
  await example.write('style.css', templates.get('style.css')?.text ?? '');
  const server = await serveWeb(example.app, { host: '127.0.0.1', port: 0 });
  const tokens = await addEach(example);
  const urlOf = (who: Who): string => `${server.url}preferences/${tokens[who]}`;
  const [key] = await example.store.linkKeys();
  if (!key) throw new Error('a store has a key');
  const ownToken = renderPurposeToken('own-data', { subject: example.subscriber, at: NOW }, key);
  const ownData = `${server.url}own-data/${ownToken}`;
  const look = async (): Promise<void> => await Promise.resolve();
  return {
    urlOf,
    pages: [
      { name: 'active', url: urlOf('active'), act: look },
      { name: 'wrong', url: urlOf('active'), act: fillInBadly },
      {
        name: 'saved',
        url: urlOf('active'),
        act: async (page) => await page.locator('main button').first().click(),
      },
      { name: 'unsubscribed', url: urlOf('unsubscribed'), act: look },
      { name: 'suppressed', url: urlOf('suppressed'), act: look },
      {
        name: 'asked-for-data',
        url: urlOf('active'),
        act: async (page) => await page.locator('main button').last().click(),
      },
      { name: 'own-data', url: ownData, act: look },
      {
        name: 'erase',
        url: `${ownData}/erase`,
        act: async (page) => await page.locator('main button').click(),
      },
    ],
    close: async () => {
      await server.close();
      await example.close();
      await workshop.close();
    },
  };
}

async function fillInBadly(page: Page): Promise<void> {
  await page.locator('#pause').fill('2020-01-01');
  await page.locator('#name').fill('x'.repeat(101));
  await page.locator('main button').first().click();
}

async function addEach({
  store,
  token,
  subscriber,
}: Awaited<ReturnType<typeof openExampleWeb>>): Promise<Readonly<Record<Who, string>>> {
  const line = { source: 'test', words: '', origin: null };
  await store.subscribers.choose(subscriber, { series: ['weekly'], tags: ['verse'] }, line, NOW);
  const [key] = await store.linkKeys();
  if (!key) throw new Error('a store has a key');
  const add = async (name: string): Promise<number> => {
    const address = addressOf(`${name}@example.org`);
    const [added] = await store.subscribers.add(
      [{ address, name: '', series: null, source: 'test', state: 'active' }],
      NOW,
    );
    if (!added) throw new Error('a new address is added');
    return added.subscriber.id;
  };
  const gone = await add('gone');
  await store.subscribers.leave(gone, 'one-click', NOW);
  const bad = await add('bad');
  await store.subscribers.suppress(addressOf('bad@example.org'), 'complaint', NOW);
  return {
    active: token,
    unsubscribed: renderLinkToken(gone, key),
    suppressed: renderLinkToken(bad, key),
  };
}
