/**
 * The map of the site: one file, or, where there is much, an index and a file for each year, so that a new post costs its own year's. They lie beside the front page, for a sitemap
 * may name only what lies below it (sitemaps.org, "Sitemap file location").
 */
import type { Output } from '../../domain/output.ts';
import { archiveYears } from './archive-outputs.ts';
import { tagFolder } from './feed-list.ts';
import { hashOf, type PageContext } from './page-context.ts';
import type { PageEntry } from './page-entry.ts';
import { markList, splitByYear } from './render-list.ts';
import { renderSitemap, renderSitemapIndex } from './render-sitemap.ts';

/** Above this it is split, though all that is allowed would still fit one file. */
const MANY = 5000;
/** sitemaps.org: no file names more. It may be as large as 50 MB, which these are far from. */
const MOST = 50_000;

type Part = {
  readonly path: string;
  readonly pages: readonly string[];
  readonly entries: readonly PageEntry[];
};

export function sitemapOutputs(context: PageContext): readonly Output[] {
  const { site, input } = context;
  const { entries, tags } = input;
  const tagPages = tags.map(({ slug }) => new URL(tagFolder(slug), site.url).href);
  const pages = [site.url, site.archive, ...archiveYears(context), site.feeds, site.tags, ...tagPages];
  if (pages.length + entries.length <= MANY)
    return [partOutput(context, { path: 'sitemap.xml', pages, entries })];
  const parts = [...splitPages(pages), ...splitByYear(entries).flatMap(splitYear)];
  return [...parts.map((part) => partOutput(context, part)), indexOutput(context, parts)];
}

function splitPages(pages: readonly string[]): readonly Part[] {
  return splitList(pages).map((some, index) => ({
    path: nameFile('pages', index),
    pages: some,
    entries: [],
  }));
}

/** From the oldest on, so that a new post is in the last of its year. */
function splitYear({
  year,
  entries,
}: {
  readonly year: string;
  readonly entries: readonly PageEntry[];
}): readonly Part[] {
  const isWhole = entries.length <= MOST;
  const pieces = isWhole ? [entries] : splitList(entries.toReversed()).map((piece) => piece.toReversed());
  return pieces.map((piece, index) => ({ path: nameFile(year, index), pages: [], entries: piece }));
}

function nameFile(name: string, index: number): string {
  return index === 0 ? `sitemap-${name}.xml` : `sitemap-${name}-${index + 1}.xml`;
}

function splitList<Item>(list: readonly Item[]): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(list.length / MOST) }, (_, index) =>
    list.slice(index * MOST, (index + 1) * MOST),
  );
}

function partOutput({ seed }: PageContext, { path, pages, entries }: Part): Output {
  return {
    path,
    fingerprint: hashOf([seed, 'sitemap', pages, markList(entries)]),
    render: async () => await Promise.resolve(renderSitemap(pages, entries)),
  };
}

function indexOutput({ seed, site }: PageContext, parts: readonly Part[]): Output {
  const urls = parts.map(({ path }) => new URL(path, site.url).href);
  return {
    path: 'sitemap.xml',
    fingerprint: hashOf([seed, 'sitemap-index', urls]),
    render: async () => await Promise.resolve(renderSitemapIndex(urls)),
  };
}
