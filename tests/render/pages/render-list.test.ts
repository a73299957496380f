/** Long lists are rendered in parts by time, and only the parts that changed; a template of one's own may still loop over the posts itself. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { composeTagSlug } from '../../../src/posts/compose-tag-slug.ts';
import { groupTags } from '../../../src/app/entries/group-tags.ts';
import { type PageEntry, pageOutputs, type PagesInput } from '../../../src/render/pages/page-outputs.ts';
import { wantsPosts } from '../../../src/render/pages/render-list.ts';
import type { Templates } from '../../../src/render/templates.ts';
import { openWorkshop, type Workshop } from '../../../src/render/workshop.ts';
import { memoryCache } from '../../posts/publication-folder.ts';
import { readShippedTemplates } from '../digest/read-shipped-templates.ts';
import { PUBLICATION, sampleEntry } from '../feeds/sample-entries.ts';

let templates: Templates;
let workshop: Workshop;
beforeAll(() => {
  templates = readShippedTemplates();
  workshop = openWorkshop({ templates, threads: 1, timeLimitMilliseconds: 5000 });
});
afterAll(async () => await workshop.close());

function entryOf(slug: string, at: string, tags: readonly string[] = []): PageEntry {
  const { post, url, summary, imageUrl, media, body } = sampleEntry({ slug, title: `Post ${slug}`, at });
  const loadHtml = async (): Promise<string> => await Promise.resolve(body.html);
  const fingerprint = slug + at;
  return { post: { ...post, tags }, url, summary, imageUrl, media, fingerprint, loadHtml };
}

async function renderPage(
  path: string,
  entries: readonly PageEntry[],
  changes: Partial<PagesInput>,
): Promise<string> {
  const tags = groupTags(entries);
  const input = { publication: PUBLICATION, entries, tags, tagSlug: composeTagSlug, templates, workshop };
  const outputs = pageOutputs({ ...input, version: '1.0.0', ...changes });
  return String(await outputs.find((output) => output.path === path)?.render());
}

/** Renders no list with one of these posts in it. */
const refusing = (slugs: readonly string[]): Pick<Workshop, 'template'> => ({
  template: async (name, data) => {
    const posts = (data as { readonly posts?: readonly { readonly url: string }[] }).posts ?? [];
    const refused = posts.find(({ url }) => slugs.some((slug) => url.endsWith(`/${slug}/`)));
    if (name === 'page-list.liquid' && refused) throw new Error(`${refused.url} is not to be rendered again`);
    return await workshop.template(name, data);
  },
});

const YEARS = ['2024', '2023', '2022'].map((year) => entryOf(`p${year}`, `${year}-03-01T10:00`, ['one']));

describe('a long list', () => {
  it.each(['archive/index.html', 'tags/one/index.html'])(
    'renders only the year that changed of %s',
    async (path) => {
      const kept = memoryCache();
      await renderPage(path, YEARS, { kept });
      const grown = [entryOf('new', '2024-04-01T10:00', ['one']), ...YEARS];
      const page = await renderPage(path, grown, { kept, workshop: refusing(['p2023', 'p2022']) });
      expect(page).toBe(await renderPage(path, grown, {}));
      await expect(renderPage(path, grown, { workshop: refusing(['p2023']) })).rejects.toThrow(
        'rendered again',
      );
    },
  );

  it('renders only the month that changed of a year with many posts', async () => {
    const days = Array.from({ length: 450 }, (_, index) => {
      const at = Temporal.PlainDateTime.from('2024-12-01T23:00').subtract({ hours: index * 16 });
      return entryOf(`d${index}`, at.toString({ smallestUnit: 'minute' }));
    });
    const kept = memoryCache();
    await renderPage('archive/index.html', days, { kept });
    const grown = [entryOf('new', '2024-12-02T10:00'), ...days];
    const input = { kept, workshop: refusing(['d100', 'd449']) };
    expect(await renderPage('archive/index.html', grown, input)).toBe(
      await renderPage('archive/index.html', grown, {}),
    );
  });

  it.each(['page-archive.liquid', 'page-tag.liquid'])('hands no posts to our own %s', (name) => {
    expect(wantsPosts(templates, name)).toBe(false);
  });

  it.each([
    [
      'page-archive.liquid',
      'archive/index.html',
      '{% for year in years %}{% for post in year.posts %}<{{ post.title }}>{% endfor %}{% endfor %}',
    ],
    ['page-tag.liquid', 'tags/one/index.html', '{% for post in posts %}<{{ post.title }}>{% endfor %}'],
  ])('hands the posts to a %s that names them', async (name, path, text) => {
    const own = new Map([...templates, [name, { text, path: name }]]);
    const theirs = openWorkshop({ templates: own, threads: 1, timeLimitMilliseconds: 5000 });
    const page = await renderPage(path, YEARS, { templates: own, workshop: theirs });
    await theirs.close();
    expect(page).toBe('<Post p2024><Post p2023><Post p2022>');
  });
});
