/** Bodies are rendered while the posts are being read, each once, and what was begun is kept whatever becomes of the reading. */
import { afterAll, beforeEach, expect, it } from 'vitest';
import { gatherRendering } from '../../../src/app/entries/render-ahead.ts';
import { gatherPosts } from '../../../src/app/identity/gather-posts.ts';
import { prepareEntries } from '../../../src/app/entries/prepare-entries.ts';
import type { Renga } from '../../../src/app/renga.ts';
import {
  type ExamplePublication,
  openExamplePublication,
  openExampleWorkshop,
  postText,
} from '../example-publication.ts';

const workshop = openExampleWorkshop();
afterAll(async () => await workshop.close());

let example: ExamplePublication;
let renga: Renga;
let slugs: string[];

beforeEach(async () => {
  example = await openExamplePublication(workshop);
  slugs = [];
  const body: typeof workshop.body = async (job) => {
    slugs.push(job.slug);
    return await workshop.body(job);
  };
  renga = { ...example.renga, workshop: { ...workshop, body } };
  await example.write('posts/a.md', postText('A', 'Text of a.', '2026-11-01'));
  await example.write('posts/b.md', postText('B', 'Text of b.', '2026-11-02'));
  await example.write('posts/c.md', '---\ntitle: C\ndraft: true\n---\n\nText of c.\n');
});

const gather = async () =>
  await gatherRendering(renga, async (listener) =>
    gatherPosts(renga, { trustStamps: true, allowEmpty: false, listener }),
  );

it('renders each post once, and no draft', async () => {
  const gathered = await gather();
  expect(slugs.toSorted()).toEqual(['a', 'b']);
  const { entries } = await prepareEntries(renga, gathered.published, gathered);
  expect(slugs).toHaveLength(2);
  expect(await Promise.all(entries.map(async (entry) => await entry.loadHtml()))).toEqual([
    '<p>Text of b.</p>',
    '<p>Text of a.</p>',
  ]);
});

it('renders again only what was written anew', async () => {
  await gather();
  await example.write('posts/b.md', postText('B', 'Another text of b.', '2026-11-02'));
  await gather();
  expect(slugs.toSorted()).toEqual(['a', 'b', 'b']);
});

it('keeps what was begun when the reading fails', async () => {
  const failing = gatherRendering(renga, async (listener) => {
    await gatherPosts(renga, { trustStamps: true, allowEmpty: false, listener });
    throw new Error('no more');
  });
  await expect(failing).rejects.toThrow('no more');
  expect([...renga.cache.all('body').keys()].toSorted()).toEqual(['posts/a.md', 'posts/b.md']);
});
