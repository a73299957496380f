/** A page for each tag, with all its posts, and one that lists the tags; and the page that presents the feeds. */
import type { Output } from '../../domain/output.ts';
import { cleanLine } from '../clean-text.ts';
import {
  composeFeedData,
  composeReaders,
  composeTagFeedTitle,
  type PageTag,
  tagFolder,
} from './feed-list.ts';
import { composeHeadData } from './page-data.ts';
import type { PageEntry } from './page-entry.ts';
import { hashOf, type PageContext } from './page-context.ts';
import { markList, renderParts, splitByYear, wantsPosts } from './render-list.ts';

export function tagOutputs(context: PageContext): readonly Output[] {
  return [
    tagListOutput(context),
    ...context.input.tags.map((tag) => tagOutput(context, tag)),
    feedsOutput(context),
  ];
}

function tagOutput(context: PageContext, { name, slug, entries }: PageTag<PageEntry>): Output {
  const { input, seed, site, dataOf } = context;
  const folder = tagFolder(slug);
  return {
    path: `${folder}index.html`,
    fingerprint: hashOf([seed, 'tag', name, markList(entries)]),
    render: async () => {
      const feed = composeFeedData(input.publication, folder, composeTagFeedTitle(input.publication, name));
      const page = { ...composeHeadData(site, `${cleanLine(name)} – ${site.title}`, folder), feeds: [feed] };
      const parts = splitByYear(entries).flatMap((year) => year.parts);
      const list = await renderParts(context, folder, parts);
      const posts = wantsPosts(input.templates, 'page-tag.liquid') ? { posts: entries.map(dataOf) } : {};
      const tag = { name: cleanLine(name), feed };
      return await input.workshop.template('page-tag.liquid', { site, page, tag, list, ...posts });
    },
  };
}

function tagListOutput({ input, seed, site }: PageContext): Output {
  const tags = input.tags.map(({ name, slug, entries }) => ({ name, slug, count: entries.length }));
  return {
    path: 'tags/index.html',
    fingerprint: hashOf([seed, 'tags', tags]),
    render: async () => {
      const page = composeHeadData(site, `Tags – ${site.title}`, 'tags/');
      const shown = tags.map(({ name, slug, count }) => ({
        name: cleanLine(name),
        url: new URL(tagFolder(slug), site.url).href,
        count,
      }));
      return await input.workshop.template('page-tags.liquid', { site, page, tags: shown });
    },
  };
}

function feedsOutput({ input, seed, site }: PageContext): Output {
  const { publication, tags } = input;
  const names = tags.map(({ name, slug }) => [name, slug]);
  return {
    path: 'feeds/index.html',
    fingerprint: hashOf([seed, 'feeds', names]),
    render: async () => {
      const main = composeFeedData(publication, '', site.title);
      const ofTags = tags.map(({ name, slug }) =>
        composeFeedData(publication, tagFolder(slug), cleanLine(name)),
      );
      const page = composeHeadData(site, `Follow by feed – ${site.title}`, 'feeds/');
      const readers = composeReaders(main.atom);
      return await input.workshop.template('page-feeds.liquid', { site, page, main, ofTags, readers });
    },
  };
}
