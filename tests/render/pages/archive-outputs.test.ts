/** The page of all posts: one for a few thousand, and above that one that leads to a page for each year. */
import { afterAll, expect, it } from 'vitest';
import { composeTagSlug } from '../../../src/posts/compose-tag-slug.ts';
import { type PageEntry, pageOutputs } from '../../../src/render/pages/page-outputs.ts';
import type { Templates } from '../../../src/render/templates.ts';
import { openWorkshop } from '../../../src/render/workshop.ts';
import { readShippedTemplates } from '../digest/read-shipped-templates.ts';
import { PUBLICATION, sampleEntry } from '../feeds/sample-entries.ts';

const shipped = readShippedTemplates();
const plain = readShippedTemplates({
  'page-archive.liquid': '{% for one in years %}{{ one.year }}{{ one.list | raw }}{% endfor %}',
});
const workshop = openWorkshop({ templates: shipped, threads: 1, timeLimitMilliseconds: 20_000 });
const plainWorkshop = openWorkshop({ templates: plain, threads: 1, timeLimitMilliseconds: 20_000 });
afterAll(async () => void (await Promise.all([workshop.close(), plainWorkshop.close()])));

const SAMPLES = [2026, 2025, 2023].map((year) =>
  sampleEntry({ slug: `of-${year}`, title: `Of ${year}`, at: `${year}-05-01T09:00` }),
);
const BASE = 'https://example.org/blog';

/** Newest first, of three years. */
function entriesOf(count: number): readonly PageEntry[] {
  return Array.from({ length: count }, (_, index) => {
    const sample = SAMPLES[Math.floor((index * SAMPLES.length) / count)] ?? SAMPLES[0];
    if (!sample) throw new Error('no sample');
    const { post, summary, imageUrl, media } = sample;
    const loadHtml = async (): Promise<string> => await Promise.resolve('');
    const id = `p${index}`;
    return { post, url: `${BASE}/${id}/`, summary, imageUrl, media, fingerprint: id, loadHtml };
  });
}

async function archiveOf(
  entries: readonly PageEntry[],
  templates: Templates = shipped,
): Promise<ReadonlyMap<string, string>> {
  const outputs = pageOutputs({
    publication: PUBLICATION,
    entries,
    tags: [],
    tagSlug: composeTagSlug,
    templates,
    workshop: templates === shipped ? workshop : plainWorkshop,
    version: '1.0.0',
  });
  const asked = outputs.filter(({ path }) => path.startsWith('archive/') || path === 'sitemap-pages.xml');
  return new Map(
    await Promise.all(asked.map(async (one) => [one.path, String(await one.render())] as const)),
  );
}

const postsIn = (page = ''): number => page.match(/<time datetime/g)?.length ?? 0;

it('is one page while there are not many thousands', async () => {
  const pages = await archiveOf(entriesOf(4990));
  expect([...pages.keys()]).toEqual(['archive/index.html']);
  expect(postsIn(pages.get('archive/index.html'))).toBe(4990);
});

it('leads to a page for each year where there are more, and these to each other', {
  timeout: 60_000,
}, async () => {
  const pages = await archiveOf(entriesOf(6000));
  const years = ['2026', '2025', '2023'];
  expect([...pages.keys()].filter((path) => path.startsWith('archive/'))).toEqual([
    'archive/index.html',
    ...years.map((year) => `archive/${year}/index.html`),
  ]);
  const front = pages.get('archive/index.html');
  expect(postsIn(front)).toBe(0);
  for (const year of years) {
    expect(front).toContain(`<a href="${BASE}/archive/${year}/">${year}</a> <span class="label">2000</span>`);
    expect(pages.get('sitemap-pages.xml')).toContain(`<loc>${BASE}/archive/${year}/</loc>`);
    expect(postsIn(pages.get(`archive/${year}/index.html`))).toBe(2000);
  }
  const middle = pages.get('archive/2025/index.html');
  expect(middle).toContain(`<span class="label">Older</span> <a href="${BASE}/archive/2023/">2023</a>`);
  expect(middle).toContain(`<span class="label">Newer</span> <a href="${BASE}/archive/2026/">2026</a>`);
  expect(pages.get('archive/2026/index.html')).not.toContain('>Newer<');
});

it('has all posts by a template that knows of no pages for years', { timeout: 60_000 }, async () => {
  const pages = await archiveOf(entriesOf(6000), plain);
  expect([...pages.keys()].filter((path) => path.startsWith('archive/'))).toEqual(['archive/index.html']);
  expect(postsIn(pages.get('archive/index.html'))).toBe(6000);
});
