/** Publishing: from a folder of posts to `public/`, the same each time, with only what changed, and never less than is meant. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { publish, type PublishReport } from '../../../src/app/publish.ts';
import type { Renga } from '../../../src/app/renga.ts';
import { openExamplePublication, postText, START, openForEach } from '../example-publication.ts';

const example = openForEach(async ({ write }) => {
  await write('posts/a.md', postText('A', 'Text of a. ![dot](dot.png)', '2026-11-01'));
  await write('posts/dot.png', 'a picture');
  await write('posts/b.md', postText('B', 'Text of b.', '2026-11-02'));
  await write('posts/c.md', postText('C', 'Text of c.', '2026-11-03'));
});

const A = 'tag:example.org,2026-11-01:a';
const B = 'tag:example.org,2026-11-02:b';
const C = 'tag:example.org,2026-11-03:c';
const NO_CHANGE = { added: [], changed: [], removed: [] };

const run = async (changes: Partial<Renga> = {}, allowEmpty = false): Promise<PublishReport> =>
  await publish(
    { ...example.renga, ...changes },
    { trustStamps: true, allowEmpty, byHand: null, signal: new AbortController().signal },
  );
const movedIn = ({ files }: PublishReport): readonly string[] =>
  files
    .filter(({ change }) => change !== 'unchanged')
    .map(({ path }) => path)
    .toSorted();

async function feed(): Promise<{
  readonly title: string;
  readonly items: readonly { readonly id: string; readonly url: string }[];
}> {
  return JSON.parse((await example.published('feed.json')) ?? '{}') as Awaited<ReturnType<typeof feed>>;
}
const idsInFeed = async (): Promise<readonly string[]> => (await feed()).items.map(({ id }) => id);

describe('publishing', () => {
  it('writes feeds, pages and pictures, and nothing the second time', async () => {
    const first = await run();
    expect(first.entries).toEqual({ added: [C, B, A], changed: [], removed: [] });
    expect(await idsInFeed()).toEqual([C, B, A]);
    const files = await example.publicFiles();
    expect([...files.keys()]).toEqual(
      expect.arrayContaining(['rss.xml', 'atom.xml', 'a/index.html', 'index.html']),
    );
    expect(files.get('a/dot.png')).toBe('a picture');
    const second = await run();
    expect([movedIn(second), second.entries]).toEqual([[], NO_CHANGE]);
    expect(await example.publicFiles()).toEqual(files);
  });

  it('gives the same bytes on another machine, with another store and at another time', async () => {
    await run();
    const other = await openExamplePublication(example.renga.workshop, {
      clock: () => START.add({ hours: 500 }),
    });
    await other.write('posts/a.md', postText('A', 'Text of a. ![dot](dot.png)', '2026-11-01'));
    await other.write('posts/dot.png', 'a picture');
    await other.write('posts/b.md', postText('B', 'Text of b.', '2026-11-02'));
    await other.write('posts/c.md', postText('C', 'Text of c.', '2026-11-03'));
    await publish(other.renga, {
      trustStamps: true,
      allowEmpty: false,
      byHand: null,
      signal: new AbortController().signal,
    });
    expect(await other.publicFiles()).toEqual(await example.publicFiles());
  });

  it('puts back what somebody altered or removed, though no post changed', async () => {
    await run();
    const before = await example.publicFiles();
    await run();
    await writeFile(join(example.root, 'public/rss.xml'), 'vandalised');
    await rm(join(example.root, 'public/b'), { recursive: true });
    expect(movedIn(await run())).toEqual(['b/index.html', 'rss.xml']);
    expect(await example.publicFiles()).toEqual(before);
  });

  it('says what changed for readers when a post was edited', async () => {
    await run();
    await example.write('posts/b.md', postText('B', 'Edited.', '2026-11-02'));
    const edited = await run({ clock: () => START.add({ hours: 1 }) });
    expect(edited.entries).toEqual({ added: [], changed: [B], removed: [] });
    expect(await example.published('b/index.html')).toContain('Edited.');
    expect(await example.published('rss.xml')).toContain('Edited.');
    expect(movedIn(edited)).not.toContain('c/index.html');
    expect((await run()).entries).toEqual(NO_CHANGE);
  });

  it('copies a picture again when it changed, and takes it away when nothing shows it', async () => {
    await run();
    await example.write('posts/dot.png', 'another picture');
    expect(movedIn(await run())).toContain('a/dot.png');
    expect(await example.published('a/dot.png')).toBe('another picture');
    await example.write('posts/a.md', postText('A', 'No picture.', '2026-11-01'));
    await run();
    expect(await example.published('a/dot.png')).toBeNull();
  });

  it('takes a post that is gone out of feeds and pages', async () => {
    await run();
    await example.remove('posts/b.md');
    const report = await run();
    expect(report.entries).toEqual({ added: [], changed: [], removed: [B] });
    expect(await idsInFeed()).toEqual([C, A]);
    expect(await example.published('b/index.html')).toBeNull();
    for (const [path, text] of await example.publicFiles())
      expect([path, text.includes('Text of b')]).toEqual([path, false]);
  });

  it('keeps the entry of a post that was renamed, under its new address', async () => {
    await run();
    await example.remove('posts/b.md');
    await example.write('posts/better.md', postText('B', 'Text of b.', '2026-11-02'));
    const report = await run();
    expect(report.entries).toEqual(NO_CHANGE);
    expect((await feed()).items[1]).toMatchObject({ id: B, url: 'https://example.org/blog/better/' });
    expect(await example.published('b/index.html')).toContain('url=https://example.org/blog/better/"');
  });

  it('shows a post when its time has come, though no file changed', async () => {
    await example.write('posts/soon.md', postText('Soon', 'Text.', '2026-11-13'));
    expect(await run()).toMatchObject({ posts: { held: [{ path: 'posts/soon.md' }] } });
    await run();
    const report = await run({ clock: () => START.add({ hours: 24 }) });
    expect(report.entries.added).toEqual(['tag:example.org,2026-11-13:soon']);
    expect(await idsInFeed()).toHaveLength(4);
  });

  it('follows its settings, though no post changed', async () => {
    await run();
    await run();
    const publication = { ...example.renga.publication, title: 'A new title' };
    expect(movedIn(await run({ publication }))).toEqual(
      expect.arrayContaining(['a/index.html', 'atom.xml', 'feed.json', 'index.html', 'rss.xml']),
    );
    expect((await feed()).title).toBe('A new title');
    await example.write('posts/long.md', postText('Long', 'First.\n\nSecond, in the body alone.'));
    await run({ publication });
    const feeds = { ...example.renga.settings.feeds, content: 'summary' as const };
    const shorter = await run({ publication, settings: { ...example.renga.settings, feeds } });
    expect(movedIn(shorter)).toEqual(['atom.xml', 'feed.json', 'rss.xml']);
    expect(await example.published('rss.xml')).not.toContain('in the body alone');
  });

  it.each([
    ['tags', 'tags: [kitchen]', '"kitchen"'],
    ['summary', 'summary: In short.', '"summary": "In short."'],
    ['updated', 'updated: 2026-11-05', '"date_modified": "2026-11-04T23:00:00Z"'],
    ['image', 'image: dot.png', '"image": "https://example.org/blog/b/dot.png"'],
    ['author', 'author: Bo', '"name": "Bo"'],
  ])('shows %s of a post when nothing else of it changed', async (_, line, shown) => {
    await run();
    await example.write('posts/b.md', postText('B', 'Text of b.', `2026-11-02\n${line}`));
    await run();
    expect(await example.published('feed.json')).toContain(shown);
  });

  it('shows another date under the same id', async () => {
    await run();
    await example.write('posts/b.md', postText('B', 'Text of b.', '2026-11-10'));
    await run();
    expect(await idsInFeed()).toEqual([B, C, A]);
    expect(await example.published('b/index.html')).toContain('November 10, 2026');
  });

  it('holds the lock while it writes, and only then', async () => {
    const seen: number[] = [];
    const hold = async <T>(_: number, work: () => Promise<T>): Promise<T> => {
      seen.push((await example.publicFiles()).size);
      const result = await work();
      seen.push((await example.publicFiles()).size);
      return result;
    };
    await run({ publishLock: { hold } });
    expect(seen).toEqual([0, (await example.publicFiles()).size]);
  });

  it('shows as many entries as the feeds are to have, and pages of all', async () => {
    await run();
    expect(await example.published('atom.xml')).toContain('<fh:complete/>');
    const feeds = { entries: 2, content: 'summary' as const };
    const report = await run({ settings: { ...example.renga.settings, feeds } });
    expect(report.entries).toEqual({ added: [], changed: [], removed: [A] });
    expect(await idsInFeed()).toEqual([C, B]);
    // RFC 5005 §2: only a document with all entries says so.
    expect(await example.published('atom.xml')).not.toContain('<fh:complete/>');
    expect(await example.published('a/index.html')).not.toBeNull();
  });

  it('makes no pages where another generator does, and links there', async () => {
    await run();
    const pages = { enabled: false, permalink: '{year}/{slug}.html' };
    await run({ settings: { ...example.renga.settings, pages } });
    expect([...(await example.publicFiles()).keys()]).toEqual([
      'a/dot.png',
      'atom.xml',
      'feed.json',
      'feeds.opml',
      'rss.xml',
    ]);
    expect((await feed()).items[0]?.url).toBe('https://example.org/blog/2026/c.html');
  });

  it('leaves a bad post out with one line, and publishes the others', async () => {
    await example.write('posts/bad.md', '---\ntitle: [\n---\n');
    const report = await run();
    const errors = report.problems.filter(({ severity }) => severity === 'error');
    expect(errors).toMatchObject([{ path: 'posts/bad.md' }]);
    expect(await idsInFeed()).toHaveLength(3);
  });
});

describe('identity', () => {
  it('is durable before any document shows it', async () => {
    const { store } = example.renga;
    const record = async (): Promise<never> => await Promise.reject(new Error('the disk is full'));
    const broken = { ...store, instanceId: store.instanceId, posts: { ...store.posts, record } };
    await expect(run({ store: broken })).rejects.toThrow('the disk is full');
    expect([...(await example.publicFiles()).keys()]).toEqual([]);
  });
});

describe('a folder without posts', () => {
  it.each([
    ['is gone', 'posts'],
    ['was emptied', null],
  ])('that %s never empties the feeds', async (_, folder) => {
    await run();
    const before = await example.publicFiles();
    for (const path of folder === null ? ['posts/a.md', 'posts/b.md', 'posts/c.md'] : [folder])
      await example.remove(path);
    await expect(run()).rejects.toThrow(/posts\//);
    expect(await example.publicFiles()).toEqual(before);
  });

  it('empties them when it is meant to', async () => {
    await run();
    await example.remove('posts');
    const report = await run({}, true);
    expect(report.entries).toEqual({ added: [], changed: [], removed: [C, B, A] });
    expect(await idsInFeed()).toEqual([]);
    expect(await example.published('a/index.html')).toBeNull();
    expect(await example.published('index.html')).toContain('There is no post yet');
  });
});
