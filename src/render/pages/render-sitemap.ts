/** For search engines: sitemap.xml (sitemaps.org 0.9) and robots.txt (RFC 9309). */
import type { SiteData } from './page-data.ts';
import type { PageEntry } from './page-entry.ts';

const NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"';

/** `pages`: absolute addresses of pages that are no post's. */
export function renderSitemap(pages: readonly string[], entries: readonly PageEntry[]): string {
  const lines = pages.map((url) => `<url><loc>${escapeXml(url)}</loc></url>`);
  return renderList('urlset', [...lines, ...entries.map(renderLine)]);
}

/** For a site that is too large for one. `parts`: absolute addresses of the others. */
export function renderSitemapIndex(parts: readonly string[]): string {
  return renderList(
    'sitemapindex',
    parts.map((url) => `<sitemap><loc>${escapeXml(url)}</loc></sitemap>`),
  );
}

function renderList(element: string, lines: readonly string[]): string {
  const head = ['<?xml version="1.0" encoding="utf-8"?>', `<${element} ${NAMESPACE}>`];
  return `${[...head, ...lines, `</${element}>`].join('\n')}\n`;
}

function renderLine({ url, post }: PageEntry): string {
  const changed = post.updatedAt.toInstant().toString({ smallestUnit: 'second' });
  return `<url><loc>${escapeXml(url)}</loc><lastmod>${changed}</lastmod></url>`;
}

function escapeXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
}

export function renderRobots(site: SiteData): string {
  return `User-agent: *\nAllow: /\nSitemap: ${site.url}sitemap.xml\n`;
}
