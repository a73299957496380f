/** Posts are gathered with their identity, and looking at them changes nothing; a folder that is suddenly empty is never taken at its word. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gatherPosts, recordPosts } from '../../../src/app/identity/gather-posts.ts';
import type { Renga } from '../../../src/app/renga.ts';
import { postText, START, openForEach } from '../example-publication.ts';

const example = openForEach();

const gather = async (changes: Partial<Renga> = {}, allowEmpty = false) =>
  await gatherPosts({ ...example.renga, ...changes }, { trustStamps: true, allowEmpty });
const titles = (posts: readonly { readonly title: string }[]): readonly string[] =>
  posts.map(({ title }) => title);

describe('gatherPosts', () => {
  it('gives all posts, newest first, and apart those that readers may see now', async () => {
    await example.write('posts/old.md', postText('Old', 'Text.', '2026-01-01'));
    await example.write('posts/new.md', postText('New', 'Text.', '2026-11-01'));
    await example.write('posts/soon.md', postText('Soon', 'Text.', '2026-11-13'));
    await example.write('posts/draft.md', '---\ntitle: Draft\ndate: 2026-11-02\ndraft: true\n---\nText.\n');
    const today = await gather();
    expect(titles(today.posts)).toEqual(['Soon', 'Draft', 'New', 'Old']);
    expect(titles(today.published)).toEqual(['New', 'Old']);
    const tomorrow = await gather({ clock: () => START.add({ hours: 24 }) });
    expect(titles(tomorrow.published)).toEqual(['Soon', 'New', 'Old']);
  });

  it('remembers nothing by itself', async () => {
    await example.write('posts/a.md', postText('A'));
    const gathered = await gather();
    expect(gathered.changedRecords).toHaveLength(1);
    expect(await example.renga.store.posts.all()).toEqual([]);
    await recordPosts(example.renga, gathered);
    expect((await example.renga.store.posts.all()).map(({ id }) => id)).toEqual([
      'tag:example.org,2026-11-01:a',
    ]);
    expect((await gather()).changedRecords).toEqual([]);
  });

  it('knows a post again in its new place, and an undated one by the day it was first seen', async () => {
    await example.write('posts/a.md', 'Undated\n\nText of it.\n');
    const first = await gather();
    await recordPosts(example.renga, first);
    await example.remove('posts/a.md');
    await example.write('posts/elsewhere/b.md', 'Undated\n\nText of it.\n');
    const [post] = (await gather({ clock: () => START.add({ hours: 99 }) })).posts;
    expect([post?.id, post?.publishedAt.toString()]).toEqual([
      first.posts[0]?.id,
      first.posts[0]?.publishedAt.toString(),
    ]);
    expect(post?.slug).toBe('elsewhere-b');
  });

  it('mints ids under the host of the publication', async () => {
    await example.write('posts/a.md', postText('A'));
    const publication = { ...example.renga.publication, url: 'https://poems.example:8443/blog/' };
    expect((await gather({ publication })).posts[0]?.id).toBe('tag:poems.example,2026-11-01:a');
  });

  it('tells of a post it left out, and goes on with the others', async () => {
    await example.write('posts/a.md', postText('A'));
    await example.write('posts/bad.md', '---\ntitle: [\n---\nText.\n');
    const { posts, problems } = await gather();
    expect(titles(posts)).toEqual(['A']);
    const errors = problems.filter(({ severity }) => severity === 'error');
    expect(errors).toMatchObject([{ path: 'posts/bad.md', line: 2 }]);
  });

  it('gives the Markdown of a post, and none when its file changed since', async () => {
    await example.write('posts/a.md', postText('A', 'Body of *a*.'));
    const { posts, markdownOf } = await gather();
    const [post] = posts;
    if (!post) throw new Error('there is a post');
    expect(markdownOf(post)).toContain('Body of *a*.');
    await example.write('posts/a.md', postText('A', 'Another body.'));
    expect(markdownOf(post)).toBeNull();
  });
});

describe('an empty folder', () => {
  it('is fine while nothing was ever published', async () => {
    expect((await gather()).posts).toEqual([]);
  });

  it.each([
    [
      'is gone',
      async (root: string) => await rm(join(root, 'posts'), { recursive: true }),
      'no folder posts/',
    ],
    ['holds nothing', async (root: string) => await rm(join(root, 'posts/a.md')), 'no post that can be read'],
  ])('is refused when it %s and posts were known', async (_, empty, message) => {
    await example.write('posts/a.md', postText('A'));
    await recordPosts(example.renga, await gather());
    await empty(example.root);
    await expect(gather()).rejects.toThrow(message);
    const meant = await gather({}, true);
    expect([meant.posts, meant.changedRecords]).toEqual([[], []]);
  });

  it('is refused too when no post in it can be read', async () => {
    await example.write('posts/a.md', postText('A'));
    await recordPosts(example.renga, await gather());
    await example.write('posts/a.md', '---\ntitle: [\n---\n');
    await expect(gather()).rejects.toThrow('1 were known before');
  });

  it('forgets nobody: the posts are the same when they are back', async () => {
    await example.write('posts/a.md', postText('A'));
    const before = await gather();
    await recordPosts(example.renga, before);
    await example.remove('posts/a.md');
    await recordPosts(example.renga, await gather({}, true));
    await example.write('posts/a.md', postText('A'));
    expect((await gather()).posts[0]?.id).toBe(before.posts[0]?.id);
  });
});
