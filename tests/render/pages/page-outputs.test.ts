/** The pages: valid HTML, a golden post, hostile texts harmless, and fingerprints that move only with what a page shows. */
import { HtmlValidate } from 'html-validate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PageEntry, pageOutputs } from '../../../src/render/pages/page-outputs.ts';
import { renderMessagePage } from '../../../src/render/pages/render-message-page.ts';
import type { Templates } from '../../../src/render/templates.ts';
import { openWorkshop, type Workshop } from '../../../src/render/workshop.ts';
import { readShippedTemplates } from '../digest/read-shipped-templates.ts';
import { PUBLICATION, SAMPLES } from '../feeds/sample-entries.ts';

let templates: Templates;
let workshop: Workshop;

beforeAll(async () => {
  templates = readShippedTemplates();
  workshop = openWorkshop({ templates, threads: 1, timeLimitMilliseconds: 5000 });
});
afterAll(async () => await workshop.close());

const ENTRIES: readonly PageEntry[] = SAMPLES.map(({ post, url, summary, imageUrl, body }) => ({
  post,
  url,
  summary,
  imageUrl,
  excerpt: body.excerpt,
  fingerprint: post.contentHash + post.slug,
  loadHtml: async () => await Promise.resolve(body.html),
}));

function entryAt(index: number): PageEntry {
  const entry = ENTRIES[index];
  if (!entry) throw new Error('the sample is gone');
  return entry;
}

const describePages = (entries: readonly PageEntry[]) =>
  pageOutputs({ publication: PUBLICATION, entries, templates, workshop, version: '1.0.0' });

const renderPage = async (path: string): Promise<string> =>
  String(
    await describePages(ENTRIES)
      .find((output) => output.path === path)
      ?.render(),
  );

describe('pageOutputs', () => {
  it.each(['index.html', 'archive/index.html', 'feeds/index.html', '404.html', 'swap/index.html'])(
    'makes %s valid HTML without script or inline style',
    async (path) => {
      const html = await renderPage(path);
      const report = await new HtmlValidate({
        extends: ['html-validate:standard'],
        rules: { 'long-title': 'off', 'no-trailing-whitespace': 'off', 'no-inline-style': 'error' },
      }).validateString(html);
      expect(
        report.results.flatMap(({ messages }) => messages.map(({ message, line }) => `${line}: ${message}`)),
      ).toEqual([]);
      expect(html).not.toMatch(/<script|<style|javascript:/);
    },
  );

  it('renders a post as it was reviewed', async () => {
    await expect(await renderPage('swap/index.html')).toMatchFileSnapshot('golden/post.html');
  });

  it('lets no title become markup', async () => {
    expect(await renderPage('swap/index.html')).toContain('AT&amp;T &lt;b&gt;is not bold&lt;/b&gt;');
  });

  it('opens the front page with the newest haiku', async () => {
    expect(await renderPage('index.html')).toContain('夏の夜や<br>サーバの唸り<br>子守唄');
  });

  it('leads from every page to the three feeds, under the path of the publication', async () => {
    for (const path of ['index.html', 'swap/index.html', '404.html']) {
      const html = await renderPage(path);
      for (const feed of ['rss.xml', 'atom.xml', 'feed.json'])
        expect(html).toContain(`href="https://example.org/blog/${feed}"`);
    }
  });

  it('moves the fingerprints of those pages only that show what changed', () => {
    const before = new Map(describePages(ENTRIES).map(({ path, fingerprint }) => [path, fingerprint]));
    const plain = ENTRIES.findIndex((entry) => entry.post.slug === 'plain');
    const edited = ENTRIES.with(plain, { ...entryAt(plain), fingerprint: 'edited' });
    const moved = describePages(edited).filter(({ path, fingerprint }) => before.get(path) !== fingerprint);
    expect(moved.map(({ path }) => path).toSorted()).toEqual([
      'archive/index.html',
      'index.html',
      'plain/index.html',
      'sitemap.xml',
    ]);
  });

  it('has pages without any post', async () => {
    const front = describePages([]).find(({ path }) => path === 'index.html');
    expect(String(await front?.render())).toContain('There is no post yet');
  });
});

describe('renderMessagePage', () => {
  it('escapes what it is told and offers its one button', async () => {
    const html = await renderMessagePage(
      { publication: PUBLICATION, workshop },
      {
        title: 'Leave <us>?',
        verse: [],
        paragraphs: ['a & b'],
        form: { action: '/unsubscribe/x', label: 'Unsubscribe' },
      },
    );
    expect(html).toContain('<h1>Leave &lt;us&gt;?</h1>');
    expect(html).toContain(
      '<form method="post" action="/unsubscribe/x"><button type="submit">Unsubscribe</button></form>',
    );
    expect(html).toContain('noindex');
  });
});
