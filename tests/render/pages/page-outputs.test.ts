/** The pages: valid HTML, a golden post, hostile texts harmless, and fingerprints that move only with what a page shows. */
import { groupTags } from '../../../src/app/entries/group-tags.ts';
import { composeTagSlug } from '../../../src/posts/compose-tag-slug.ts';
import { HtmlValidate } from 'html-validate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PageEntry, pageOutputs, type PagesInput } from '../../../src/render/pages/page-outputs.ts';
import { renderMessagePage } from '../../../src/render/pages/render-message-page.ts';
import type { Templates } from '../../../src/render/templates.ts';
import { openWorkshop, type Workshop } from '../../../src/render/workshop.ts';
import { readShippedTemplates } from '../digest/read-shipped-templates.ts';
import { PUBLICATION, sampleEntry, SAMPLES } from '../feeds/sample-entries.ts';

let templates: Templates;
let workshop: Workshop;

beforeAll(async () => {
  templates = readShippedTemplates();
  workshop = openWorkshop({ templates, threads: 1, timeLimitMilliseconds: 5000 });
});
afterAll(async () => await workshop.close());

const ENTRIES: readonly PageEntry[] = SAMPLES.map(({ post, url, summary, imageUrl, media, body }) => ({
  post,
  url,
  summary,
  imageUrl,
  media,
  fingerprint: post.contentHash + post.slug,
  loadHtml: async () => await Promise.resolve(body.html),
}));

function entryAt(index: number): PageEntry {
  const entry = ENTRIES[index];
  if (!entry) throw new Error('the sample is gone');
  return entry;
}

const describePages = (entries: readonly PageEntry[], changes: Partial<PagesInput> = {}) =>
  pageOutputs({
    publication: PUBLICATION,
    entries,
    tags: groupTags(entries),
    tagSlug: composeTagSlug,
    templates,
    workshop,
    version: '1.0.0',
    ...changes,
  });

const renderPage = async (
  path: string,
  entries: readonly PageEntry[] = ENTRIES,
  changes: Partial<PagesInput> = {},
): Promise<string> =>
  String(
    await describePages(entries, changes)
      .find((output) => output.path === path)
      ?.render(),
  );

/** Paths of the pages whose fingerprints differ from those of the samples. */
function movedBy(entries: readonly PageEntry[], changes: Partial<PagesInput> = {}): readonly string[] {
  const before = new Map(describePages(ENTRIES).map(({ path, fingerprint }) => [path, fingerprint]));
  const moved = describePages(entries, changes).filter(
    ({ path, fingerprint }) => before.get(path) !== fingerprint,
  );
  return moved.map(({ path }) => path).toSorted();
}

const PLAIN = SAMPLES.findIndex(({ post }) => post.slug === 'plain');

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
      expect(html.replace('<script src="/blog/feeds.js" defer></script>', '')).not.toMatch(
        /<script|<style|javascript:/,
      );
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

  it('says a haiku that is the title once, as the heading', async () => {
    const verse = 'rain on the window<br>the server hums in the dark<br>nobody listens';
    const haiku = ['rain on the window', 'the server hums in the dark', 'nobody listens'] as const;
    const entry = entryAt(PLAIN);
    const untitled = { ...entry, post: { ...entry.post, haiku, title: haiku.join(' / ') } };
    const bodyOf = async (path: string, entries: readonly PageEntry[]): Promise<string> =>
      (await renderPage(path, entries)).replace(/^.*<body>/s, '');
    expect(await bodyOf('plain/index.html', [untitled])).toContain(`<h1 class="haiku">${verse}</h1>`);
    const opening = `<h2 class="haiku" dir="auto"><a href="${entry.url}">${verse}</a></h2>`;
    expect(await bodyOf('index.html', [untitled])).toContain(opening);
    const later = ENTRIES.with(PLAIN, untitled);
    expect(await bodyOf('index.html', later)).toContain(opening.replace('"haiku"', '"haiku small"'));
    for (const [path, entries] of [
      ['plain/index.html', [untitled]],
      ['index.html', [untitled]],
      ['index.html', later],
    ] as const)
      expect(await bodyOf(path, entries)).not.toContain(haiku.join(' / '));
  });

  it('leads from every page to the three feeds, under the path of the publication', async () => {
    for (const path of ['index.html', 'swap/index.html', '404.html']) {
      const html = await renderPage(path);
      for (const feed of ['rss.xml', 'atom.xml', 'feed.json'])
        expect(html).toContain(`href="https://example.org/blog/${feed}"`);
    }
  });

  it('moves the fingerprints of those pages only that show what changed', () => {
    const edited = ENTRIES.with(PLAIN, { ...entryAt(PLAIN), fingerprint: 'edited' });
    expect(movedBy(edited)).toEqual(['archive/index.html', 'index.html', 'plain/index.html', 'sitemap.xml']);
  });

  it('moves the fingerprint of a page with all that it shows: address, summary, picture and neighbours', () => {
    const plain = entryAt(PLAIN);
    const changed = (changes: Partial<PageEntry>): readonly string[] =>
      movedBy(ENTRIES.with(PLAIN, { ...plain, ...changes }));
    expect(changed({ url: 'https://example.org/else/' })).toContain('plain/index.html');
    expect(changed({ summary: 'another' })).toEqual(['index.html', 'plain/index.html']);
    expect(changed({ imageUrl: 'https://example.org/p.png' })).toEqual(['plain/index.html']);
    expect(changed({ post: { ...plain.post, title: 'Retitled' } })).toEqual(['swap/index.html']);
    expect(movedBy(ENTRIES.toSpliced(PLAIN, 1))).toContain('swap/index.html');
  });

  it('moves all fingerprints with the publication, the templates and the version', () => {
    const all = describePages(ENTRIES).length;
    const copies = ['feeds.js', 'icon.svg', 'style.css'];
    const pages = all - copies.length;
    expect(movedBy(ENTRIES, { publication: { ...PUBLICATION, title: 'Else' } })).toHaveLength(pages);
    expect(movedBy(ENTRIES, { version: '1.0.1' })).toHaveLength(pages);
    const layout = readShippedTemplates({ 'page-layout.liquid': 'x' });
    expect(movedBy(ENTRIES, { templates: layout })).toHaveLength(pages);
    expect(movedBy(ENTRIES, { templates: readShippedTemplates({ 'style.css': 'x' }) })).toEqual([
      'style.css',
    ]);
    expect(describePages(ENTRIES).map(({ path }) => path)).toEqual(expect.arrayContaining(copies));
  });

  it('shows the ten newest posts on the front page, and all by year on another', async () => {
    const many = Array.from({ length: 12 }, (_, index): PageEntry => {
      const at = `${2026 - index}-03-01T00:30`;
      const { post, url } = sampleEntry({ slug: `p${index}`, title: `Post ${index}`, at });
      return { ...entryAt(0), post, url };
    });
    const front = await renderPage('index.html', many);
    expect(front).toContain('Post 9<');
    expect(front).not.toContain('Post 10<');
    const archive = await renderPage('archive/index.html', many);
    expect(archive.match(/<h2>\d{4}<\/h2>/g)).toHaveLength(12);
    expect(archive.indexOf('<h2>2015</h2>')).toBeGreaterThan(archive.indexOf('Post 10<'));
    // Half past midnight in Berlin is another day in UTC.
    expect(archive).toContain('March 1, 2026');
  });

  it('tells machines what a page is: canonical, picture, author, description, language', async () => {
    const entry = entryAt(PLAIN);
    const post = { ...entry.post, canonical: 'https://first.example/x', author: 'Bo' };
    const shown = { ...entry, imageUrl: 'https://example.org/p.png', summary: 'In short.', post };
    const html = await renderPage('plain/index.html', [shown], {
      publication: { ...PUBLICATION, language: 'de' },
    });
    for (const part of [
      '<html lang="de">',
      '<link rel="canonical" href="https://first.example/x">',
      '<meta property="og:url" content="https://example.org/blog/plain/">',
      '<meta property="og:image" content="https://example.org/p.png">',
      '<meta name="description" content="In short.">',
      '· Bo</p>',
    ])
      expect(html).toContain(part);
    expect(await renderPage('natsu/index.html')).toContain('content="夏の夜や / サーバの唸り / 子守唄"');
    const nameless = { ...shown, summary: '' };
    const bare = { publication: { ...PUBLICATION, description: '' } };
    for (const path of ['plain/index.html', 'index.html'])
      expect(await renderPage(path, [nameless], bare)).toContain(
        '<meta name="description" content="Bits &amp; &lt;Bobs&gt;">',
      );
  });

  it('cleans what it shows of characters that HTML forbids', async () => {
    const entry = entryAt(PLAIN);
    const post = { ...entry.post, title: 'a\u0000\u000b  b', haiku: ['c\u0001', 'd', 'e'] as const };
    const html = await renderPage('plain/index.html', [{ ...entry, post }]);
    expect(html).toContain('a b</h1>');
    expect(html).toContain('c<br>d<br>e');
  });

  it('keeps the page for what is not there out of search engines, and leads them to the others', async () => {
    expect(await renderPage('404.html')).toContain('content="noindex"');
    for (const path of ['index.html', 'feeds/index.html', 'plain/index.html'])
      expect(await renderPage(path)).not.toContain('noindex');
    const odd = { ...entryAt(PLAIN), url: 'https://example.org/?a=1&b=<2>' };
    const sitemap = await renderPage('sitemap.xml', [odd]);
    expect(sitemap).toContain('<loc>https://example.org/?a=1&amp;b=&lt;2></loc>');
    expect(sitemap).toContain('<lastmod>2026-01-01T09:00:00Z</lastmod>');
    for (const path of ['', 'archive/', 'feeds/', 'tags/'])
      expect(sitemap).toContain(`<loc>https://example.org/blog/${path}</loc>`);
    expect(await renderPage('robots.txt')).toContain('Sitemap: https://example.org/blog/sitemap.xml');
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
