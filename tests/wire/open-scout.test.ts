/** The scout sees what a walk and a look at every output would, and never keeps a publish from its work. */
import { readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { publish } from '../../src/app/publish.ts';
import type { FoundFile } from '../../src/posts/found-file.ts';
import { walkPosts } from '../../src/posts/walk-posts.ts';
import { openScout } from '../../src/wire/open-scout.ts';
import {
  type ExamplePublication,
  openExamplePublication,
  openExampleWorkshop,
  postText,
} from '../app/example-publication.ts';

const OPTIONS = {
  trustStamps: true,
  allowEmpty: true,
  allowReflood: false,
  byHand: null,
  signal: new AbortController().signal,
};
const workshop = openExampleWorkshop();
afterAll(async () => await workshop.close());

async function publishTwo(): Promise<ExamplePublication> {
  const publication = await openExamplePublication(workshop);
  await publication.write('posts/a.md', postText('a'));
  await publication.write('posts/deep/b.md', postText('b'));
  await publish(publication.renga, OPTIONS);
  return publication;
}

const placeOf = ({ path, file, stamp }: FoundFile): FoundFile => ({ path, file, stamp });

describe('a scout', () => {
  it('meets what a walk meets', async () => {
    const { root, write } = await publishTwo();
    await write('posts/c.md', postText('c'));
    const scout = openScout(root, 0);
    const { files, mark, problems, top, isPlain, isThere } = await walkPosts(root);
    const met = (await scout?.walk())?.walk;
    expect({ ...met, files: met?.files.map(placeOf) }).toEqual({
      files: files.map(placeOf),
      mark,
      problems,
      top,
      isPlain,
      isThere,
    });
    expect(await scout?.hasNews()).toBe(true);
  });

  it('leaves links to those who can follow them', async () => {
    const { root } = await publishTwo();
    symlinkSync(join(root, 'posts', 'a.md'), join(root, 'posts', 'link.md'));
    expect(await openScout(root, 0)?.walk()).toBeNull();
  });

  it('says which outputs are gone, changed or only touched', async () => {
    const { root } = await publishTwo();
    rmSync(join(root, 'public', 'atom.xml'));
    writeFileSync(join(root, 'public', 'index.html'), 'mine');
    utimesSync(join(root, 'public', 'rss.xml'), 1_700_000_000, 1_700_000_000);
    const doubts = await openScout(root, 0)?.doubts();
    expect([...(doubts?.paths ?? [])].sort()).toEqual(['atom.xml', 'index.html', 'rss.xml']);
  });

  it('doubts nothing where all is as it was left', async () => {
    const { root } = await publishTwo();
    expect((await openScout(root, 0)?.doubts())?.paths).toEqual(new Set());
  });

  it('is not sent where there is little to look at', async () => {
    const { root } = await publishTwo();
    expect(openScout(root)).toBeUndefined();
    expect(openScout(join(root, 'nowhere'), 1)).toBeUndefined();
  });

  it('knows nothing where its thread cannot do its work', async () => {
    const { root } = await publishTwo();
    rmSync(join(root, 'posts'), { recursive: true });
    const scout = openScout(root, 0);
    expect(await scout?.hasNews()).toBe(false);
    expect(await scout?.walk()).toBeNull();
  });
});

describe('a publish with a scout', () => {
  it('is told of outputs that somebody changed, though no post did', async () => {
    const { root, renga, published } = await publishTwo();
    const before = await published('index.html');
    writeFileSync(join(root, 'public', 'index.html'), 'mine');
    const { files } = await publish(renga, { ...OPTIONS, scout: openScout(root, 0) });
    expect(files.filter(({ change }) => change !== 'unchanged').map(({ path }) => path)).toEqual([
      'index.html',
    ]);
    expect(await published('index.html')).toBe(before);
  });

  it('looks itself where another program wrote after the scout was there', async () => {
    const { root, renga, write, published } = await publishTwo();
    const scout = openScout(root, 0);
    await scout?.doubts();
    await write('posts/c.md', postText('c'));
    await publish(renga, OPTIONS);
    const page = join(root, 'public', 'c', 'index.html');
    const made = readFileSync(page, 'utf8');
    writeFileSync(page, 'mine');
    await write('posts/d.md', postText('d'));
    await publish(renga, { ...OPTIONS, scout });
    expect(await published('c/index.html')).not.toBe('mine');
    expect(made).toContain('<html');
    expect(statSync(page).size).toBeGreaterThan(4);
  });
});
