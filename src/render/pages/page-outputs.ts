/** All pages of a publication as outputs: described at once and cheaply, rendered only where something they show has changed. */
import type { Output } from '../../domain/output.ts';
import { compareEnds, type Succession, successionOf } from '../../domain/succession.ts';
import { archiveOutputs } from './archive-outputs.ts';
import { hashOf, openContext, type PageContext, type PagesInput } from './page-context.ts';
import { composeHeadData } from './page-data.ts';
import type { PageEntry } from './page-entry.ts';
import { renderRobots } from './render-sitemap.ts';
import { sitemapOutputs } from './sitemap-outputs.ts';
import { PostPage } from './post-page.ts';
import { tagOutputs } from './tag-outputs.ts';

export type { PageEntry } from './page-entry.ts';

export { PageMemory, type PagesInput } from './page-context.ts';

/** How many posts the front page shows after the newest. */
const RECENT = 9;

export function pageOutputs(input: PagesInput): readonly Output[] {
  return pageGroups(input).flat();
}

/** In groups: those of posts are by far the most, and nearly all the same each time. */
export function pageGroups(input: PagesInput): readonly (readonly Output[])[] {
  const context = openContext(input);
  return [postOutputs(context), [...copyOutputs(input), ...listOutputs(context)]];
}

/** The same list while it would be the same, and else one whose pages are the same but for those that show something else. */
function postOutputs(context: PageContext): readonly Output[] {
  const { input, seed } = context;
  const { entries, memory } = input;
  const last = memory?.pages;
  const recalled = openRecalled(context);
  const make = (from: number, to: number): readonly Output[] =>
    entries.slice(from, to).map((_, index) => recallPostOutput(context, from + index, recalled));
  const remake = ({ head, tail }: Pick<Succession<PageEntry>, 'head' | 'tail'>, pages: readonly Output[]) => {
    // The neighbours of what came or went show other links.
    const [from, end] = [Math.max(0, head - 1), Math.max(0, tail - 1)];
    const part = make(from, entries.length - end);
    return [...pages.slice(0, from), ...part, ...pages.slice(pages.length - end)];
  };
  const change = successionOf(entries);
  const isSame = last?.seed === seed;
  const outputs =
    isSame && last.entries === entries
      ? last.outputs
      : isSame && change && last.entries === change.before
        ? remake(change, last.outputs)
        : make(0, entries.length);
  if (memory) memory.pages = { seed, entries, outputs };
  return outputs;
}

function listOutputs(context: PageContext): readonly Output[] {
  return [
    frontOutput(context),
    ...archiveOutputs(context),
    ...tagOutputs(context),
    plainOutput(context, 'page-404.liquid', '404.html', '404.html', 'Nothing is here', false),
    ...sitemapOutputs(context),
    {
      path: 'robots.txt',
      fingerprint: context.seed,
      render: async () => await Promise.resolve(renderRobots(context.site)),
    },
  ];
}

/** Files of `templates/` that are published as they are. */
function copyOutputs({ templates }: PagesInput): readonly Output[] {
  return ['style.css', 'feeds.js', 'icon.svg'].flatMap((path) => {
    const template = templates.get(path);
    if (!template) return [];
    return [
      { path, fingerprint: hashOf(template.text), render: async () => await Promise.resolve(template.text) },
    ];
  });
}

/** What is known of the page of the entry at an index, as the last program left it; null where it is not known to be the same. */
type Recalled = (index: number) => string | null;

function openRecalled({ input: { entries, memory }, seed }: PageContext): Recalled {
  const recalled = memory?.recalled;
  if (recalled?.seed !== seed) return () => null;
  const { entries: last, fingerprintOf } = recalled;
  const { head } = compareEnds(last, entries);
  const further = last.length - entries.length;
  return (index) => {
    const entry = entryAt(entries, index);
    const at = index < head ? index : index + further;
    // Its neighbours are the same, too: its page leads to them.
    const isSame =
      last[at] === entry && last[at - 1] === entries[index - 1] && last[at + 1] === entries[index + 1];
    return isSame ? fingerprintOf(entry) : null;
  };
}

function recallPostOutput(context: PageContext, index: number, recalled: Recalled): Output {
  const { entries, memory } = context.input;
  const [newer, older, entry] = [entries[index - 1], entries[index + 1], entryAt(entries, index)];
  const known = memory?.outputs.get(entry);
  if (known?.isAt({ older, newer }, context.seed)) return known;
  const fingerprint = recalled(index);
  const output = new PostPage(context.maker, entry, { older, newer }, fingerprint);
  memory?.outputs.set(entry, output);
  if (fingerprint === null) memory?.touched.add(entry.post.path);
  return output;
}

function entryAt(entries: readonly PageEntry[], index: number): PageEntry {
  const entry = entries[index];
  if (!entry) throw new Error(`There is no entry ${index}`);
  return entry;
}

function frontOutput(context: PageContext): Output {
  const { entries, workshop } = context.input;
  const shown = entries.slice(0, RECENT + 1);
  return {
    path: 'index.html',
    fingerprint: hashOf([
      context.seed,
      'front',
      shown.map((entry) => [entry.fingerprint, entry.url, entry.summary]),
    ]),
    render: async () => {
      const [newest = null, ...posts] = shown.map(context.dataOf);
      const page = composeHeadData(context.site, context.site.title, '');
      return await workshop.template('page-front.liquid', { site: context.site, page, newest, posts });
    },
  };
}

function plainOutput(
  context: PageContext,
  template: string,
  path: string,
  urlPath: string,
  title: string,
  isIndexed: boolean,
): Output {
  const { site } = context;
  return {
    path,
    fingerprint: hashOf([context.seed, path]),
    render: async () => {
      const page = { ...composeHeadData(site, `${title} – ${site.title}`, urlPath), isIndexed };
      return await context.input.workshop.template(template, { site, page });
    },
  };
}
