/** The files of `public/`: whole, written only when they changed, taken away when nobody makes them any more, and nobody else's touched. */
import {
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type OutputChange, writeOutputs } from '../../src/app/write-outputs.ts';
import type { Cache } from '../../src/domain/cache.ts';
import type { Output } from '../../src/domain/output.ts';
import { memoryCache } from '../posts/publication-folder.ts';

let folder: string;
let cache: Cache;
let rendered: string[];

beforeEach(async () => {
  const root = await mkdtemp(join(tmpdir(), 'renga-outputs-'));
  onTestFinished(async () => await rm(root, { recursive: true, force: true }));
  folder = join(root, 'public');
  cache = memoryCache();
  rendered = [];
});

/** An output whose bytes are its text, and which says when it is made. */
function output(path: string, text: string): Output {
  const render = async (): Promise<string> => {
    rendered.push(path);
    return await Promise.resolve(text);
  };
  return { path, fingerprint: `fingerprint of ${text}`, render };
}

type Done = readonly OutputChange[] | { readonly changes: readonly OutputChange[] };
const changesOf = (done: Done): readonly OutputChange[] => ('changes' in done ? done.changes : done);

const write = async (outputs: readonly Output[], dryRun = false): Promise<readonly OutputChange[]> =>
  changesOf(await writeOutputs({ folder, cache, dryRun }, [outputs]));

const changes = (list: readonly OutputChange[]): Readonly<Record<string, string>> =>
  Object.fromEntries(list.map(({ path, change }) => [path, change]));

const text = async (path: string): Promise<string> => await readFile(join(folder, path), 'utf8');
const filesOf = async (): Promise<readonly string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted();

async function put(path: string, content: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), content);
}

/** Gives a file a time of its own, so that being written again shows. */
async function age(path: string): Promise<void> {
  await utimes(join(folder, path), 1, 1);
}
const timeOf = async (path: string): Promise<number> => (await stat(join(folder, path))).mtimeMs;

describe('writeOutputs', () => {
  it('writes what is not there, in folders of their own, and leaves nothing beside', async () => {
    const bytes = new Uint8Array([0, 255, 13, 10]);
    const picture: Output = {
      path: 'a/p.png',
      fingerprint: 'p',
      render: async () => await Promise.resolve(bytes),
    };
    const done = await write([output('index.html', 'front'), output('a/index.html', 'a'), picture]);
    expect(changes(done)).toEqual({ 'index.html': 'added', 'a/index.html': 'added', 'a/p.png': 'added' });
    expect(await text('a/index.html')).toBe('a');
    expect(new Uint8Array(await readFile(join(folder, 'a/p.png')))).toEqual(bytes);
    expect(await readdir(folder)).toEqual(['a', 'index.html']);
  });

  it('neither renders nor writes again what it knows to be there', async () => {
    await write([output('a.html', 'a'), output('b.html', 'b')]);
    const before = [await timeOf('a.html'), await timeOf('b.html')];
    rendered = [];
    const again = await write([output('a.html', 'a'), output('b.html', 'b')]);
    expect(changes(again)).toEqual({ 'a.html': 'unchanged', 'b.html': 'unchanged' });
    expect(rendered).toEqual([]);
    expect([await timeOf('a.html'), await timeOf('b.html')]).toEqual(before);
  });

  it('does not write bytes that are there already, though their fingerprint is another or the cache was lost', async () => {
    await write([output('a.html', 'a'), output('b.html', 'b')]);
    await age('a.html');
    await age('b.html');
    cache = memoryCache();
    const renamed: Output = { ...output('a.html', 'a'), fingerprint: 'another' };
    expect(changes(await write([renamed, output('b.html', 'b')]))).toEqual({
      'a.html': 'unchanged',
      'b.html': 'unchanged',
    });
    expect([await timeOf('a.html'), await timeOf('b.html')]).toEqual([1000, 1000]);
  });

  it('writes what changed and nothing else', async () => {
    await write([output('a.html', 'a'), output('b.html', 'b')]);
    await age('b.html');
    await write([output('a.html', 'a'), output('b.html', 'b')]);
    expect(changes(await write([output('a.html', 'A, edited'), output('b.html', 'b')]))).toEqual({
      'a.html': 'changed',
      'b.html': 'unchanged',
    });
    expect(await text('a.html')).toBe('A, edited');
    expect(await timeOf('b.html')).toBe(1000);
  });

  it('puts back what somebody altered, of the same length too, or removed', async () => {
    const outputs = [output('a.html', 'right'), output('b.html', 'right'), output('c.html', 'right')];
    await write(outputs);
    await put('a.html', 'wrong');
    await age('a.html');
    await put('b.html', 'longer than it was');
    await rm(join(folder, 'c.html'));
    expect(changes(await write(outputs))).toEqual({
      'a.html': 'changed',
      'b.html': 'changed',
      'c.html': 'added',
    });
    expect([await text('a.html'), await text('b.html'), await text('c.html')]).toEqual(
      Array.from({ length: 3 }, () => 'right'),
    );
  });

  it('takes away what is no longer made, with its folder', async () => {
    await write([output('index.html', 'front'), output('gone/index.html', 'x'), output('gone/p.png', 'p')]);
    const done = await write([output('index.html', 'front')]);
    expect(changes(done)).toEqual({
      'index.html': 'unchanged',
      'gone/index.html': 'removed',
      'gone/p.png': 'removed',
    });
    expect(await readdir(folder)).toEqual(['index.html']);
    expect(changes(await write([output('index.html', 'front')]))).toEqual({ 'index.html': 'unchanged' });
  });

  it('never takes away what is not its own, or is not any more', async () => {
    await write([output('gone/index.html', 'x'), output('taken.html', 'mine')]);
    await put('CNAME', 'example.org');
    await put('gone/notes.txt', 'somebody else');
    await put('taken.html', 'somebody else');
    expect(changes(await write([]))).toEqual({ 'gone/index.html': 'removed' });
    expect(await filesOf()).toEqual(['CNAME', 'gone/notes.txt', 'taken.html']);
    expect(await text('taken.html')).toBe('somebody else');
  });

  it('replaces a file whole: whoever has the old one open reads it to its end', async () => {
    await write([output('a.html', 'the old text')]);
    const before = await stat(join(folder, 'a.html'));
    await write([output('a.html', 'the new text, which is longer')]);
    expect((await stat(join(folder, 'a.html'))).ino).not.toBe(before.ino);
  });

  it('replaces a link that stands in its place, and never writes or removes what it leads to', async () => {
    const outside = join(folder, '..', 'outside.txt');
    await mkdir(folder);
    await writeFile(outside, 'not published');
    await symlink('../outside.txt', join(folder, 'a.html'));
    expect(changes(await write([output('a.html', 'a')]))).toEqual({ 'a.html': 'changed' });
    expect((await lstat(join(folder, 'a.html'))).isFile()).toBe(true);
    await writeFile(outside, 'a');
    await rm(join(folder, 'a.html'));
    await symlink('../outside.txt', join(folder, 'a.html'));
    await write([]);
    expect(await readFile(outside, 'utf8')).toBe('a');
  });

  it('leaves the old file, and those after it, when one cannot be made', async () => {
    await write([output('a.html', 'old'), output('rss.xml', 'old')]);
    const broken: Output = {
      path: 'a.html',
      fingerprint: 'broken',
      render: async () => await Promise.reject(new Error('a broken template')),
    };
    const groups = [[broken], [output('rss.xml', 'new')]];
    await expect(writeOutputs({ folder, cache, dryRun: false }, groups)).rejects.toThrow('a broken template');
    expect([await text('a.html'), await text('rss.xml')]).toEqual(['old', 'old']);
  });

  it('goes on after a run that died, and sweeps what it left', async () => {
    await put('.renga-new/half', 'hal');
    expect(changes(await write([output('a.html', 'a')]))).toEqual({ 'a.html': 'added' });
    expect(await readdir(folder)).toEqual(['a.html']);
  });

  it('finishes a group before it begins the next', async () => {
    const seen: boolean[] = [];
    const feed: Output = {
      path: 'rss.xml',
      fingerprint: 'feed',
      render: async () => {
        seen.push((await filesOf()).filter((path) => path.startsWith('page-')).length === 40);
        return 'feed';
      },
    };
    const pages = Array.from({ length: 40 }, (_, index) => output(`page-${index}.html`, String(index)));
    await writeOutputs({ folder, cache, dryRun: false }, [pages, [feed]]);
    expect(seen).toEqual([true]);
  });

  it('says beforehand what it would do, and does none of it', async () => {
    await write([output('a.html', 'a'), output('b.html', 'b'), output('c.html', 'c')]);
    await put('.renga-new/of-another-run', 'at work');
    const before = [await filesOf(), cache.all('output')];
    const next = [output('a.html', 'a'), output('b.html', 'B'), output('d.html', 'd')];
    const planned = await write(next, true);
    expect(changes(planned)).toEqual({
      'a.html': 'unchanged',
      'b.html': 'changed',
      'c.html': 'removed',
      'd.html': 'added',
    });
    expect([await filesOf(), cache.all('output')]).toEqual(before);
    expect(await text('b.html')).toBe('b');
    expect(await write(next)).toEqual(planned);
  });

  it('plans for a folder that is not there without making it', async () => {
    expect(changes(await write([output('a.html', 'a')], true))).toEqual({ 'a.html': 'added' });
    await expect(stat(folder)).rejects.toThrow('ENOENT');
  });
});
