/**
 * Real readers before what the real program publishes, with all that they remember, while posts are edited, renamed and deleted and the publication
 * moves to another domain: no old post is ever new, and each reader and format says the same ids, links, titles and moments.
 */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeAtom, judgeRss } from '../render/feeds/validator-rules.ts';
import { JSON_FEED } from './feeds/json-feed-schema.ts';
import { MANY } from './feeds/many-posts.ts';
import { HELD, renga } from './feeds/publications.ts';
import {
  openReaders,
  readByFeedparser,
  readByFeedsmith,
  readBySfeed,
  type Reader,
  type Row,
} from './feeds/readers.ts';

const exec = promisify(execFile);
const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

let folder: string;
let address: string;
const server = createServer((request, response) => {
  readFile(join(folder, decodeURIComponent(request.url ?? '/'))).then(
    (bytes) => response.end(bytes),
    () => response.writeHead(404).end(),
  );
});
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'renga-over-time-'));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

const configure = async (blog: string, url: string): Promise<void> => {
  await mkdir(join(blog, 'config'), { recursive: true });
  await writeFile(
    join(blog, 'config', 'renga.yaml'),
    `publication:\n  title: The Almanac\n  author: Ann\n  url: ${url}\nsmtp: inbox\nfrom: Ann <ann@almanac.example>\nfeeds:\n  entries: 1000\n`,
  );
};

type JsonItem = { readonly id: string; readonly url: string; readonly title: string; date_published: string };

/** Of each document of the history, what its JSON says, judged by its schema; newest first. */
async function readHistory(publicFolder: string): Promise<ReadonlyMap<string, readonly Row[]>> {
  const files = (await readdir(publicFolder, { recursive: true })).filter((file) =>
    /^(?:archive\/[^/]+\/)?feed\.json$/.test(file),
  );
  const read = files.map(async (file): Promise<[string, readonly Row[]]> => {
    const feed: unknown = JSON.parse(await readFile(join(publicFolder, file), 'utf8'));
    JSON_FEED.parse(feed);
    const { items } = feed as { items: JsonItem[] };
    const rows = items.map(({ id, url, title, date_published }): Row => {
      return [id, url, title, Math.floor(Date.parse(date_published) / 1000)];
    });
    return [dirname(file), rows];
  });
  return new Map(await Promise.all(read));
}

/** Of posts that are numbered, the newest: those that the feed itself has. */
const compareNewest = (a: string, b: string): number => numberOf(b) - numberOf(a) || (a < b ? 1 : -1);
const numberOf = (file: string): number => Number(/(\d+)\.md$/.exec(file)?.[1] ?? 0);

/** Warnings of the W3C's validator that docs/feeds.md explains, and that these posts give. */
const EXPLAINED = new Set(['ContainsHTML', 'DuplicateUpdated']);

const byId = (rows: readonly Row[]): readonly Row[] => rows.toSorted(([a], [b]) => (a < b ? -1 : 1));

describe.each(HELD)('$name', ({ name, count, fill }) => {
  let blog: string;
  let inside: string;
  const readers: Reader[] = [];
  let ids = new Set<string>();
  let links: readonly string[] = [];

  /** Each document, by those who read files. */
  const judge = async (history: ReadonlyMap<string, readonly Row[]>): Promise<void> => {
    const below = (file: string): readonly string[] =>
      [...history.keys()].map((document) => join(inside, document, file));
    for (const format of ['rss', 'atom']) {
      const files = below(`${format}.xml`);
      expect(await readByFeedparser(blog, files)).toEqual([...history.values()]);
      const schema = format === 'atom' ? ['--relaxng', at('feeds/atom.rng')] : [];
      await exec('xmllint', ['--noout', '--nonet', ...schema, ...files]);
      for (const file of files) {
        const wanted = history.get(relative(inside, dirname(file)) || '.') ?? [];
        expect(byId(await readBySfeed(blog, file))).toEqual(byId(wanted));
        expect(await readByFeedsmith(file)).toEqual(wanted);
        const rules = format === 'atom' ? judgeAtom : judgeRss;
        const findings = rules(await readFile(file, 'utf8')).map((finding) => finding.replace(/ .*/, ''));
        expect([...new Set(findings)].filter((name) => !EXPLAINED.has(name))).toEqual([]);
      }
    }
  };

  /** Publishes, and holds each document before readers; answers with the main feed's. */
  const publish = async (): Promise<readonly Row[]> => {
    await renga(blog, 'publish');
    const history = await readHistory(inside);
    await judge(history);
    ids = new Set([...history.values()].flat().map(([id]) => id));
    const main = history.get('.') ?? [];
    await writeFile(join(blog, 'ids'), main.map(([id]) => `${id}\n`).join(''));
    links = main.map(([, link]) => link);
    return main;
  };
  const look = async (): Promise<readonly (readonly string[])[]> => {
    return await Promise.all(readers.map(async (reader) => await reader.look()));
  };

  beforeAll(async () => {
    blog = join(folder, name.replaceAll(' ', '-'));
    inside = join(blog, 'public');
    await configure(blog, 'https://almanac.example/');
    await fill(blog);
  });

  it('is read alike by all, each entry once', async () => {
    const main = await publish();
    expect(ids.size).toBe(count);
    // Where they do not fit the feed, readers see deletions make room in it.
    expect(main.length).toBeLessThanOrEqual(Math.min(count, MANY / 2));
    for (const format of ['rss', 'atom']) {
      const url = `${address}/${name.replaceAll(' ', '-')}/public/${format}.xml`;
      const home = join(blog, 'readers', format);
      readers.push(...(await openReaders(home, url, join(inside, `${format}.xml`), join(blog, 'ids'))));
    }
    const all = main.map(([id]) => id).toSorted();
    for (const fresh of await look()) expect(fresh.toSorted()).toEqual(all);
    for (const fresh of await look()) expect(fresh).toEqual([]);
  });

  it('shows nothing new after edits, renames and deletions', async () => {
    const posts = join(blog, 'posts');
    const files = (await readdir(posts, { recursive: true })).filter((file) => file.endsWith('.md'));
    const many = Math.ceil(count / 20);
    const newestFirst = files.toSorted(compareNewest).slice(0, 4 * many);
    const [edited, renamed, deleted, both] = [0, 1, 2, 3].map((rest) =>
      newestFirst.filter((_, index) => index % 4 === rest),
    );
    for (const file of [...(edited ?? []), ...(both ?? [])])
      await writeFile(join(posts, file), `${await readFile(join(posts, file), 'utf8')}\nA correction.\n`);
    for (const file of [...(renamed ?? []), ...(both ?? [])])
      await rename(join(posts, file), join(posts, dirname(file), `moved-${files.indexOf(file)}.md`));
    for (const file of deleted ?? []) await rm(join(posts, file));
    const known = ids;
    await publish();
    expect(ids.size).toBe(count - (deleted ?? []).length);
    expect(ids.difference(known).size).toBe(0);
    for (const fresh of await look()) expect(fresh).toEqual([]);
  });

  it('shows nothing new at another domain', async () => {
    await configure(blog, 'https://elsewhere.example/almanac/');
    const known = ids;
    await publish();
    expect(ids).toEqual(known);
    expect(links.filter((link) => !link.startsWith('https://elsewhere.example/almanac/'))).toEqual([]);
    for (const fresh of await look()) expect(fresh).toEqual([]);
  });

  it('shows what is new, to each', async () => {
    await writeFile(join(blog, 'posts', 'new.md'), '---\ntitle: New\n---\nText.\n');
    const known = ids;
    await publish();
    const added = [...ids.difference(known)];
    expect(added).toHaveLength(1);
    for (const fresh of await look()) expect(fresh).toEqual(added);
  });
});
