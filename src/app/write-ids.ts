/** Writes recorded ids and dates into front matter (`posts ids --write`), so that a fresh clone without a database keeps them. */
import { writeFrontMatter } from '../posts/write-front-matter.ts';
import { gatherPosts, recordPosts } from './gather-posts.ts';
import type { Renga } from './renga.ts';

export type WrittenId = {
  readonly path: string;
  readonly id: string;
  readonly change: 'written' | 'unchanged';
};

export async function writeIds(renga: Renga): Promise<readonly WrittenId[]> {
  const gathered = await gatherPosts(renga, { trustStamps: true, allowEmpty: false });
  await recordPosts(renga, gathered);
  const written: WrittenId[] = [];
  for (const { path, id, publishedAt } of gathered.posts) {
    const date = publishedAt.toString({ timeZoneName: 'never', smallestUnit: 'second' });
    written.push({
      path,
      id,
      change: await writeFrontMatter({ root: renga.root, path, values: { id, date } }),
    });
  }
  return written;
}
