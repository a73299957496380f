/** Carrying to real folders and by real commands: order, what is sent again, and what a kill leaves. */
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { carrySite, type CarryReport } from '../../../src/app/carry/carry-site.ts';
import { readPublic } from '../../../src/app/carry/read-public.ts';
import type { Event } from '../../../src/app/event.ts';
import type { Target } from '../../../src/domain/target.ts';
import { openCache } from '../../../src/store/open-cache.ts';
import { openExampleOutside } from '../example-outside.ts';

let root = '';
let site = '';
let events: Event[] = [];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'renga-carry-'));
  site = join(root, 'elsewhere');
  for (const name of ['public', 'posts', 'var']) await mkdir(join(root, name));
  events = [];
  onTestFinished(async () => await rm(root, { recursive: true, force: true }));
});

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

const never = new AbortController().signal;

async function carry(targets: readonly Target[], signal = never): Promise<CarryReport> {
  const cache = openCache(join(root, 'var', 'cache.db'));
  onTestFinished(() => cache.close());
  const report = (event: Event): void => void events.push(event);
  const files = await readPublic(join(root, 'public'), cache);
  if (!files) throw new Error('public/ cannot be read');
  return await carrySite({ root, cache, targets, report, ...openExampleOutside(root) }, files, signal);
}

const toFolder = async (): Promise<CarryReport> => await carry([{ kind: 'folder', folder: site }]);

async function filesOf(folder: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = files.map(async (file) => [file.slice(folder.length + 1), await readFile(file, 'utf8')]);
  return Object.fromEntries(await Promise.all(texts)) as Readonly<Record<string, string>>;
}

describe('a folder', () => {
  it('gets every file of public/, and then only what changed', async () => {
    await write('public/index.html', 'front');
    await write('public/a post/index.html', 'a');
    await write('public/rss.xml', 'feed 1');
    await write('public/.renga-new/half', 'x');
    expect(await toFolder()).toEqual({ done: 1, failures: [] });
    const all = { 'index.html': 'front', 'a post/index.html': 'a', 'rss.xml': 'feed 1' };
    expect(await filesOf(site)).toEqual(all);
    const before = await stat(join(site, 'index.html'));
    await write('public/rss.xml', 'feed 2');
    await toFolder();
    expect(await filesOf(site)).toEqual({ ...all, 'rss.xml': 'feed 2' });
    expect((await stat(join(site, 'index.html'))).ino).toBe(before.ino);
    expect(events).toEqual([
      { kind: 'carried', written: 3, removed: 0 },
      { kind: 'carried', written: 1, removed: 0 },
    ]);
    await toFolder();
    expect(events).toHaveLength(2);
  });

  it('loses what public/ lost, with folders that are empty then, and nothing that is not ours', async () => {
    await write('public/old/deep/index.html', 'old');
    await write('public/shared/index.html', 'ours');
    await write('public/changed.html', 'ours');
    await write('public/rss.xml', 'feed');
    await toFolder();
    await write('elsewhere/shared/theirs.txt', 'theirs');
    await write('elsewhere/changed.html', 'theirs now');
    for (const path of ['old', 'shared', 'changed.html']) {
      await rm(join(root, 'public', path), { recursive: true });
    }
    await toFolder();
    expect(await filesOf(site)).toEqual({
      'shared/theirs.txt': 'theirs',
      'changed.html': 'theirs now',
      'rss.xml': 'feed',
    });
    expect(await readdir(site)).not.toContain('old');
  });

  it('gets back what somebody took away there', async () => {
    await write('public/index.html', 'front');
    await toFolder();
    await unlink(join(site, 'index.html'));
    await toFolder();
    expect(await filesOf(site)).toEqual({ 'index.html': 'front' });
  });

  it('knows its own files again after the cache was lost, and rewrites none', async () => {
    await write('public/index.html', 'front');
    await toFolder();
    const before = await stat(join(site, 'index.html'));
    for (const suffix of ['', '-wal', '-shm']) await rm(join(root, `var/cache.db${suffix}`), { force: true });
    await toFolder();
    expect((await stat(join(site, 'index.html'))).ino).toBe(before.ino);
  });

  it.each(['public', 'posts', 'public/below', '.'])('is not %s, by whatever name', async (own) => {
    await write('public/index.html', 'front');
    await mkdir(join(root, own), { recursive: true });
    await symlink(join(root, own), site);
    const { done, failures } = await toFolder();
    expect(done).toBe(0);
    expect(failures[0]?.message).toContain("publication's own folder");
  });

  it('is not made where the folder above it is missing, for its disk may be', async () => {
    await write('public/index.html', 'front');
    const { failures } = await carry([{ kind: 'folder', folder: join(root, 'mnt', 'disk') }]);
    expect(failures[0]?.message).toContain('cannot be published to');
    expect(await readdir(root)).not.toContain('mnt');
  });

  it('that fails keeps no other from its files', async () => {
    await write('public/index.html', 'front');
    await write('in-the-way', 'a file');
    const { done, failures } = await carry([
      { kind: 'folder', folder: join(root, 'in-the-way') },
      { kind: 'command', command: 'exit 3', remove: 'true' },
      { kind: 'folder', folder: site },
    ]);
    expect(done).toBe(1);
    expect(failures).toHaveLength(2);
    expect(failures[1]?.message).toContain('exit code 3');
    expect(await filesOf(site)).toEqual({ 'index.html': 'front' });
  });
});

/** Notes the order, and copies or removes what it is given; `$list` is what came on its standard input. */
function command(before = ':'): Target {
  const compose = (work: string): string => `set -e
    list=$(cat); test "$list" = "$(cat "$RENGA_LIST")"; echo "$RENGA_STAGE
$list" >> '${root}/log'
    ${before}; echo "$list" | while IFS= read -r file; do ${work}; done`;
  const place = `'${site}'/"$file"`;
  return {
    kind: 'command',
    command: compose(`mkdir -p "$(dirname ${place})"; cp "$file" ${place}`),
    remove: compose(`rm ${place}`),
  };
}

const log = async (): Promise<readonly string[]> =>
  (await readFile(join(root, 'log'), 'utf8').catch(() => '')).trim().split('\n');

describe('a command', () => {
  it('gets pages before feeds, and what is gone at last; later only what changed', async () => {
    await write('public/a/index.html', 'a');
    await write('public/rss.xml', 'names a');
    await write('public/tags/x/feed.json', 'names a');
    expect(await carry([command()])).toEqual({ done: 1, failures: [] });
    expect(await log()).toEqual(['pages', 'a/index.html', 'feeds', 'rss.xml', 'tags/x/feed.json']);
    expect(await filesOf(site)).toEqual({
      'a/index.html': 'a',
      'rss.xml': 'names a',
      'tags/x/feed.json': 'names a',
    });
    await rm(join(root, 'log'));
    await rm(join(root, 'public/a'), { recursive: true });
    await write('public/b/index.html', 'b');
    await write('public/rss.xml', 'names b');
    await carry([command()]);
    expect(await log()).toEqual(['pages', 'b/index.html', 'feeds', 'rss.xml', 'removed', 'a/index.html']);
    expect(Object.keys(await filesOf(site)).toSorted()).toEqual([
      'b/index.html',
      'rss.xml',
      'tags/x/feed.json',
    ]);
    await rm(join(root, 'log'));
    await carry([command()]);
    expect(await log()).toEqual(['']);
  });

  it('that fails over the pages is given no feed and removes nothing, and is run again', async () => {
    await write('public/a/index.html', 'a');
    await write('public/rss.xml', 'names a');
    const failing = command(`test -e '${root}/up'`);
    const { failures } = await carry([failing]);
    expect(failures[0]?.message).toMatch(/pages.*exit code 1/u);
    expect(await log()).not.toContain('feeds');
    await write('up', '');
    expect(await carry([failing])).toEqual({ done: 1, failures: [] });
    expect(Object.keys(await filesOf(site))).toHaveLength(2);
  });

  it('tells its last words, without a password', async () => {
    await write('public/index.html', 'front');
    const words = 'echo "cannot reach https://ann:secret@bucket.example/" >&2; exit 1';
    const { failures } = await carry([{ kind: 'command', command: words, remove: 'true' }]);
    expect(failures[0]?.message).toContain('cannot reach https://***@bucket.example/');
  });

  it('is ended, with what it started, when we are', async () => {
    await write('public/index.html', 'front');
    const stopping = new AbortController();
    const started = join(root, 'started');
    const slow = `sh -c 'sleep 300; touch ${root}/late' & touch ${started}; wait`;
    const carrying = carry([{ kind: 'command', command: slow, remove: 'true' }], stopping.signal);
    while ((await stat(started).catch(() => null)) === null) await new Promise((next) => setImmediate(next));
    stopping.abort();
    expect((await carrying).failures[0]?.message).toContain('it was stopped');
  });
});

it('carries no feed that belongs to a later publish', async () => {
  await write('public/a/index.html', 'a');
  await write('public/rss.xml', 'names a');
  const cache = openCache(join(root, 'var', 'cache.db'));
  onTestFinished(() => cache.close());
  const files = await readPublic(join(root, 'public'), cache);
  // Published meanwhile: b is not among what is carried.
  await write('public/b/index.html', 'b');
  await write('public/rss.xml', 'names b');
  const report = (): undefined => undefined;
  const targets: readonly Target[] = [{ kind: 'folder', folder: site }, command()];
  const renga = { root, cache, targets, report, ...openExampleOutside(root) };
  const { done, failures } = await carrySite(renga, files ?? new Map(), never);
  expect(done).toBe(0);
  expect(failures.map(({ message }) => message)).toEqual(
    Array(2).fill('public/ changed while it was carried'),
  );
  expect(Object.keys(await filesOf(site))).toEqual(['a/index.html']);
});

it('takes an empty public/ for a mistake, and removes nothing', async () => {
  const cache = openCache(join(root, 'var', 'cache.db'));
  onTestFinished(() => cache.close());
  expect(await readPublic(join(root, 'public'), cache)).toBeNull();
  expect(await readPublic(join(root, 'nowhere'), cache)).toBeNull();
});
