/** `digest: false` and `feed: false` in front matter: where a post is seen, over changes of mind, and what is said of it. */
import { afterAll, describe, expect, it } from 'vitest';
import { planPublish } from '../../../src/app/plan-publish.ts';
import { publish, publishFeedsAndPages, publishRound } from '../../../src/app/publish.ts';
import type { Renga } from '../../../src/app/renga.ts';
import { SiteMemory } from '../../../src/app/site/site-memory.ts';
import { readPosts } from '../../../src/posts/read-posts.ts';
import { newcomer } from '../../store/samples.ts';
import {
  type ExamplePublication,
  MONDAY,
  openExamplePublication,
  openExampleWorkshop,
  postText,
  START,
} from '../example-publication.ts';

const workshop = openExampleWorkshop();
afterAll(async () => await workshop.close());

const SITE = { trustStamps: true, allowEmpty: true };
const SIGNAL = new AbortController().signal;
const front = (title: string, ...lines: readonly string[]): string =>
  postText(title, 'Text.', ['2026-11-01', ...lines].join('\n'));

const feedTitles = async (example: ExamplePublication, folder = ''): Promise<readonly string[]> => {
  const feed = JSON.parse((await example.published(`${folder}feed.json`)) ?? '{}') as {
    readonly items: readonly { readonly title: string }[];
  };
  return feed.items.map(({ title }) => title).toSorted();
};

async function openThree(): Promise<ExamplePublication> {
  const example = await openExamplePublication(workshop);
  await example.write('posts/both.md', front('Both', 'tags: [ice]'));
  await example.write('posts/letter.md', front('Letter', 'feed: false', 'tags: [ice, mail]'));
  await example.write('posts/quiet.md', front('Quiet', 'digest: false'));
  await example.renga.store.subscribers.add([newcomer('ann')], START);
  return example;
}

const later = (renga: Renga, hours = 0): Renga => ({ ...renga, clock: () => MONDAY.add({ hours }) });

describe('feed: false', () => {
  it('keeps a post out of every feed, and leaves it its page', async () => {
    const example = await openThree();
    await publishFeedsAndPages(example.renga, SITE);
    expect(await feedTitles(example)).toEqual(['Both', 'Quiet']);
    expect(await feedTitles(example, 'tags/ice/')).toEqual(['Both']);
    // Its tag has a page, which names a feed.
    expect(await feedTitles(example, 'tags/mail/')).toEqual([]);
    expect(await example.published('letter/index.html')).toContain('Letter');
    for (const file of ['atom.xml', 'rss.xml', 'tags/ice/atom.xml'])
      expect(await example.published(file)).not.toContain('Letter');
  });

  it('is in no volume, and closes none', async () => {
    const example = await openThree();
    const feeds = { ...example.renga.settings.feeds, entries: 2 };
    const renga = { ...example.renga, settings: { ...example.renga.settings, feeds } };
    await publishFeedsAndPages(renga, SITE);
    expect(await renga.store.volumes.all()).toEqual([]);
    await example.write('posts/next.md', postText('Next', 'Text.', '2026-11-11'));
    await publishFeedsAndPages(renga, SITE);
    const ids = (await renga.store.volumes.all()).flatMap(({ posts }) => posts);
    expect(ids).toHaveLength(3);
    expect(ids.join(' ')).not.toContain('letter');
  });

  it('is no removal to readers who never had it; one that is taken out of the feed is gone from there', async () => {
    const example = await openThree();
    await publishFeedsAndPages(example.renga, SITE);
    await example.remove('posts/letter.md');
    const { site } = await publishFeedsAndPages(later(example.renga), SITE);
    expect(site.entries.removed).toEqual([]);
    expect(await feedTitles(example)).toEqual(['Both', 'Quiet']);
    await example.write('posts/both.md', front('Both', 'feed: false'));
    const { site: next } = await publishFeedsAndPages(later(example.renga, 1), SITE);
    expect(next.entries).toMatchObject({ added: [], removed: [expect.stringContaining('both')] });
    expect(await example.published('both/index.html')).toContain('Both');
  });

  it('is seen at once by a program that runs on, when it comes and when it goes', async () => {
    const example = await openThree();
    const memory = new SiteMemory();
    await publishRound(example.renga, SITE, memory, null);
    await example.write('posts/both.md', front('Both', 'feed: false', 'digest: false'));
    const { site } = await publishRound(example.renga, SITE, memory, null);
    expect(await feedTitles(example)).toEqual(['Quiet']);
    expect(site.prepared.find(({ post }) => post.title === 'Both')?.post.inDigests).toBe(false);
  });
});

describe('digest: false', () => {
  it('keeps a post out of digests and out of what waits for one, and the plan says why', async () => {
    const example = await openThree();
    const run = async (renga: Renga) => await publish(renga, { ...SITE, byHand: null, signal: SIGNAL });
    expect((await run(example.renga)).next).toMatchObject([{ posts: 2 }]);
    // The second publish knows them by its imprint alone.
    expect((await run(example.renga)).next).toMatchObject([{ posts: 2 }]);
    const [digest] = (await planPublish(later(example.renga), { ...SITE, byHand: null })).digests;
    expect(digest?.posts.map(({ title }) => title).toSorted()).toEqual(['Both', 'Letter']);
    expect(digest?.leftOut).toEqual([
      { title: 'Quiet', path: 'posts/quiet.md', reason: 'its author keeps it out of digests' },
    ]);
    const { next } = await run(later(example.renga));
    expect((await example.renga.store.digests.all())[0]?.posts).toHaveLength(2);
    expect(next).toMatchObject([{ posts: 0 }]);
  });

  it('is carried by the next digest when its author thinks again', async () => {
    const example = await openThree();
    const run = async (hours: number) =>
      await publish(later(example.renga, hours), { ...SITE, byHand: null, signal: SIGNAL });
    await publish(example.renga, { ...SITE, byHand: null, signal: SIGNAL });
    await run(0);
    await example.write('posts/quiet.md', front('Quiet'));
    await run(7 * 24);
    expect((await example.renga.store.digests.all())[0]?.posts).toMatchObject([{ title: 'Quiet' }]);
  });
});

describe('both', () => {
  it('are true or false: anything else holds the post back; where both are false, there is a hint', async () => {
    const example = await openExamplePublication(workshop);
    await example.write('posts/a.md', front('A', 'digest: false', 'feed: FALSE'));
    await example.write('posts/b.md', front('B', 'feed: maybe'));
    const { root, cache, publication } = example.renga;
    const { files, problems } = await readPosts({ root, zone: publication.zone, cache, trustStamps: true });
    expect(files).toMatchObject([{ title: 'A', inDigests: false, inFeeds: false }]);
    expect(files[0]?.problems).toContainEqual(
      expect.objectContaining({
        severity: 'hint',
        message: expect.stringContaining('no digest and no feed'),
      }),
    );
    expect(problems).toMatchObject([
      {
        severity: 'error',
        path: 'posts/b.md',
        message: '"feed" must be true or false; until then the post is held back',
      },
    ]);
  });
});
