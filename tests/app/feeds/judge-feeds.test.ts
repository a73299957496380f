/** A document that is not fit for readers is not published: the old one stays, the others go on, and the post is named. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { checkPublishedFeeds } from '../../../src/app/feeds/check-published-feeds.ts';
import { publishFeedsAndPages } from '../../../src/app/publish.ts';
import type { Renga } from '../../../src/app/renga.ts';
import {
  type ExamplePublication,
  openExamplePublication,
  openExampleWorkshop,
  postText,
} from '../example-publication.ts';

const workshop = openExampleWorkshop();
afterAll(async () => await workshop.close());

/** As if the sanitiser had a hole. */
const leaky: Renga['workshop'] = {
  ...workshop,
  body: async (job) => {
    const result = await workshop.body(job);
    if (result.kind !== 'rendered' || !job.markdown.includes('HOLE')) return result;
    return { ...result, html: '<p onclick="steal()">Text.</p>' };
  },
};

let example: ExamplePublication;
beforeEach(async () => {
  example = await openExamplePublication(workshop);
  await example.write('posts/a.md', postText('A', 'Text.', '2026-11-01'));
});

const publish = async (): ReturnType<typeof publishFeedsAndPages> =>
  await publishFeedsAndPages(
    { ...example.renga, workshop: leaky },
    { trustStamps: false, allowEmpty: false },
  );

const FEEDS = ['rss.xml', 'atom.xml', 'feed.json'] as const;

describe('publishing', () => {
  it('keeps all three formats as they were when one entry must not be shown, and names its post', async () => {
    await publish();
    const before = await Promise.all(FEEDS.map(example.published));
    await example.write('posts/b.md', postText('B', 'HOLE', '2026-11-02'));
    const { site } = await publish();
    expect(await Promise.all(FEEDS.map(example.published))).toEqual(before);
    expect(site.problems.map(({ path, severity }) => [path, severity])).toContainEqual([
      'posts/b.md',
      'error',
    ]);
    expect(site.problems.map(({ message }) => message).join()).toContain('the event handler onclick');
    // So that the next run looks again.
    expect(site.isSettled).toBe(false);
    expect(await example.published('b/index.html')).not.toBe(null);
  });

  it('leaves who is in the main feed as readers have it, and tells of no change in it', async () => {
    const { settings } = example.renga;
    const short = { ...settings, feeds: { ...settings.feeds, entries: 1 } };
    example = { ...example, renga: { ...example.renga, settings: short } };
    await publish();
    await example.write('posts/b.md', postText('B', 'HOLE', '2026-11-02'));
    expect((await publish()).site.entries).toEqual({ added: [], changed: [], removed: [] });
    const places = async () =>
      (await example.renga.store.posts.all()).map(({ path, showing }) => [path, showing?.isInFeed]);
    expect(await places()).toContainEqual(['posts/a.md', true]);
    // The post that was at fault goes: the one before it never left.
    await example.remove('posts/b.md');
    const { site } = await publish();
    expect(site.keptOut).toBe(0);
    expect(await example.published('feed.json')).toContain('"title": "A"');
  });

  it('goes on once the post is mended', async () => {
    await example.write('posts/b.md', postText('B', 'HOLE', '2026-11-02'));
    await publish();
    expect(await example.published('rss.xml')).toBe(null);
    await example.write('posts/b.md', postText('B', 'Mended.', '2026-11-02'));
    const { site } = await publish();
    expect(site.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(await example.published('rss.xml')).toContain('Mended.');
  });

  it('publishes a volume that never was without the entry, so that the feed leads somewhere', async () => {
    const { settings } = example.renga;
    const short = { ...settings, feeds: { ...settings.feeds, entries: 1 } };
    example = { ...example, renga: { ...example.renga, settings: short } };
    await example.write('posts/b.md', postText('B', 'HOLE', '2026-10-02'));
    await example.write('posts/c.md', postText('C', 'Text.', '2026-10-01'));
    const { site } = await publish();
    expect(site.problems.map(({ message }) => message).join()).toContain(
      'the feed in public/archive/2026/ is published without it',
    );
    expect(await example.published('atom.xml')).toContain('archive/2026/atom.xml');
    const titles = async () =>
      [
        ...((await example.published('archive/2026/atom.xml')) ?? '').matchAll(/<title type="text">(.)</g),
      ].map(([, title]) => title);
    expect(await titles()).toEqual(['A', 'C']);
    await example.write('posts/b.md', postText('B', 'Mended.', '2026-10-02'));
    await publish();
    expect(await titles()).toEqual(['A', 'B', 'C']);
  });
});

describe('renga feeds check', () => {
  it('finds every feed right after a publish, and what happened to one since', async () => {
    await example.write('posts/b.md', `---\ntitle: B\ndate: 2026-11-02\ntags: night\n---\nText.\n`);
    await publish();
    const right = await checkPublishedFeeds(example.renga);
    expect(right).toEqual([
      { folder: 'public/', faults: [] },
      { folder: 'public/tags/night/', faults: [] },
    ]);
    const rss = (await example.published('rss.xml')) ?? '';
    await writeFile(join(example.root, 'public/rss.xml'), rss.replace('</channel>', ''));
    await rm(join(example.root, 'public/tags/night/feed.json'));
    const wrong = await checkPublishedFeeds(example.renga);
    expect(wrong.map(({ faults }) => faults.length)).toEqual([1, 1]);
  });
});
