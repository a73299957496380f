/** The imprint: a publish without a change reads no post, and whatever can change what readers see breaks it. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { statSync, symlinkSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { publish, type PublishReport } from '../../../src/app/publish.ts';
import type { Renga } from '../../../src/app/renga.ts';
import { findImprint } from '../../../src/app/site/site-imprint.ts';
import { readPosts } from '../../../src/posts/read-posts.ts';
import { walkPosts } from '../../../src/posts/walk-posts.ts';
import { openRenga, type OpenRenga } from '../../../src/wire/open-renga.ts';
import { prepareDigest } from '../../store/samples.ts';

/** A Wednesday. */
const NOW = Temporal.Instant.from('2026-11-18T10:00:00Z');
const CONFIG = `publication:
  title: Small Machines
  url: https://blog.example/
from: ann@example.org
smtp: inbox
`;
const POST = 'a fan in the night / somebody listens to it / and knows its number\n\n2026-11-01\n\nIt hums.\n';
const PICTURE = 'posts/b/scan.txt';

type Site = {
  readonly root: string;
  readonly write: (path: string, text: string) => void;
  /** Another text of the same length, with the old times put back. */
  readonly alter: (path: string, from: string, to: string) => void;
  readonly publish: (change?: Partial<Renga>, options?: Partial<Options>) => Promise<PublishReport>;
  readonly holds: (change?: Partial<Renga>) => Promise<boolean>;
  readonly renga: (change?: Partial<Renga>) => Promise<Renga>;
  /** Lets go of the publication, so that the next use opens it anew. */
  readonly close: () => Promise<void>;
};
type Options = Parameters<typeof publish>[1];

function makeSite(): Site {
  const root = mkdtempSync(join(tmpdir(), 'renga-imprint-'));
  let open: OpenRenga | null = null;
  const close = async (): Promise<void> => {
    await open?.close();
    open = null;
  };
  onTestFinished(async () => {
    await close();
    rmSync(root, { recursive: true, force: true });
  });
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write('config/renga.yaml', CONFIG);
  write('posts/a.md', POST);
  write('posts/b/b.md', POST.replace('night', 'morning').replace('hums', 'is [drawn](scan.txt) here'));
  write(PICTURE, 'a drawing');
  const renga = async (change: Partial<Renga> = {}): Promise<Renga> => {
    open ??= await openRenga(root, '1.0.0', () => undefined, null);
    return { ...open.renga, clock: () => NOW, ...change };
  };
  const defaults = {
    trustStamps: true,
    allowEmpty: false,
    byHand: null,
    signal: new AbortController().signal,
  };
  return {
    root,
    write,
    alter: (path, from, to) => {
      const file = join(root, path);
      const { atime, mtime } = statSync(file);
      const text = readFileSync(file, 'utf8');
      expect(text).toContain(from);
      expect(to).toHaveLength(from.length);
      writeFileSync(file, text.replace(from, to));
      utimesSync(file, atime, mtime);
    },
    publish: async (change, options = {}) => await publish(await renga(change), { ...defaults, ...options }),
    holds: async (change) => (await findImprint(await renga(change), await walkPosts(root))) !== null,
    renga,
    close,
  };
}

/** Gives files times that can be put back exactly. */
function roundTimes(root: string): void {
  for (const folder of ['posts', 'public']) {
    const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
    for (const entry of entries.filter((one) => one.isFile())) {
      utimesSync(join(entry.parentPath, entry.name), 1_700_000_000, 1_700_000_000);
    }
  }
}

function readAll(root: string): ReadonlyMap<string, string> {
  const files = readdirSync(join(root, 'public'), { recursive: true, withFileTypes: true });
  const paths = files.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.sort().map((path) => [path, readFileSync(path, 'latin1')]));
}

const changed = ({ files }: PublishReport): readonly string[] =>
  files.filter(({ change }) => change !== 'unchanged').map(({ path, change }) => `${change} ${path}`);

const inOrder = (report: PublishReport): PublishReport => ({
  ...report,
  files: report.files.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
});

describe('publishing again without a change', () => {
  it('reports the same and leaves the same bytes, and again does so without the imprint', async () => {
    const site = makeSite();
    site.write('posts/draft.md', POST.replace('night', 'attic').replace(/^/, '---\ndraft: true\n---\n'));
    site.write('posts/broken.md', '---\ndate: 2026-02-30\n---\nNo such day.\n');
    const first = await site.publish();
    const bytes = readAll(site.root);
    expect(await site.holds()).toBe(true);
    const unchanged = await site.publish();
    expect(readAll(site.root)).toEqual(bytes);
    rmSync(join(site.root, 'var', 'publish.lock'), { force: true });
    const looked = await site.publish({}, { trustStamps: false });
    expect(readAll(site.root)).toEqual(bytes);
    expect(JSON.stringify(inOrder(unchanged))).toBe(JSON.stringify(inOrder(looked)));
    expect(unchanged.posts).toEqual(first.posts);
    expect(unchanged.problems).toEqual(first.problems);
    expect(unchanged.posts.held).toHaveLength(1);
    expect(unchanged.problems.length).toBeGreaterThan(0);
    expect(changed(unchanged)).toEqual([]);
    expect(unchanged.files.map(({ path }) => path).sort()).toEqual(
      first.files.map(({ path }) => path).sort(),
    );
  });

  it('reads no post; unless it is told to trust no stamp', async () => {
    const site = makeSite();
    await site.publish();
    const { cache } = await site.renga();
    const imprint = JSON.parse(cache.get('imprint', 'site') ?? '') as object;
    cache.put('imprint', new Map([['site', JSON.stringify({ ...imprint, published: 1 })]]));
    expect((await site.publish()).posts.published).toBe(1);
    expect((await site.publish({}, { trustStamps: false })).posts.published).toBe(2);
  });

  it('is found unchanged where a link leads to a post', async () => {
    const site = makeSite();
    symlinkSync('b/b.md', join(site.root, 'posts/linked.md'));
    await site.publish();
    expect(await site.holds()).toBe(true);
    expect(changed(await site.publish())).toEqual([]);
    site.write('posts/c.md', POST.replace('night', 'cellar'));
    expect(changed(await site.publish())).toContain('added c/index.html');
    expect(await site.holds()).toBe(true);
  });

  it('is unchanged again after each change', async () => {
    const site = makeSite();
    await site.publish();
    site.write('posts/c.md', POST.replace('night', 'cellar'));
    await site.publish();
    expect(await site.holds()).toBe(true);
  });
});

type Cause = {
  readonly name: string;
  readonly change: (site: Site) => void | Promise<void>;
  readonly with?: Partial<Renga>;
  readonly putsTimesBack?: true;
  /** Among the changes that publishing reports then. */
  readonly gives: readonly string[];
};

const CAUSES: readonly Cause[] = [
  {
    name: 'a post',
    change: (site) => site.write('posts/a.md', POST.replace('hums', 'stops')),
    gives: ['changed a/index.html'],
  },
  {
    name: 'a post of the same size and time',
    putsTimesBack: true,
    change: (site) => site.alter('posts/a.md', 'hums', 'sits'),
    gives: ['changed a/index.html'],
  },
  {
    name: 'a new post',
    change: (site) => site.write('posts/c.md', POST.replace('night', 'cellar')),
    gives: ['added c/index.html'],
  },
  {
    name: 'a post that went',
    change: (site) => unlinkSync(join(site.root, 'posts/a.md')),
    gives: ['removed a/index.html'],
  },
  {
    name: 'a renamed post',
    change: (site) => renameSync(join(site.root, 'posts/a.md'), join(site.root, 'posts/z.md')),
    gives: ['added z/index.html'],
  },
  {
    name: 'a file beside a post',
    putsTimesBack: true,
    change: (site) => site.alter(PICTURE, 'a drawing', 'a picture'),
    gives: ['changed b-b/scan.txt'],
  },
  {
    name: 'a file beside a post that went',
    change: (site) => unlinkSync(join(site.root, PICTURE)),
    gives: ['removed b-b/scan.txt'],
  },
  {
    name: 'a template',
    change: async (site) => {
      await site.close();
      site.write('templates/style.css', 'body { color: black }');
    },
    gives: ['changed style.css'],
  },
  {
    name: 'the config',
    change: async (site) => {
      await site.close();
      site.write('config/renga.yaml', CONFIG.replace('Small', 'Large'));
    },
    gives: ['changed index.html'],
  },
  {
    name: 'how many entries a feed has',
    change: async (site) => {
      await site.close();
      site.write('config/renga.yaml', `${CONFIG}feeds: {entries: 1}\n`);
    },
    gives: ['changed rss.xml'],
  },
  { name: 'the program', change: () => undefined, with: { version: '1.0.1' }, gives: ['changed rss.xml'] },
  {
    name: 'a page that is missing',
    change: (site) => unlinkSync(join(site.root, 'public/a/index.html')),
    gives: ['added a/index.html'],
  },
  {
    name: 'a page that somebody altered, size and time as before',
    putsTimesBack: true,
    change: (site) => site.alter('public/archive/index.html', 'Small', 'Smell'),
    gives: ['changed archive/index.html'],
  },
  {
    name: 'a feed that somebody altered',
    change: (site) => site.write('public/rss.xml', 'mine'),
    gives: ['changed rss.xml'],
  },
  {
    name: 'a store that was lost',
    change: async (site) => {
      await site.close();
      for (const suffix of ['', '-wal', '-shm'])
        rmSync(join(site.root, `var/renga.db${suffix}`), { force: true });
    },
    gives: [],
  },
  {
    name: 'a record that another program changed',
    change: async (site) => {
      const { store } = await site.renga();
      const [record] = await store.posts.all();
      if (record) await store.posts.record([{ ...record, changedAt: NOW }]);
    },
    gives: [],
  },
];

describe('the imprint is broken by', () => {
  it.each(CAUSES)('$name', async ({ change, with: renga, putsTimesBack = false, gives }) => {
    const site = makeSite();
    await site.publish();
    if (putsTimesBack) roundTimes(site.root);
    await site.publish();
    expect(await site.holds()).toBe(true);
    await change(site);
    expect(await site.holds(renga)).toBe(false);
    const report = await site.publish(renga);
    expect(changed(report)).toEqual(expect.arrayContaining([...gives]));
    expect(await site.holds(renga)).toBe(true);
  });

  it('a held post whose time comes, and a clock that is set back', async () => {
    const site = makeSite();
    site.write('posts/later.md', POST.replace('2026-11-01', '2026-11-20').replace('night', 'future'));
    expect((await site.publish()).posts).toMatchObject({ published: 2, held: [{ path: 'posts/later.md' }] });
    const at = (text: string): Partial<Renga> => ({ clock: () => Temporal.Instant.from(text) });
    expect(await site.holds(at('2026-11-19T23:59:59.999Z'))).toBe(true);
    expect(await site.holds(at('2026-11-20T00:00:00Z'))).toBe(false);
    const report = await site.publish(at('2026-11-20T00:00:00Z'));
    expect(report.posts).toEqual({ published: 3, held: [] });
    expect(changed(report)).toContain('added later/index.html');
    expect(await site.holds()).toBe(false);
    expect((await site.publish()).posts.published).toBe(2);
  });

  it('a digest that was frozen elsewhere, whose page is part of the site', async () => {
    const site = makeSite();
    await site.publish();
    await site.publish();
    expect(await site.holds()).toBe(true);
    const { store } = await site.renga();
    await prepareDigest(store, []);
    expect(await site.holds()).toBe(false);
    const report = await site.publish();
    expect(changed(report)).toEqual(expect.arrayContaining(['changed digests/index.html']));
    expect(await site.holds()).toBe(true);
  });

  it('a link that leads elsewhere', async () => {
    const site = makeSite();
    const link = join(site.root, 'posts/b/up');
    // Loops both, and so passed over by the walk; files are found through them all the same.
    symlinkSync('..', link);
    await site.publish();
    expect(await site.holds()).toBe(true);
    unlinkSync(link);
    symlinkSync('.', link);
    expect(await site.holds()).toBe(false);
  });
});

describe('no imprint is left', () => {
  it('by a publish that died in the middle', async () => {
    const site = makeSite();
    await site.publish();
    site.write('posts/a.md', POST.replace('hums', 'stops'));
    const { workshop, cache } = await site.renga();
    const template = async (): Promise<string> => await Promise.reject(new Error('died'));
    await expect(site.publish({ workshop: { ...workshop, template } })).rejects.toThrow('died');
    expect(cache.get('imprint', 'site')).toBeNull();
  });

  it('on a folder that is empty, which must be meant each time', async () => {
    const site = makeSite();
    await site.publish();
    rmSync(join(site.root, 'posts'), { recursive: true });
    mkdirSync(join(site.root, 'posts'));
    await site.publish({}, { allowEmpty: true });
    await expect(site.publish()).rejects.toThrow('nothing was changed');
  });

  it('where a post shows a file that the walk passes over', async () => {
    const site = makeSite();
    site.write('posts/a.md', POST.replace('hums', 'is [there](notes.tmp)'));
    await site.publish();
    expect(await site.holds()).toBe(false);
    site.write('posts/notes.tmp', 'found');
    expect(changed(await site.publish())).toContain('added a/notes.tmp');
  });

  it('where a file changed between the walk and the reading', async () => {
    const site = makeSite();
    const { cache } = await site.renga();
    const options = { root: site.root, zone: 'UTC', cache, trustStamps: true };
    const walk = await walkPosts(site.root);
    expect((await readPosts(options, walk)).isSettled).toBe(true);
    const before = await walkPosts(site.root);
    site.write('posts/a.md', POST.replace('hums', 'stops'));
    expect((await readPosts(options, before)).isSettled).toBe(true);
    const fresh = { ...options, trustStamps: false };
    expect((await readPosts(fresh, before)).isSettled).toBe(false);
  });

  it('by a plan, which breaks none either', async () => {
    const site = makeSite();
    const { planPublish } = await import('../../../src/app/plan-publish.ts');
    const options = { trustStamps: true, allowEmpty: false, byHand: null };
    await planPublish(await site.renga(), options);
    expect(await site.holds()).toBe(false);
    await site.publish();
    await planPublish(await site.renga(), options);
    expect(await site.holds()).toBe(true);
  });
});

describe('behind the imprint the schedule goes on', () => {
  const LATER = Temporal.Instant.from('2026-11-23T09:00:00Z');

  it('records that time passed, and runs the slot that came due', async () => {
    const site = makeSite();
    const { store } = await site.renga();
    await site.publish();
    const soon = NOW.add({ hours: 1 });
    expect((await site.publish({ clock: () => soon })).digests).toEqual([]);
    expect((await store.series.consideredUntil('weekly'))?.toString()).toBe(soon.toString());
    const report = await site.publish({ clock: () => LATER });
    expect(report.digests.map(({ slot }) => slot)).toEqual(['weekly 2026-11-23T09:00']);
  });

  it('counts what the next digest would have', async () => {
    const site = makeSite();
    await site.close();
    site.write('config/renga.yaml', `${CONFIG}series: {weekly: {backlog: include}}\n`);
    expect((await site.publish()).next).toMatchObject([{ series: 'weekly', posts: 2 }]);
    expect(await site.holds()).toBe(true);
    expect((await site.publish()).next).toMatchObject([{ series: 'weekly', posts: 2 }]);
  });

  it('freezes what is asked for by hand', async () => {
    const site = makeSite();
    await site.publish();
    const { series } = await site.renga();
    const report = await site.publish({}, { byHand: series[0] ?? null });
    expect(report.digests).toHaveLength(1);
  });
});
