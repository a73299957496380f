/** The whole history of a feed (RFC 5005): every post can be reached, volumes keep their sets, and their bytes change only with their posts. */
import { parseAtomFeed, parseRssFeed } from 'feedsmith';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { publishFeedsAndPages } from '../../../src/app/publish.ts';
import type { Renga } from '../../../src/app/renga.ts';
import { feedUrl } from '../../../src/render/feeds/feed-document.ts';
import { PUBLICATION } from '../../render/feeds/sample-entries.ts';
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
beforeEach(async () => {
  example = await openExamplePublication(workshop);
  const { settings } = example.renga;
  renga = {
    ...example.renga,
    settings: {
      ...settings,
      feeds: { ...settings.feeds, entries: 4 },
      pages: { ...settings.pages, enabled: false },
    },
  };
});

const publish = async (): Promise<void> => {
  await publishFeedsAndPages(renga, { trustStamps: false, allowEmpty: false });
};

/** One a month, the first in January 2023. */
const write = async (index: number, text = `Text ${index}.`): Promise<void> => {
  const month = String((index % 12) + 1).padStart(2, '0');
  await example.write(
    `posts/p${index}.md`,
    postText(`Post ${index}`, text, `${2023 + Math.floor(index / 12)}-${month}-01`),
  );
};

const writeUpTo = async (count: number): Promise<void> => {
  for (let index = 0; index < count; index += 1) await write(index);
};

type Document = {
  readonly path: string;
  readonly slugs: readonly string[];
  readonly isVolume: boolean;
  readonly isComplete: boolean;
  readonly older: string | null;
  readonly newer: string | null;
  readonly current: string | null;
  readonly self: string | null;
};

const slugOf = (id: string | undefined): string => (id ?? '').replace(/^.*:/, '');
const below = (url: string): string => url.slice(PUBLICATION.url.length);

async function readDocument(path: string): Promise<Document> {
  const text = (await example.published(path)) ?? '';
  if (path.endsWith('.json')) return readJson(path, text);
  const isAtom = path.endsWith('atom.xml');
  const atom = isAtom ? parseAtomFeed(text) : null;
  const rss = isAtom ? null : parseRssFeed(text);
  const links = (atom ? atom.links : rss?.atom?.links) ?? [];
  const link = (rel: string): string | null => links.find((one) => one.rel === rel)?.href ?? null;
  return {
    path,
    slugs: atom
      ? (atom.entries ?? []).map(({ id }) => slugOf(id))
      : (rss?.items ?? []).map((item) => slugOf(item.guid?.value)),
    isVolume: text.includes('<fh:archive/>'),
    isComplete: text.includes('<fh:complete/>'),
    older: link('prev-archive'),
    newer: link('next-archive'),
    current: link('current'),
    self: link('self'),
  };
}

function readJson(path: string, text: string): Document {
  const feed = JSON.parse(text) as { items: { id: string }[]; next_url?: string; feed_url: string };
  return {
    path,
    slugs: feed.items.map(({ id }) => slugOf(id)),
    isVolume: path.startsWith('archive/'),
    isComplete: false,
    older: feed.next_url ?? null,
    newer: null,
    current: null,
    self: feed.feed_url,
  };
}

/** From the feed back to its oldest volume. */
async function walk(file: string): Promise<readonly Document[]> {
  const documents: Document[] = [];
  for (let path: string | null = file; path !== null; ) {
    const document: Document = await readDocument(path);
    documents.push(document);
    path = document.older === null ? null : below(document.older);
  }
  return documents;
}

/** Sets of the volumes by path. */
const setsOf = (documents: readonly Document[]): ReadonlyMap<string, readonly string[]> =>
  new Map(documents.slice(1).map(({ path, slugs }) => [path, slugs.toSorted()]));

const volumeFiles = async (): Promise<ReadonlyMap<string, string>> =>
  new Map([...(await example.publicFiles())].filter(([path]) => path.startsWith('archive/')));

describe('while all posts fit the feed', () => {
  it('says that it is complete, and makes no volumes', async () => {
    await writeUpTo(4);
    await publish();
    for (const file of ['rss.xml', 'atom.xml'])
      expect(await readDocument(file)).toMatchObject({ isComplete: true, older: null });
    expect((await readDocument('feed.json')).older).toBe(null);
    expect(await volumeFiles()).toEqual(new Map());
  });
});

describe.each(['rss.xml', 'atom.xml', 'feed.json'])('the history in %s', (file) => {
  it('reaches every post, newest first, by volumes of one year each', async () => {
    await writeUpTo(30);
    await publish();
    const documents = await walk(file);
    expect(documents.map(({ path }) => path)).toEqual([
      file,
      `archive/2025/${file}`,
      `archive/2024/${file}`,
      `archive/2023/${file}`,
    ]);
    expect(documents[0]?.slugs).toEqual(['p29', 'p28', 'p27', 'p26']);
    expect(documents[2]?.slugs[0]).toBe('p23');
    const all = new Set(documents.flatMap(({ slugs }) => slugs));
    expect(all.size).toBe(30);
    expect(documents.map(({ isVolume }) => isVolume)).toEqual([false, true, true, true]);
    expect(documents.some(({ isComplete }) => isComplete)).toBe(false);
    const format = file === 'rss.xml' ? 'rss' : file === 'atom.xml' ? 'atom' : 'json';
    for (const { path, self } of documents)
      expect(self).toBe(feedUrl(PUBLICATION, path.slice(0, -file.length), format));
    if (format === 'json') return;
    expect(documents.map(({ newer }) => newer && below(newer))).toEqual([
      null,
      null,
      `archive/2025/${file}`,
      `archive/2024/${file}`,
    ]);
    expect(documents.slice(1).map(({ current }) => current)).toEqual(
      Array.from({ length: 3 }, () => `${PUBLICATION.url}${file}`),
    );
  });

  it('keeps the set of each volume while posts come one by one, late ones too', async () => {
    await writeUpTo(14);
    await publish();
    let before = setsOf(await walk(file));
    for (let index = 14; index < 30; index += 1) {
      await write(index);
      if (index === 20) await example.write('posts/late.md', postText('Late', 'Text.', '2023-06-15'));
      await publish();
      const documents = await walk(file);
      const sets = setsOf(documents);
      for (const [path, slugs] of before) expect(sets.get(path)).toEqual(slugs);
      before = sets;
      const written = index + 1 + (index >= 20 ? 1 : 0);
      expect(new Set(documents.flatMap(({ slugs }) => slugs)).size).toBe(written);
    }
    expect([...before].find(([, slugs]) => slugs.includes('late'))?.[0]).toBe(`archive/2023-2/${file}`);
  });
});

describe('a volume', () => {
  beforeEach(async () => {
    await writeUpTo(30);
    await publish();
  });

  it('keeps its bytes when a post comes', async () => {
    const before = await volumeFiles();
    await write(30);
    await publish();
    expect(await volumeFiles()).toEqual(before);
  });

  it('changes with its own posts only', async () => {
    const before = await volumeFiles();
    await write(3, 'Corrected.');
    await publish();
    const after = await volumeFiles();
    const changed = [...after].filter(([path, text]) => before.get(path) !== text).map(([path]) => path);
    expect(changed).toEqual(['archive/2023/atom.xml', 'archive/2023/feed.json', 'archive/2023/rss.xml']);
  });

  it('keeps a post that is dated anew', async () => {
    const before = setsOf(await walk('atom.xml'));
    await example.write('posts/p3.md', postText('Post 3', 'Text 3.', '2025-03-15'));
    await publish();
    expect(setsOf(await walk('atom.xml'))).toEqual(before);
  });

  it('is without a post that was removed, and has it again when it comes back', async () => {
    const before = await volumeFiles();
    await example.remove('posts/p3.md');
    await publish();
    const slugs = (await walk('atom.xml')).flatMap((document) => document.slugs);
    expect(slugs).not.toContain('p3');
    await write(3);
    await publish();
    expect(await volumeFiles()).toEqual(before);
  });

  it('stays although all its posts are gone, so that the chain does not break', async () => {
    for (let index = 0; index < 12; index += 1) await example.remove(`posts/p${index}.md`);
    await publish();
    const documents = await walk('rss.xml');
    expect(documents.at(-1)).toMatchObject({ path: 'archive/2023/rss.xml', slugs: [], isVolume: true });
  });

  it('is not planned for good by a dry run', async () => {
    const { planPublish } = await import('../../../src/app/plan-publish.ts');
    const closed = await renga.store.volumes.all();
    for (let index = 30; index < 36; index += 1) await write(index);
    const plan = await planPublish(renga, { trustStamps: false, allowEmpty: false, byHand: null });
    expect(plan.files.filter(({ change }) => change === 'added').map(({ path }) => path)).toContain(
      'archive/2025-2/atom.xml',
    );
    expect(await renga.store.volumes.all()).toEqual(closed);
  });
});

describe('the weight of a feed', () => {
  it('keeps the feed below 100 kB and each volume near 250 kB, whatever is in the posts', async () => {
    const texts = [
      'ä & b < c "d" '.repeat(200),
      '日本語の文章。'.repeat(200),
      `\`\`\`\n${'if (a < b && c) {\n'.repeat(150)}\`\`\``,
    ];
    for (let index = 0; index < 40; index += 1) await write(index % 12, texts[index % 3]);
    for (let index = 0; index < 24; index += 1) await write(index, texts[index % 3]);
    renga = { ...renga, settings: { ...renga.settings, feeds: { entries: 20, content: 'full' } } };
    await publish();
    const files = await example.publicFiles();
    for (const [path, text] of files) {
      if (!/\.(?:xml|json)$/.test(path)) continue;
      const bytes = Buffer.byteLength(text);
      expect([path, bytes]).toEqual([path, Math.min(bytes, path.startsWith('archive/') ? 254_000 : 100_000)]);
    }
    const [feed] = await walk('atom.xml');
    expect(feed?.slugs.length).toBeGreaterThan(5);
    expect((await walk('feed.json')).flatMap(({ slugs }) => slugs).length).toBeGreaterThanOrEqual(24);
  });
});
