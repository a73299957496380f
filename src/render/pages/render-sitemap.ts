/** For search engines: sitemap.xml (sitemaps.org 0.9) and robots.txt (RFC 9309). */
import type { SiteData } from './page-data.ts';
import type { PageEntry } from './page-entry.ts';

/** `tags`: absolute addresses of their pages. */
export function renderSitemap(
  site: SiteData,
  entries: readonly PageEntry[],
  tags: readonly string[],
): string {
  const pages = [site.url, site.archive, site.feeds, site.tags, ...tags].map(
    (url) => `<url><loc>${escapeXml(url)}</loc></url>`,
  );
  const posts = entries.map(({ url, post }) => {
    const changed = post.updatedAt.toInstant().toString({ smallestUnit: 'second' });
    return `<url><loc>${escapeXml(url)}</loc><lastmod>${changed}</lastmod></url>`;
  });
  const lines = [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
  ];
  return `${[...lines, ...pages, ...posts, '</urlset>'].join('\n')}\n`;
}

function escapeXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
}

export function renderRobots(site: SiteData): string {
  return `User-agent: *\nAllow: /\nSitemap: ${site.url}sitemap.xml\n`;
}
