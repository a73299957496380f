/**
 * The page of all posts, by year. Where there are thousands it lists the years, each with a page of its own: nobody loads a page of many megabytes to find one
 * post, and a new post costs its own year.
 */
import type { Output } from '../../domain/output.ts';
import { hashOf, type PageContext } from './page-context.ts';
import { composeHeadData } from './page-data.ts';
import { markList, namesIn, renderParts, splitByYear, wantsPosts, type Year } from './render-list.ts';

/** With more posts than this each year has a page. */
const MANY = 5000;
const TEMPLATE = 'page-archive.liquid';

export function archiveOutputs(context: PageContext): readonly Output[] {
  return isSplit(context) ? [yearsOutput(context), ...yearOutputs(context)] : [wholeOutput(context)];
}

/** The pages of years, absolute; none where one page has them all. */
export function archiveYears(context: PageContext): readonly string[] {
  if (!isSplit(context)) return [];
  return splitByYear(context.input.entries).map(({ year }) => urlOf(context, year));
}

/** A template of somebody's own that knows of no such pages has all posts, as ever. */
function isSplit({ input }: PageContext): boolean {
  return input.entries.length > MANY && namesIn(input.templates, TEMPLATE).has('yearUrl');
}

const folderOf = (year: string): string => `archive/${year}/`;

function urlOf({ site }: PageContext, year: string): string {
  return new URL(folderOf(year), site.url).href;
}

function wholeOutput(context: PageContext): Output {
  const { entries, workshop, templates } = context.input;
  return {
    path: 'archive/index.html',
    fingerprint: hashOf([context.seed, 'archive', markList(entries)]),
    render: async () => {
      const isWhole = wantsPosts(templates, TEMPLATE);
      const years = splitByYear(entries).map(async ({ year, entries: posts, parts }) => {
        const list = await renderParts(context, 'archive', parts);
        const count = posts.length;
        return isWhole
          ? { year, list, yearUrl: null, count, posts: posts.map(context.dataOf) }
          : { year, list, yearUrl: null, count };
      });
      return await workshop.template(TEMPLATE, { ...headOf(context), years: await Promise.all(years) });
    },
  };
}

function yearsOutput(context: PageContext): Output {
  const years = splitByYear(context.input.entries).map(({ year, entries }) => ({
    year,
    list: '',
    yearUrl: urlOf(context, year),
    count: entries.length,
  }));
  return {
    path: 'archive/index.html',
    fingerprint: hashOf([context.seed, 'archive-years', years]),
    render: async () => await context.input.workshop.template(TEMPLATE, { ...headOf(context), years }),
  };
}

function headOf({ site }: PageContext): object {
  return { site, page: composeHeadData(site, `All posts – ${site.title}`, 'archive/') };
}

function yearOutputs(context: PageContext): readonly Output[] {
  const years = splitByYear(context.input.entries);
  return years.map((year, index) => yearOutput(context, year, years[index + 1], years[index - 1]));
}

function yearOutput(
  context: PageContext,
  { year, entries, parts }: Year,
  older: Year | undefined,
  newer: Year | undefined,
): Output {
  const { seed, site, input } = context;
  const linkOf = (other: Year | undefined): object | null =>
    other ? { year: other.year, url: urlOf(context, other.year) } : null;
  return {
    path: `${folderOf(year)}index.html`,
    fingerprint: hashOf([seed, 'archive-year', markList(entries), older?.year, newer?.year]),
    render: async () => {
      const list = await renderParts(context, 'archive', parts);
      const page = composeHeadData(site, `${year} – ${site.title}`, folderOf(year));
      const links = { older: linkOf(older), newer: linkOf(newer) };
      return await input.workshop.template('page-year.liquid', { site, page, year, list, ...links });
    },
  };
}
