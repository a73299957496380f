/** The map for search engines has the page of each tag, and is made anew when a tag comes. */
import { describe, expect, it } from 'vitest';
import { composeTagSlug } from '../../../src/posts/compose-tag-slug.ts';
import { pageOutputs } from '../../../src/render/pages/page-outputs.ts';
import { openWorkshop } from '../../../src/render/workshop.ts';
import { PUBLICATION } from '../feeds/sample-entries.ts';

const workshop = openWorkshop({ templates: new Map(), threads: 1, timeLimitMilliseconds: 1000 });

const sitemapWith = (slugs: readonly string[]) =>
  pageOutputs({
    publication: PUBLICATION,
    entries: [],
    tags: slugs.map((slug) => ({ name: slug, slug, entries: [] })),
    tagSlug: composeTagSlug,
    templates: new Map(),
    workshop,
    version: '1.0.0',
  }).find(({ path }) => path === 'sitemap.xml');

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
});
