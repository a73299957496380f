/** Files beside posts are read once, and again as soon as they may be others. */
import { utimesSync } from 'node:fs';
import { expect, it } from 'vitest';
import { openFileBook } from '../../src/posts/file-book.ts';
import { findAssets, realFolder } from '../../src/posts/find-assets.ts';
import { makePublication } from './publication-folder.ts';

it('reads a file again only when its stamp is another, or when stamps are not to be trusted', async () => {
  const { root, cache, write } = makePublication();
  const find = async (trustStamps: boolean) => {
    const book = openFileBook(cache, trustStamps);
    const post = { path: 'posts/day.md', slug: 'day' };
    const found = await findAssets({ root, top: realFolder(root), post, references: ['scan.pdf'], book });
    book.keep();
    return found.assets.map(({ bytes }) => bytes);
  };
  const file = write('scan.pdf', 'first');
  expect(await find(true)).toEqual([5]);
  // What is kept is told, as long as the file looks the same.
  const [[path = '', text = ''] = []] = cache.all('file-facts');
  cache.put('file-facts', new Map([[path, text.replace('"bytes":5', '"bytes":7')]]));
  expect(await find(true)).toEqual([7]);
  expect(await find(false)).toEqual([5]);
  cache.put('file-facts', new Map([[path, text.replace('"bytes":5', '"bytes":7')]]));
  utimesSync(file, new Date(0), new Date(0));
  expect(await find(true)).toEqual([5]);
});
