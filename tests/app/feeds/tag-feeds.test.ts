/** Feeds and pages of tags, and the list of all feeds. */
import { parseAtomFeed, parseJsonFeed, parseOpml, parseRssFeed } from 'feedsmith';
import { beforeEach, describe, expect, it } from 'vitest';
import { publishFeedsAndPages } from '../../../src/app/publish.ts';
import type { Renga } from '../../../src/app/renga.ts';
import { PUBLICATION } from '../../render/feeds/sample-entries.ts';
import { openForEach } from '../example-publication.ts';

const example = openForEach();

const tagged = (title: string, tags: string, date: string): string =>
  `---\ntitle: ${title}\ndate: ${date}\ntags: ${tags}\n---\nText.\n`;

const publish = async (changes: Partial<Renga> = {}): Promise<void> => {
  await publishFeedsAndPages({ ...example.renga, ...changes }, { trustStamps: false, allowEmpty: false });
};

describe('the feeds of a tag', () => {
  beforeEach(async () => {
    await example.write('posts/a.md', tagged('A', '[Night shift, "C++"]', '2026-11-01'));
    await example.write('posts/b.md', tagged('B', '[night-shift, Night Shift]', '2026-11-02'));
    await example.write('posts/c.md', tagged('C', '[other]', '2026-11-03'));
  });

  it('have its posts and no others, the same in all formats, under the name the oldest post gives it', async () => {
    await publish();
    const at = `${PUBLICATION.url}tags/night-shift/`;
    const rss = parseRssFeed((await example.published('tags/night-shift/rss.xml')) ?? '');
    const atom = parseAtomFeed((await example.published('tags/night-shift/atom.xml')) ?? '');
    const json = parseJsonFeed((await example.published('tags/night-shift/feed.json')) ?? '');
    expect(rss.title).toBe(`${PUBLICATION.title}: Night shift`);
    expect([rss.link, json.home_page_url, atom.id]).toEqual([at, at, at]);
    expect(json.feed_url).toBe(`${at}feed.json`);
    expect(rss.atom?.links?.map(({ rel, href }) => [rel, href])).toEqual([['self', `${at}rss.xml`]]);
    const titles = ['B', 'A'];
    expect(rss.items?.map(({ title }) => title)).toEqual(titles);
    expect(json.items?.map(({ title }) => title)).toEqual(titles);
    expect(atom.entries?.map(({ id }) => id)).toEqual(rss.items?.map(({ guid }) => guid?.value));
    expect(await example.published('tags/night-shift/rss.xml')).toContain('<fh:complete/>');
  });

  it('have a page that lists all posts of the tag and shows its feeds, linked from each post', async () => {
    await publish();
    const files = [...(await example.publicFiles()).keys()].filter((path) => path.startsWith('tags/'));
    const cPlusPlus = files.find((path) => /^tags\/c-[0-9a-f]{8}\/index\.html$/.test(path)) ?? '';
    expect(files).toHaveLength(3 * 4 + 1);
    const page = (await example.published('tags/night-shift/index.html')) ?? '';
    expect(page).toContain(`href="${PUBLICATION.url}a/"`);
    expect(page).toContain(`href="${PUBLICATION.url}b/"`);
    expect(page).not.toContain(`href="${PUBLICATION.url}c/"`);
    expect(page).toContain(
      `<link rel="alternate" type="application/atom+xml" title="Bits &amp; &lt;Bobs&gt;: Night shift (Atom)" href="${PUBLICATION.url}tags/night-shift/atom.xml">`,
    );
    expect(page).toContain(`href="${PUBLICATION.url}atom.xml"`);
    const post = (await example.published('a/index.html')) ?? '';
    expect(post).toContain(
      `<a href="${PUBLICATION.url}${cPlusPlus.replace('index.html', '')}" rel="tag">C++</a>`,
    );
    expect(await example.published('tags/index.html')).toContain('tags/night-shift/');
  });

  it('go with the last post that has the tag, and are left alone by other posts', async () => {
    await publish();
    const before = await example.publicFiles();
    await example.write('posts/d.md', tagged('D', '[other]', '2026-11-04'));
    await publish();
    const after = await example.publicFiles();
    for (const file of ['rss.xml', 'atom.xml', 'feed.json', 'index.html'])
      expect(after.get(`tags/night-shift/${file}`)).toBe(before.get(`tags/night-shift/${file}`));
    await example.remove('posts/a.md');
    await example.remove('posts/b.md');
    await publish();
    expect(
      [...(await example.publicFiles()).keys()].some((path) => path.startsWith('tags/night-shift/')),
    ).toBe(false);
  });

  it('are listed with the main feed in feeds.opml and on the page that presents them', async () => {
    await publish();
    const { body, head } = parseOpml((await example.published('feeds.opml')) ?? '');
    expect(head?.title).toBe(PUBLICATION.title);
    const [main, tags] = body?.outlines ?? [];
    expect(main).toMatchObject({
      type: 'rss',
      xmlUrl: `${PUBLICATION.url}atom.xml`,
      htmlUrl: PUBLICATION.url,
    });
    expect(tags?.outlines?.map(({ xmlUrl }) => xmlUrl)).toContain(`${PUBLICATION.url}tags/other/atom.xml`);
    expect(tags?.outlines).toHaveLength(3);
    const page = (await example.published('feeds/index.html')) ?? '';
    expect(page).toContain(`<code data-copy>${PUBLICATION.url}tags/other/atom.xml</code>`);
    expect(page).toContain(
      'https://feedly.com/i/subscription/feed/https%3A%2F%2Fexample.org%2Fblog%2Fatom.xml',
    );
    expect(await example.published('feeds.js')).toContain('data-copy');
  });

  it('are cut to the length of a feed, and then not said to be complete', async () => {
    const { settings } = example.renga;
    await publish({ settings: { ...settings, feeds: { ...settings.feeds, entries: 1 } } });
    const rss = (await example.published('tags/night-shift/rss.xml')) ?? '';
    expect(parseRssFeed(rss).items?.map(({ title }) => title)).toEqual(['B']);
    expect(rss).not.toContain('fh:complete/');
  });
});
