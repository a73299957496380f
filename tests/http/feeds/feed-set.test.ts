/** Feeds of tags and volumes, in folders of their own: sets like the main feed, each by itself, with the types, tags and codings of all feeds. */
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/domain/entry.ts';
import { setOf } from '../../../src/http/feeds/feed-set.ts';
import { splitFeed } from '../../../src/http/feeds/split-feed.ts';
import { type ExampleWeb, openExampleWeb } from '../example-web.ts';
import { ENTRIES, exampleEntry, exampleFeeds } from './example-feeds.ts';

const FOLDERS = ['', 'tags/night-shift/', 'archive/2025-2/'];
const NAMES = { rss: 'rss.xml', atom: 'atom.xml', json: 'feed.json' } as const;

let web: ExampleWeb;
beforeEach(async () => {
  web = await openExampleWeb();
  for (const folder of FOLDERS) await publish(folder, ENTRIES);
});
afterEach(async () => await web.close());

async function publish(
  folder: string,
  entries: readonly Entry[],
  formats: readonly (keyof typeof NAMES)[] = ['rss', 'atom', 'json'],
): Promise<void> {
  const feeds = exampleFeeds(entries);
  for (const format of formats) {
    await web.write(`${folder}.new`, feeds[format]);
    await rename(join(web.publicFolder, `${folder}.new`), join(web.publicFolder, folder, NAMES[format]));
  }
}

const get = async (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  await web.app.request(`/${path}`, { headers });
const hasNews = async (path: string): Promise<boolean> =>
  splitFeed(await (await get(path)).text())?.entries.length === ENTRIES.length + 1;

it('is what lies in one folder', () => {
  for (const folder of FOLDERS) {
    expect(setOf(`${folder}feed.json`)).toEqual(
      ['rss.xml', 'atom.xml', 'feed.json'].map((name) => folder + name),
    );
  }
  expect(setOf('feeds.opml')).toEqual(['feeds.opml']);
});

describe.each(FOLDERS)('the feeds in “%s”', (folder) => {
  it('change together, whatever becomes of the others', async () => {
    const paths = Object.values(NAMES).map((name) => folder + name);
    for (const path of paths) await get(path);
    await publish(folder, [exampleEntry(0), ...ENTRIES], ['rss', 'atom']);
    expect(await Promise.all(paths.map(hasNews))).toEqual([false, false, false]);
    const others = FOLDERS.filter((other) => other !== folder);
    for (const other of others) await publish(other, [exampleEntry(0), ...ENTRIES]);
    expect(await Promise.all(others.map(async (other) => await hasNews(`${other}atom.xml`)))).toEqual([
      true,
      true,
    ]);
    await publish(folder, [exampleEntry(0), ...ENTRIES], ['json']);
    expect(await Promise.all(paths.map(hasNews))).toEqual([true, true, true]);
  });

  it.each([
    ['rss.xml', 'application/rss+xml; charset=utf-8'],
    ['atom.xml', 'application/atom+xml; charset=utf-8'],
    ['feed.json', 'application/feed+json; charset=utf-8'],
  ])('have types, tags, deltas: %s', async (name, type) => {
    const first = await get(folder + name, { 'Accept-Encoding': 'br' });
    const etag = first.headers.get('etag') ?? '';
    const said = ['content-type', 'content-encoding', 'access-control-allow-origin'].map((one) =>
      first.headers.get(one),
    );
    expect(said).toEqual([type, 'br', '*']);
    expect((await get(folder + name, { 'Accept-Encoding': 'br', 'If-None-Match': etag })).status).toBe(304);
    await publish(folder, [exampleEntry(0), ...ENTRIES]);
    const since = { 'Accept-Encoding': 'br', 'If-None-Match': etag, 'A-IM': 'feed' };
    expect((await get(folder + name, since)).status).toBe(226);
  });
});
