/** A program that runs on publishes what changed; what it leaves in `public/` is, byte for byte, what a clean build makes. */
import { readdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { array, assert, asyncProperty, constantFrom, record } from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { publishFeedsAndPages, publishRound } from '../../../src/app/publish.ts';
import { SiteMemory } from '../../../src/app/site/site-memory.ts';
import { memoryCache } from '../../posts/publication-folder.ts';
import {
  type ExamplePublication,
  openExamplePublication,
  START,
  openExampleWorkshop,
  postText,
} from '../example-publication.ts';

const OPTIONS = { trustStamps: true, allowEmpty: true, allowReflood: true };
const workshop = openExampleWorkshop();
afterAll(async () => await workshop.close());

type Change = {
  readonly kind: 'post' | 'picture' | 'remove' | 'move' | 'nothing' | 'restart';
  readonly name: string;
  readonly to: string;
  readonly text: string;
};

const name = constantFrom('a', 'b', 'c', 'deep/d', 'deep/e');
const change = record({
  kind: constantFrom<Change['kind']>('post', 'post', 'picture', 'remove', 'move', 'nothing', 'restart'),
  name,
  to: name,
  text: constantFrom('One.', 'Two, with [a file](scan.txt).', 'Three.', '![Four](scan.txt)'),
});

async function apply({ root, write }: ExamplePublication, one: Change): Promise<readonly string[]> {
  const posts = realpathSync(join(root, 'posts'));
  const file = join(posts, `${one.name}.md`);
  const date = `2026-11-0${'abcde'.indexOf(one.name.at(-1) ?? '') + 1}`;
  if (one.kind === 'nothing' || one.kind === 'restart') return [];
  if (one.kind === 'post') await write(`posts/${one.name}.md`, postText(one.name, one.text, date));
  if (one.kind === 'picture') {
    const beside = one.name.startsWith('deep') ? 'posts/deep/scan.txt' : 'posts/scan.txt';
    await write(beside, `scan ${one.text}`);
    return [join(root, beside)].map((path) => realpathSync(path));
  }
  try {
    if (one.kind === 'remove') rmSync(file);
    if (one.kind === 'move') renameSync(file, join(posts, `${one.to}.md`));
  } catch {
    return [];
  }
  return one.kind === 'move' ? [file, join(posts, `${one.to}.md`)] : [file];
}

/** The same publication built with nothing to go by but its posts and records. */
async function buildAnew(publication: ExamplePublication): Promise<ReadonlyMap<string, string>> {
  rmSync(join(publication.root, 'public'), { recursive: true });
  await publishFeedsAndPages({ ...publication.renga, cache: memoryCache() }, OPTIONS);
  return await publication.publicFiles();
}

function timesOf(root: string): ReadonlyMap<string, bigint> {
  const entries = readdirSync(join(root, 'public'), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(files.map((file) => [file, statSync(file, { bigint: true }).mtimeNs]));
}

describe('a round of a program that runs on', () => {
  it('leaves what a clean build would, whatever happened since the last', { timeout: 120_000 }, async () => {
    await assert(
      asyncProperty(
        array(array(change, { maxLength: 3 }), { minLength: 1, maxLength: 5 }),
        async (rounds) => {
          const publication = await openExamplePublication(workshop);
          let memory = new SiteMemory();
          await publication.write('posts/first.md', postText('first'));
          await publishRound(publication.renga, OPTIONS, memory, null);
          for (const changes of rounds) {
            if (changes.some(({ kind }) => kind === 'restart')) {
              await publishRound(publication.renga, OPTIONS, memory, null);
              memory = new SiteMemory();
            }
            const places: string[] = [];
            for (const one of changes) places.push(...(await apply(publication, one)));
            await publishRound(publication.renga, OPTIONS, memory, places);
            const left = await publication.publicFiles();
            expect(left).toEqual(await buildAnew(publication));
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it('touches no file that does not change, and looks at none', async () => {
    const publication = await openExamplePublication(workshop);
    const { renga, root, write } = publication;
    const memory = new SiteMemory();
    for (const day of [1, 2, 3, 4, 5])
      await write(`posts/p${day}.md`, postText(`p${day}`, 'x', `2026-11-0${day}`));
    await publishRound(renga, OPTIONS, memory, null);
    const before = timesOf(root);
    await write('posts/p6.md', postText('p6', 'x', '2026-11-06'));
    const { site } = await publishRound(renga, OPTIONS, memory, [
      join(realpathSync(join(root, 'posts')), 'p6.md'),
    ]);
    const changed = site.files.filter((file) => file.change !== 'unchanged').map(({ path }) => path);
    expect(changed.toSorted()).toEqual([
      'archive/index.html',
      'atom.xml',
      'feed.json',
      'index.html',
      'p5/index.html',
      'p6/index.html',
      'rss.xml',
      'sitemap.xml',
    ]);
    const kept = [...timesOf(root)].filter(
      ([file]) => !changed.some((path) => file.endsWith(`/public/${path}`)),
    );
    expect(kept.length).toBeGreaterThan(4);
    expect(kept).toEqual(kept.map(([file]) => [file, before.get(file)]));
  });

  it('puts right what somebody did to public/ as soon as it looks at everything', async () => {
    const publication = await openExamplePublication(workshop);
    const { renga, root, write, published } = publication;
    const memory = new SiteMemory();
    await write('posts/a.md', postText('a'));
    await publishRound(renga, OPTIONS, memory, null);
    const page = await published('a/index.html');
    writeFileSync(join(root, 'public/a/index.html'), 'defaced');
    await publishRound(renga, OPTIONS, memory, []);
    expect(await published('a/index.html')).toBe('defaced');
    await publishRound(renga, { ...OPTIONS, trustStamps: false }, memory, []);
    expect(await published('a/index.html')).toBe(page);
  });

  it('looks at everything after another program wrote the site, after the cache was lost, and after it failed', async () => {
    const publication = await openExamplePublication(workshop);
    const { renga, root, write, published } = publication;
    const memory = new SiteMemory();
    await write('posts/a.md', postText('a'));
    await publishRound(renga, OPTIONS, memory, null);
    const page = await published('a/index.html');
    const deface = (): void => writeFileSync(join(root, 'public/a/index.html'), 'defaced');
    await publishFeedsAndPages(renga, OPTIONS);
    deface();
    await publishRound(renga, OPTIONS, memory, []);
    expect(await published('a/index.html')).toBe(page);
    deface();
    await publishRound({ ...renga, cache: memoryCache() }, OPTIONS, memory, []);
    expect(await published('a/index.html')).toBe(page);
    await publishRound(renga, OPTIONS, memory, null);
    const failing = {
      ...renga,
      publishLock: { hold: async () => await Promise.reject(new Error('full')) },
    };
    await expect(publishRound(failing, OPTIONS, memory, [])).rejects.toThrow('full');
    deface();
    await publishRound(renga, OPTIONS, memory, []);
    expect(await published('a/index.html')).toBe(page);
  });

  it('knows what another program recorded', async () => {
    const publication = await openExamplePublication(workshop);
    const { renga, root, write, publicFiles } = publication;
    const memory = new SiteMemory();
    await write('posts/a.md', postText('a'));
    await publishRound(renga, OPTIONS, memory, null);
    await write('posts/b.md', 'No date.');
    await publishFeedsAndPages(renga, OPTIONS);
    const left = await publicFiles();
    const later = { ...renga, clock: () => START.add({ hours: 30 }) };
    await publishRound(later, OPTIONS, memory, [join(realpathSync(join(root, 'posts')), 'b.md')]);
    expect(await publicFiles()).toEqual(left);
  });
});
