/** The map for search engines has the page of each tag, and is made anew when a tag comes. */
import { describe, expect, it } from 'vitest';
import { composeTagSlug } from '../../../src/posts/compose-tag-slug.ts';
import type { PageEntry } from '../../../src/render/pages/page-entry.ts';
import { pageOutputs } from '../../../src/render/pages/page-outputs.ts';
import { openWorkshop } from '../../../src/render/workshop.ts';
import { PUBLICATION, sampleEntry } from '../feeds/sample-entries.ts';

const workshop = openWorkshop({ templates: new Map(), threads: 1, timeLimitMilliseconds: 1000 });

const outputsOf = (slugs: readonly string[], entries: readonly PageEntry[] = []) =>
  pageOutputs({
    publication: PUBLICATION,
    entries,
    tags: slugs.map((slug) => ({ name: slug, slug, entries: [] })),
    tagSlug: composeTagSlug,
    templates: new Map(),
    workshop,
    version: '1.0.0',
  });

const sitemapWith = (slugs: readonly string[]) => outputsOf(slugs).find(({ path }) => path === 'sitemap.xml');

const entryAt = (slug: string, at: string): PageEntry => {
  const { post, url, summary, imageUrl, media } = sampleEntry({ slug, title: slug, at });
  return {
    post,
    url,
    summary,
    imageUrl,
    media,
    fingerprint: slug,
    loadHtml: async () => await Promise.resolve(''),
  };
};
/** Of two years: more than sitemaps.org lets one file name in the newer. */
const MANY: readonly PageEntry[] = [
  ...Array.from({ length: 50_001 }, (_, index) => ({
    ...entryAt('new', '2026-05-01T09:00'),
    url: `https://example.org/blog/new-${index}/`,
  })),
  entryAt('old', '2025-05-01T09:00'),
];

const mapsOf = async (entries: readonly PageEntry[]): Promise<ReadonlyMap<string, string>> => {
  const maps = outputsOf(['night'], entries).filter(({ path }) => path.startsWith('sitemap'));
  return new Map(await Promise.all(maps.map(async (map) => [map.path, String(await map.render())] as const)));
};
const placesIn = (xml = ''): readonly string[] =>
  Array.from(xml.matchAll(/<loc>([^<]*)<\/loc>/g), ([, place = '']) => place);

describe('sitemap.xml', () => {
  it('has the page of each tag', async () => {
    const text = String(await sitemapWith(['night', '俳句'])?.render());
    expect(text).toContain('<loc>https://example.org/blog/tags/night/</loc>');
    expect(text).toContain(`<loc>https://example.org/blog/tags/${encodeURI('俳句')}/</loc>`);
    expect(String(await sitemapWith([])?.render())).not.toContain('/tags/night/');
  });

  it('is made anew when a tag comes', () => {
    expect(sitemapWith(['night', 'day'])?.fingerprint).not.toBe(sitemapWith(['night'])?.fingerprint);
  });

  it('is an index of files that each are short enough where there is much, and all of them together name all', {
    timeout: 60_000,
  }, async () => {
    const maps = await mapsOf(MANY);
    expect([...maps.keys()]).toEqual([
      'sitemap-pages.xml',
      'sitemap-2026.xml',
      'sitemap-2026-2.xml',
      'sitemap-2025.xml',
      'sitemap.xml',
    ]);
    const parts = [...maps].filter(([path]) => path !== 'sitemap.xml');
    expect(placesIn(maps.get('sitemap.xml'))).toEqual(
      parts.map(([path]) => `https://example.org/blog/${path}`),
    );
    for (const [, xml] of parts) expect(placesIn(xml).length).toBeLessThanOrEqual(50_000);
    const named = parts.flatMap(([, xml]) => placesIn(xml));
    expect(new Set(named).size).toBe(named.length);
    expect(named).toEqual(
      expect.arrayContaining(['https://example.org/blog/', 'https://example.org/blog/tags/night/']),
    );
    expect(named.length).toBe(MANY.length + 5);
  });

  it('leaves the files of other years alone when a post comes', { timeout: 60_000 }, () => {
    const marks = (entries: readonly PageEntry[]) =>
      new Map(outputsOf([], entries).map(({ path, fingerprint }) => [path, fingerprint]));
    const [before, after] = [marks(MANY), marks([entryAt('newest', '2026-06-01T09:00'), ...MANY])];
    const changed = [...after].filter(
      ([path, mark]) => path.startsWith('sitemap') && before.get(path) !== mark,
    );
    expect(changed.map(([path]) => path)).toEqual(['sitemap-2026-2.xml']);
  });
});
