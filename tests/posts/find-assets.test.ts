/** Files beside a post are found and described; nothing leaves `posts/` that should not. */
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderProblem } from '../../src/domain/problem.ts';
import { findAssets, realFolder, type FoundAssets } from '../../src/posts/find-assets.ts';
import { nameAsset } from '../../src/posts/name-asset.ts';
import { openFileBook } from '../../src/posts/file-book.ts';
import { makePublication, memoryCache, type PublicationFolder } from './publication-folder.ts';

/** The first bytes of a picture are all of it that says its size. */
function png(width: number, height: number, rest = ''): Buffer {
  const header = Buffer.from('89504e470d0a1a0a0000000d494844520000000000000000080600000000000000', 'hex');
  header.writeUInt32BE(width, 16);
  header.writeUInt32BE(height, 20);
  return Buffer.concat([header, Buffer.from(rest)]);
}

async function find(
  { root }: PublicationFolder,
  references: readonly string[],
  path = 'posts/trip/day.md',
): Promise<FoundAssets> {
  const book = openFileBook(memoryCache(), true);
  return await findAssets({
    root,
    top: realFolder(root),
    post: { path, slug: 'trip-day' },
    references,
    book,
  });
}

const told = (found: FoundAssets): readonly string[] => found.problems.map(renderProblem);

describe('findAssets', () => {
  it('describes a picture beside the post', async () => {
    const publication = makePublication();
    const bytes = png(640, 480);
    publication.write('trip/server.png', bytes);
    expect(await find(publication, ['server.png'])).toEqual({
      problems: [],
      isInSight: true,
      assets: [
        {
          reference: 'server.png',
          path: 'posts/trip/server.png',
          publicPath: 'trip-day/server.png',
          hash: createHash('sha256').update(bytes).digest('hex'),
          bytes: bytes.length,
          type: 'image/png',
          size: { width: 640, height: 480 },
        },
      ],
    });
  });

  it('measures SVG, and gives its type', async () => {
    const publication = makePublication();
    publication.write('trip/a.svg', '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 20"></svg>');
    expect((await find(publication, ['a.svg'])).assets).toMatchObject([
      { type: 'image/svg+xml', size: { width: 30, height: 20 } },
    ]);
  });

  it('takes files of any kind that cannot run', async () => {
    const publication = makePublication();
    const names = ['a.pdf', 'b.zip', 'c.mp3', 'd.tar.gz', 'e.odt', 'f.txt', 'README'];
    for (const name of names) publication.write(`trip/${name}`, name);
    const found = await find(publication, names);
    expect(found.assets.map(({ type, size }) => [type, size])).toEqual(
      expect.arrayContaining([
        ['application/pdf', null],
        ['application/zip', null],
        ['audio/mpeg', null],
        ['application/octet-stream', null],
      ]),
    );
    expect(found).toMatchObject({ problems: [] });
    expect(found.assets).toHaveLength(names.length);
  });

  it('understands references as URLs are written', async () => {
    const publication = makePublication();
    publication.write('trip/größer bild.png', png(1, 1));
    publication.write('pictures/b.png', png(2, 2));
    const references = [
      'gr%C3%B6%C3%9Fer%20bild.png?x=1#top',
      './größer bild.png',
      '../pictures/b.png',
      '../trip/../pictures/b.png',
    ];
    const found = await find(publication, references);
    expect(found.problems).toEqual([]);
    expect(new Map(found.assets.map(({ reference, path }) => [reference, path]))).toEqual(
      new Map([
        [references[0], 'posts/trip/größer bild.png'],
        [references[1], 'posts/trip/größer bild.png'],
        [references[2], 'posts/pictures/b.png'],
        [references[3], 'posts/pictures/b.png'],
      ]),
    );
    expect(new Set(found.assets.map(({ publicPath }) => publicPath))).toEqual(
      new Set(['trip-day/grosser-bild.png', 'trip-day/b.png']),
    );
  });

  it('keeps two files with one name apart, whatever the order of their mention', async () => {
    const publication = makePublication();
    publication.write('trip/a/x.png', png(1, 1));
    publication.write('trip/b/X.png', png(2, 2));
    const there = await find(publication, ['a/x.png', 'b/X.png']);
    const back = await find(publication, ['b/X.png', 'a/x.png']);
    expect(there.assets.map(({ publicPath }) => publicPath)).toEqual([
      'trip-day/x.png',
      expect.stringMatching(/^trip-day\/X-[0-9a-f]{8}\.png$/),
    ]);
    expect(back).toEqual(there);
  });

  it.each([
    ['missing', 'nope.png', 'is missing'],
    ['above posts/', '../../config/renga.yaml', 'leaves posts/'],
    ['far above', '../../../../../../etc/hostname', 'leaves posts/'],
    ['above, escaped', '%2e%2e/%2e%2e/config/renga.yaml', 'leaves posts/'],
    ['beside posts/', '../../posts-private/x.png', 'leaves posts/'],
    ['at the root', '/etc/hostname', 'begins with /'],
    ['at the root, escaped', '%2Fetc%2Fhostname', 'begins with /'],
    ['through a link', 'out.png', 'leads out of posts/ through a link'],
    ['through a folder’s link', 'outside/x.png', 'leads out of posts/ through a link'],
    ['a folder', '../trip', 'is not a file'],
    ['a pipe', 'pipe.png', 'is not a file'],
    ['hidden', '.env', 'is a hidden file'],
    ['in a hidden folder', '../.git/config', 'is a hidden file'],
    ['another post', 'other.md', 'is a post'],
    ['a transcript', '000.txt', 'is a post'],
    ['not decodable', '%E0%A4%A', 'is no path'],
    ['with NUL', 'a%00.png', 'holds control characters'],
    ['a page', 'x.html', 'could run in a browser'],
    ['a page by another name', 'x.HTM', 'could run in a browser'],
    ['a script', 'x.js', 'could run in a browser'],
    ['a module', 'x.mjs', 'could run in a browser'],
    ['a program of a server', 'x.php', 'could run in a browser'],
    ['XML', 'x.xml', 'could run in a browser'],
    ['a page behind a link’s name', 'page.png', 'could run in a browser'],
  ])('leaves behind what is %s, with one warning', async (_, reference, reason) => {
    const publication = makePublication();
    const posts = join(publication.root, 'posts');
    mkdirSync(join(publication.root, 'posts-private'));
    for (const name of ['config', 'outside']) mkdirSync(join(publication.root, name));
    for (const name of ['posts-private/x.png', 'config/renga.yaml', 'outside/x.png'])
      writeFileSync(join(publication.root, name), 'x');
    for (const name of ['.env', 'x.html', 'x.HTM', 'x.js', 'x.mjs', 'x.php', 'x.xml', 'other.md'])
      publication.write(`trip/${name}`, 'x');
    publication.write('.git/config', 'x');
    publication.write('trip/000.txt', '$ cat post/secret.md\nText.');
    symlinkSync('/etc/hostname', join(posts, 'trip', 'out.png'));
    symlinkSync('../../outside', join(posts, 'trip', 'outside'));
    symlinkSync('x.html', join(posts, 'trip', 'page.png'));
    execFileSync('mkfifo', [join(posts, 'trip', 'pipe.png')]);
    const found = await find(publication, [reference]);
    expect(found.assets).toEqual([]);
    expect(told(found)).toHaveLength(1);
    expect(told(found)[0]).toContain('posts/trip/day.md: warning: the file "');
    expect(told(found)[0]).toContain(reason);
  });

  it('reads a large file in pieces', async () => {
    const publication = makePublication();
    truncateSync(publication.write('trip/film.mp4', png(1, 1)), 80_000_000);
    const before = process.memoryUsage().arrayBuffers;
    const found = await find(publication, ['film.mp4']);
    expect(found.assets[0]?.bytes).toBe(80_000_000);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(60_000_000);
  });

  it('says nothing of the size of what is no picture', async () => {
    const publication = makePublication();
    publication.write('trip/a.png', 'not a picture');
    publication.write('trip/b.png', png(0, 10));
    publication.write('trip/c.png', '');
    expect((await find(publication, ['a.png', 'b.png', 'c.png'])).assets.map(({ size }) => size)).toEqual([
      null,
      null,
      null,
    ]);
  });
});

describe('nameAsset', () => {
  it.each([
    ['server.png', 'server.png'],
    ['Größe 1.PNG', 'Grosse-1.png'],
    ['写真.jpg', 'XieZhen.jpg'],
    ['a"b<c>.png', 'a-b-c.png'],
    ['con.png', 'file-con.png'],
    ['index.png', 'file-index.png'],
    ['。.png', 'file.png'],
    ['-rf.png', 'rf.png'],
    ['no-extension', 'no-extension'],
    ['trailing. ', 'trailing'],
    [`${'x'.repeat(200)}.png`, `${'x'.repeat(80)}.png`],
  ])('makes of %s %s', (name, expected) => {
    expect(nameAsset(name)).toBe(expected);
  });
});
