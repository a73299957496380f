/** All pages of a publication as outputs: described at once and cheaply, rendered only where something they show has changed. */
import type { Output } from '../../domain/output.ts';
import { hashOf, type KnownPage, openContext, type PageContext, type PagesInput } from './page-context.ts';
import { composeHeadData, type PostData } from './page-data.ts';
import type { PageEntry } from './page-entry.ts';
import { renderRobots, renderSitemap } from './render-sitemap.ts';
import { markList, renderParts, splitByYear, wantsPosts } from './render-list.ts';
import { tagFolder } from './feed-list.ts';
import { tagOutputs } from './tag-outputs.ts';

export type { PageEntry } from './page-entry.ts';

export { PageMemory, type PagesInput } from './page-context.ts';

/** How many posts the front page shows after the newest. */
const RECENT = 9;

export function pageOutputs(input: PagesInput): readonly Output[] {
  const context = openContext(input);
  const { entries } = input;
  return [
    ...copyOutputs(input),
    ...entries.map((_, index) => postOutput(context, index)),
    frontOutput(context),
    archiveOutput(context),
    ...tagOutputs(context),
    plainOutput(context, 'page-404.liquid', '404.html', '404.html', 'Nothing is here', false),
    sitemapOutput(context),
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

type Neighbours = Pick<KnownPage, 'older' | 'newer'>;

function recallFingerprint(context: PageContext, entry: PageEntry, { older, newer }: Neighbours): string {
  const { seed } = context;
  const { memory } = context.input;
  const known = memory?.pages.get(entry);
  if (known?.seed === seed && known.older === older && known.newer === newer) return known.fingerprint;
  const { url, summary, imageUrl } = entry;
  const shown = [seed, entry.fingerprint, url, summary, imageUrl, linkOf(older), linkOf(newer)];
  const fingerprint = hashOf(shown);
  memory?.pages.set(entry, { seed, older, newer, fingerprint });
  memory?.touched.add(entry.post.path);
  return fingerprint;
}

function linkOf(other: PageEntry | undefined): { readonly url: string; readonly title: string } | null {
  return other ? { url: other.url, title: other.post.title } : null;
}

function postOutput(context: PageContext, index: number): Output {
  const { entries, workshop } = context.input;
  const entry = entryAt(entries, index);
  const neighbours = { older: entries[index + 1], newer: entries[index - 1] };
  return {
    path: `${entry.post.slug}/index.html`,
    fingerprint: recallFingerprint(context, entry, neighbours),
    render: async () => {
      const post = context.dataOf(entry);
      const page = composePostHead(context, entry, post);
      const tagLinks = composeTagLinks(context, post.tags, entry.post.tags);
      const html = await entry.loadHtml();
      const sound = entry.media.find(({ kind }) => kind === 'audio');
      return await workshop.template('page-post.liquid', {
        site: context.site,
        page,
        post: { ...post, tagLinks },
        html,
        // An author who placed a player needs no other.
        sound: sound && !html.includes('<audio') ? { url: sound.url } : null,
        older: linkOf(neighbours.older),
        newer: linkOf(neighbours.newer),
      });
    },
  };
}

function composeTagLinks(
  { input, site }: PageContext,
  names: readonly string[],
  tags: readonly string[],
): readonly { readonly name: string; readonly url: string }[] {
  return names.map((name, index) => {
    const slug = input.tagSlug(tags[index] ?? '');
    return { name, url: new URL(tagFolder(slug), site.url).href };
  });
}

function entryAt(entries: readonly PageEntry[], index: number): PageEntry {
  const entry = entries[index];
  if (!entry) throw new Error(`There is no entry ${index}`);
  return entry;
}

function composePostHead(context: PageContext, entry: PageEntry, post: PostData): object {
  const { site } = context;
  const description = post.haiku.length > 0 ? post.haiku.join(' / ') : post.summary || site.title;
  return {
    title: `${post.title} – ${site.title}`,
    description,
    url: entry.url,
    canonical: entry.post.canonical ?? entry.url,
    type: 'article',
    image: entry.imageUrl,
    isIndexed: true,
    feeds: [],
  };
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

function archiveOutput(context: PageContext): Output {
  const { entries, workshop, templates } = context.input;
  return {
    path: 'archive/index.html',
    fingerprint: hashOf([context.seed, 'archive', markList(entries)]),
    render: async () => {
      const isWhole = wantsPosts(templates, 'page-archive.liquid');
      const years = splitByYear(entries).map(async ({ year, entries: posts, parts }) => {
        const list = await renderParts(context, 'archive', parts);
        return isWhole ? { year, list, posts: posts.map(context.dataOf) } : { year, list };
      });
      const page = composeHeadData(context.site, `All posts – ${context.site.title}`, 'archive/');
      return await workshop.template('page-archive.liquid', {
        site: context.site,
        page,
        years: await Promise.all(years),
      });
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

function sitemapOutput(context: PageContext): Output {
  const { entries } = context.input;
  const tags = context.input.tags.map(({ slug }) => new URL(tagFolder(slug), context.site.url).href);
  return {
    path: 'sitemap.xml',
    fingerprint: hashOf([context.seed, 'sitemap', tags, markList(entries)]),
    render: async () => await Promise.resolve(renderSitemap(context.site, entries, tags)),
  };
}
