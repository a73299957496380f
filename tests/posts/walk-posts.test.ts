/** What walks meet: files with where they lie, and the very values of the last walk where they are as they were. */
import { realpathSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { walkPosts } from '../../src/posts/walk-posts.ts';
import { makePublication } from './publication-folder.ts';

it('says where each file lies, one that a link leads to among them', async () => {
  const { root, write } = makePublication();
  const [plain, target] = [write('deep/a.md', 'a'), write('z.md', 'z')];
  symlinkSync(target, join(root, 'posts', 'link.md'));
  const { files } = await walkPosts(root);
  expect(files.map(({ path, file }) => [path, file])).toEqual([
    ['posts/deep/a.md', realpathSync(plain)],
    ['posts/link.md', realpathSync(target)],
    ['posts/z.md', realpathSync(target)],
  ]);
});

it('gives the very values of the last walk for what is as it was', async () => {
  const { root, write } = makePublication();
  for (const name of ['a.md', 'b.md', 'c.md', 'd/e.md']) write(name, name);
  const last = await walkPosts(root);
  write('b.md', 'longer than before');
  write('b2.md', 'new');
  renameSync(join(root, 'posts', 'c.md'), join(root, 'posts', 'c2.md'));
  const walk = await walkPosts(root, undefined, last.files);
  const kept = walk.files.filter((file) => last.files.includes(file)).map(({ path }) => path);
  expect(kept).toEqual(['posts/a.md', 'posts/d/e.md']);
  expect(walk.mark).toBe((await walkPosts(root)).mark);
  expect(walk.files).toEqual((await walkPosts(root)).files);
});
