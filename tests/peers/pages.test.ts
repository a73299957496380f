/** The pages in a real browser: no accessibility violation by axe, and nothing wider than a phone. Needs Chromium, named by CHROMIUM or at /usr/bin/chromium. */
import { groupTags } from '../../src/app/entries/group-tags.ts';
import { composeTagSlug } from '../../src/posts/compose-tag-slug.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveWeb } from '../../src/http/serve-web.ts';
import { openExampleDesk } from '../http/example-web.ts';
import { NO_SIGN_UPS } from '../http/example-web.ts';
import { createWebApp } from '../../src/http/web-app.ts';
import { writeOutputs } from '../../src/app/site/write-outputs.ts';
import { pageOutputs } from '../../src/render/pages/page-outputs.ts';
import { openWorkshop, type Workshop } from '../../src/render/workshop.ts';
import { openCache } from '../../src/store/open-cache.ts';
import { readShippedTemplates } from '../render/digest/read-shipped-templates.ts';
import { PUBLICATION, SAMPLES } from '../render/feeds/sample-entries.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const PAGES = ['', 'archive/', 'feeds/', 'swap/', 'nowhere/'];

let browser: Browser;
let workshop: Workshop;
let folder: string;
let web: Awaited<ReturnType<typeof serveWeb>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'renga-pages-'));
  const templates = readShippedTemplates();
  workshop = openWorkshop({ templates, threads: 1, timeLimitMilliseconds: 5000 });
  const publication = { ...PUBLICATION, url: 'http://127.0.0.1/', serverUrl: 'http://127.0.0.1/' };
  const entries = SAMPLES.map(({ post, url, summary, imageUrl, media, body }) => ({
    post,
    url,
    summary,
    imageUrl,
    media,
    fingerprint: post.slug,
    loadHtml: async () => await Promise.resolve(body.html),
  }));
  const outputs = pageOutputs({
    publication,
    entries,
    tags: groupTags(entries),
    tagSlug: composeTagSlug,
    templates,
    workshop,
    version: '1.0.0',
  });
  const cache = openCache(join(folder, 'cache.db'));
  await writeOutputs({ folder: join(folder, 'public'), cache, dryRun: false }, [outputs]);
  cache.close();
  const app = createWebApp({
    ...NO_SIGN_UPS,
    publication,
    publicFolder: join(folder, 'public'),
    feeds: openExampleDesk(join(folder, 'public')),
    metrics: null,
    findPage: async () => await Promise.resolve(null),
    inboxFolder: null,
    findByToken: async () => await Promise.resolve(null),
    unsubscribeByToken: async () => await Promise.resolve('unknown'),
    renderPage: async () => await Promise.resolve(''),
    report: (error) => {
      throw error;
    },
  });
  web = await serveWeb(app, { host: '127.0.0.1', port: 0 });
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  });
});

afterAll(async () => {
  await browser.close();
  await web.close();
  await workshop.close();
  await rm(folder, { recursive: true, force: true });
});

describe.each(['light', 'dark'] as const)('in %s colours', (colorScheme) => {
  it.each(PAGES)('the page /%s is accessible, styled, and as wide as a phone', async (path) => {
    const context = await browser.newContext({
      viewport: { width: 375, height: 800 },
      colorScheme,
      bypassCSP: true,
    });
    const page = await context.newPage();
    await page.goto(web.url + path);
    await page.addScriptTag({ path: AXE });
    const violations: unknown = await page.evaluate(
      'axe.run().then(({ violations }) => violations.map(({ id }) => id))',
    );
    expect(violations).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(375);
    expect(await page.evaluate('getComputedStyle(document.body).maxWidth')).not.toBe('none');
    await context.close();
  });
});
