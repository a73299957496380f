/** What readers are shown of posts that go, move, change places or would come as a flood; with real folders and a real database. */
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { planPublish } from '../../../src/app/plan-publish.ts';
import { publishFeedsAndPages } from '../../../src/app/publish.ts';
import type { Renga } from '../../../src/app/renga.ts';
import type { Workshop } from '../../../src/render/workshop.ts';
import { openCache } from '../../../src/store/open-cache.ts';
import {
  type ExamplePublication,
  openExamplePublication,
  openExampleWorkshop,
  postText,
  START,
} from '../example-publication.ts';

let workshop: Workshop;
beforeAll(() => {
  workshop = openExampleWorkshop();
});
afterAll(async () => await workshop.close());

let example: ExamplePublication;
let renga: Renga;
let hours: number;
beforeEach(async () => {
  example = await openExamplePublication(workshop);
  hours = 0;
  renga = { ...example.renga, clock: () => START.add({ hours }) };
  for (const name of ['a', 'b', 'c']) await write(name);
  await publish();
  hours += 48;
});

const write = async (name: string, slug = name, date = '2026-11-01', front = ''): Promise<void> =>
  await example.write(
    `posts/${name}.md`,
    postText(`Title of ${name}`, `Text of ${name} alone.`, `${date}\nslug: ${slug}${front}`),
  );
const publish = async (allowReflood = false) => {
  hours += 1;
  return (await publishFeedsAndPages(renga, { trustStamps: true, allowEmpty: false, allowReflood })).site;
};
const plan = async () => await planPublish(renga, { trustStamps: true, allowEmpty: false, byHand: null });
const titles = async (): Promise<readonly string[]> =>
  (JSON.parse((await example.published('feed.json')) ?? '{}') as { items: { title: string }[] }).items.map(
    ({ title }) => title.replace('Title of ', ''),
  );
const find = async (slug: string): Promise<unknown> => await renga.store.posts.findPage(slug);
const settle = (feeds: Partial<Renga['settings']['feeds']>): void => {
  renga = { ...renga, settings: { ...renga.settings, feeds: { ...renga.settings.feeds, ...feeds } } };
};

describe('a page', () => {
  it('that moved leads to the post, over any number of moves', async () => {
    await write('a', 'x');
    await publish();
    await write('a', 'y');
    await publish();
    for (const slug of ['a', 'x']) {
      expect(await find(slug)).toEqual({ kind: 'moved', slug: 'y' });
      expect(await example.published(`${slug}/index.html`)).toContain(
        '<meta http-equiv="refresh" content="0; url=https://example.org/blog/y/">',
      );
    }
    expect(await example.published('a/index.html')).toContain('<meta name="robots" content="noindex">');
    expect(await example.published('y/index.html')).toContain('Text of a alone.');
  });

  it('is its own again when two posts changed places, or when the post came back to it', async () => {
    await write('a', 'b');
    await write('b', 'a');
    await publish();
    expect([await find('a'), await find('b')]).toEqual([null, null]);
    expect(await example.published('b/index.html')).toContain('Text of a alone.');
    await write('a', 'a');
    await write('b', 'b');
    await publish();
    expect(await example.published('a/index.html')).toContain('Text of a alone.');
  });

  it('that was taken by another post leads nowhere, and is gone with that one', async () => {
    await write('a', 'z');
    await publish();
    await write('d', 'a', '2026-11-12');
    await publish();
    expect(await find('a')).toBeNull();
    expect(await example.published('a/index.html')).toContain('Text of d alone.');
    await example.remove('posts/d.md');
    await publish();
    expect(await find('a')).toEqual({ kind: 'gone' });
    expect(await example.published('a/index.html')).toBeNull();
  });

  it('of a removed post is gone, though the cache was lost; a file that is none of ours stays', async () => {
    const cache = openCache(join(example.root, 'var', 'other.db'));
    onTestFinished(() => cache.close());
    renga = { ...renga, cache };
    await example.remove('posts/a.md');
    await example.write('public/mine/index.html', 'mine');
    await publish();
    expect(await example.published('a/index.html')).toBeNull();
    expect(await find('a')).toEqual({ kind: 'gone' });
    expect(await example.published('mine/index.html')).toBe('mine');
    await example.write('public/a/index.html', 'mine too');
    await publish();
    expect(await example.published('a/index.html')).toBe('mine too');
  });

  it('of a post that cannot be read just now is not called gone', async () => {
    await example.write('posts/a.md', '---\ntitle: [\n---\n');
    await publish();
    expect(await find('a')).toBeNull();
  });
});

describe('a flood', () => {
  const giveOtherIds = async (): Promise<void> => {
    for (const name of ['a', 'b']) await write(name, name, '2026-11-01', `\nid: other-${name}`);
  };

  it('is refused with nothing changed, until it is meant', async () => {
    await giveOtherIds();
    const before = [await example.publicFiles(), await renga.store.posts.all()];
    await expect(publish()).rejects.toThrow(/2 old posts as new: “Title of [ab]”/);
    expect([await example.publicFiles(), await renga.store.posts.all()]).toEqual(before);
    expect(await plan()).toMatchObject({
      isRefused: true,
      flood: { old: [{ reason: 'other-id' }, { reason: 'other-id' }] },
    });
    await publish(true);
    expect((await plan()).isRefused).toBe(false);
    await publish();
  });

  it('is one id at a time no flood, and neither are posts that are new', async () => {
    await write('a', 'a', '2026-11-01', '\nid: other-a');
    for (const name of ['d', 'e', 'f', 'g', 'h']) await write(name, name, '2026-11-13');
    const { entries, flood } = await publish();
    expect([entries.added.length, flood.old.length]).toEqual([6, 1]);
  });

  it('is a backlog that comes in below all that readers have, but not on the first day', async () => {
    for (const name of ['d', 'e']) await write(name, name, '2020-01-01');
    await expect(publish()).rejects.toThrow('old posts as new');
    hours = 3;
    await publish();
    expect(await titles()).toHaveLength(5);
  });

  it('is none where the feed is full of newer ones', async () => {
    settle({ entries: 3 });
    for (let year = 1990; year < 2020; year += 1) await write(`y${year}`, `y${year}`, `${year}-01-01`);
    await publish();
    expect(await titles()).toEqual(expect.arrayContaining(['a', 'b', 'c']));
  });

  it('says which entries keep their ids and get another link', async () => {
    await write('a', 'x');
    expect((await plan()).flood).toEqual({ old: [], readdressed: ['tag:example.org,2026-11-01:a'] });
  });
});

describe('a copy of a post', () => {
  it.each(['slug', 'id'])(
    'with its %s takes nothing from it, by whatever name it comes first',
    async (field) => {
      const id = field === 'id' ? '\nid: own' : '';
      await write('m', 'm', '2026-11-02', id);
      await publish();
      await example.write(
        'posts/0.md',
        postText('A draft of the next', 'Other words.', `2026-11-13\nslug: m${id}`),
      );
      const { problems } = await publish();
      expect(problems).toEqual([]);
      expect(await titles()).toContain('m');
      expect(await titles()).not.toContain('A draft of the next');
      expect(await example.published('m/index.html')).toContain('Text of m alone.');
    },
  );
});

describe('a post that was published without the feeds', () => {
  const hide = async (name: string): Promise<void> => await write(name, name, '2026-11-02', '\nfeed: false');
  const show = async (name: string): Promise<void> => await write(name, name, '2026-11-02');

  it('comes in as new once it is let in, one at a time', async () => {
    for (const name of ['x', 'y']) await hide(name);
    await publish();
    expect(await titles()).toHaveLength(3);
    await show('x');
    const { entries, flood } = await publish();
    expect(entries.added).toEqual(['tag:example.org,2026-11-02:x']);
    expect(flood.old.map(({ reason }) => reason)).toEqual(['late']);
    await show('y');
    expect((await publish()).entries.added).toEqual(['tag:example.org,2026-11-02:y']);
    expect(await titles()).toHaveLength(5);
  });

  it('is a flood with others of its kind', async () => {
    for (const name of ['x', 'y']) await hide(name);
    await publish();
    for (const name of ['x', 'y']) await show(name);
    await expect(publish()).rejects.toThrow('2 old posts as new');
    expect((await publish(true)).entries.added).toHaveLength(2);
  });

  it('opens the feed to none that left it', async () => {
    settle({ entries: 2 });
    await hide('x');
    await publish();
    const kept = await titles();
    await show('x');
    await publish();
    expect(await titles()).toEqual(['x', kept[0]]);
    await example.remove('posts/x.md');
    await publish();
    expect(await titles()).toEqual([kept[0]]);
  });
});

describe('the main feed', () => {
  it('never takes back what left it, neither for a removed post nor for more room', async () => {
    settle({ entries: 2 });
    await publish();
    const [first, second] = await titles();
    await example.remove(`posts/${first}.md`);
    const { keptOut } = await publish();
    expect([await titles(), keptOut]).toEqual([[second], 1]);
    settle({ entries: 20 });
    await publish();
    expect(await titles()).toEqual([second]);
    await write('d', 'd', '2026-11-12');
    await publish();
    expect(await titles()).toEqual(['d', second]);
    await publish(true);
    expect(await titles()).toHaveLength(3);
  });

  it('keeps none out for which there is no room', async () => {
    const long = postText('Title of long', 'Far too long for two. '.repeat(4000), '2026-11-11');
    await example.write('posts/long.md', long);
    await publish(true);
    expect([await titles(), (await publish()).keptOut]).toEqual([['long'], 0]);
  });

  it('has a post again that was away', async () => {
    await example.remove('posts/a.md');
    await publish();
    hours += 100;
    await write('a');
    await publish();
    expect(await titles()).toHaveLength(3);
    expect(await find('a')).toBeNull();
  });

  it('says in Atom for 30 days what was taken away, if that is wanted', async () => {
    await example.remove('posts/a.md');
    await publish();
    expect(await example.published('atom.xml')).not.toContain('deleted-entry');
    settle({ tombstones: true });
    await publish();
    const tombstone = '<at:deleted-entry ref="tag:example.org,2026-11-01:a" when="2026-11-14T14:00:00Z"/>';
    expect(await example.published('atom.xml')).toContain(tombstone);
    hours += 29 * 24;
    await publish();
    expect(await example.published('atom.xml')).toContain(tombstone);
    hours += 2 * 24;
    await publish();
    expect(await example.published('atom.xml')).not.toContain('deleted-entry');
  });
});
