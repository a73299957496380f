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
  const posts = entries.map(recallLine);
  const head = [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
  ];
  return `${[...head, ...pages, ...posts, '</urlset>'].join('\n')}\n`;
}

/** Of entries as long as they last: in a program that runs on, nearly all are the same each time. */
const lines = new WeakMap<PageEntry, string>();

function recallLine(entry: PageEntry): string {
  const line = lines.get(entry) ?? renderLine(entry);
  lines.set(entry, line);
  return line;
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
