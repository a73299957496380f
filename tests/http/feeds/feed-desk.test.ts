/** Feeds as programs ask for them: in any coding, only when they changed, only what is new, all formats of one publish. */
import { createHash } from 'node:crypto';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { parseFeed } from 'feedsmith';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/domain/entry.ts';
import { openFeedDesk } from '../../../src/http/feeds/feed-desk.ts';
import { openFeedHeaders } from '../../../src/http/feeds/feed-headers.ts';
import { openFeedShelf } from '../../../src/http/feeds/feed-shelf.ts';
import { splitFeed } from '../../../src/http/feeds/split-feed.ts';
import { type ExampleWeb, NOW, openExampleWeb, openMemory, PUBLICATION } from '../example-web.ts';
import { exampleEntry, ENTRIES, exampleFeeds, idOf } from './example-feeds.ts';

let web: ExampleWeb;
const NAMES = { rss: 'rss.xml', atom: 'atom.xml', json: 'feed.json' } as const;
const PATHS = Object.values(NAMES);
const UNPACK = { br: brotliDecompressSync, gzip: gunzipSync, zstd: zstdDecompressSync } as const;

const get = async (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  await web.app.request(path, { headers });

async function publish(entries: readonly Entry[], formats = Object.keys(NAMES)): Promise<void> {
  const feeds = exampleFeeds(entries);
  for (const format of formats as (keyof typeof NAMES)[]) {
    await web.write('.new', feeds[format]);
    await rename(join(web.publicFolder, '.new'), join(web.publicFolder, NAMES[format]));
  }
}

const idsOf = (text: string): readonly string[] => splitFeed(text)!.entries.map(({ id }) => id);
const ids = (...numbers: readonly number[]): readonly string[] =>
  numbers.map((one) => exampleEntry(one).post.id);

beforeEach(async () => {
  web = await openExampleWeb();
  await publish(ENTRIES);
});
afterEach(async () => await web.close());

describe.each(PATHS)('%s', (name) => {
  it.each(['br', 'gzip', 'zstd'] as const)(
    'comes in %s, known by the hash of what is sent',
    async (coding) => {
      const plain = await get(`/${name}`);
      const packed = await get(`/${name}`, { 'Accept-Encoding': coding });
      const body = Buffer.from(await packed.bytes());
      expect(UNPACK[coding](body).toString()).toBe(await plain.text());
      expect(packed.headers.get('content-encoding')).toBe(coding);
      expect(packed.headers.get('content-length')).toBe(String(body.length));
      expect(packed.headers.get('etag')).toBe(`"${createHash('sha256').update(body).digest('base64url')}"`);
      expect(packed.headers.get('etag')).not.toBe(plain.headers.get('etag'));
      expect(packed.headers.get('vary')).toBe('Accept-Encoding, A-IM, If-None-Match');
      const etag = packed.headers.get('etag')!;
      const again = await get(`/${name}`, { 'Accept-Encoding': coding, 'If-None-Match': `"x", W/${etag}` });
      expect([again.status, again.headers.get('etag'), again.headers.get('content-encoding')]).toEqual([
        304,
        etag,
        null,
      ]);
      expect((await get(`/${name}`, { 'If-None-Match': etag })).status).toBe(200);
    },
  );

  it('lets pages of other sites ask for it with a condition', async () => {
    const origin = { Origin: 'https://reader.example', 'Access-Control-Request-Method': 'GET' };
    const asked = { ...origin, 'Access-Control-Request-Headers': 'a-im,if-none-match' };
    const { status, headers } = await web.app.request(`/${name}`, { method: 'OPTIONS', headers: asked });
    expect([status, headers.get('access-control-allow-origin')]).toEqual([204, '*']);
    const allowed = headers.get('access-control-allow-headers')?.toLowerCase().split(', ');
    expect(allowed).toEqual(['a-im', 'if-modified-since', 'if-none-match']);
    expect((await web.app.request(`/no/${name}`, { method: 'OPTIONS', headers: asked })).status).toBe(405);
  });

  it('comes as what is new only, to whoever asks so and has a version that is known', async () => {
    const before = await get(`/${name}`, { 'Accept-Encoding': 'gzip' });
    const etag = before.headers.get('etag')!;
    await publish([exampleEntry(0), exampleEntry(1, '<p>mended</p>', true), ...ENTRIES.slice(1)]);
    const conditions = { 'If-None-Match': etag, 'Accept-Encoding': 'gzip' };
    const delta = await get(`/${name}`, { ...conditions, 'A-IM': 'vcdiff, feed;q=0.5' });
    expect([delta.status, delta.headers.get('im'), delta.headers.get('delta-base')]).toEqual([
      226,
      'feed',
      etag,
    ]);
    expect(delta.headers.get('cache-control')).toBe('no-store, im, public, max-age=300');
    const text = gunzipSync(await delta.bytes()).toString();
    expect(idsOf(text)).toEqual(ids(0, 1));
    expect(text).not.toContain('fh:complete');
    expect(() => parseFeed(text)).not.toThrow();
    const whole = await get(`/${name}`, conditions);
    expect([whole.status, whole.headers.get('im')]).toEqual([200, null]);
    // It stands for the whole: with its tag nothing is new.
    expect(delta.headers.get('etag')).toBe(whole.headers.get('etag'));
    const next = { 'A-IM': 'feed', 'Accept-Encoding': 'gzip', 'If-None-Match': delta.headers.get('etag')! };
    expect((await get(`/${name}`, next)).status).toBe(304);
  });

  it.each([
    ['feed', '"unknown"'],
    ['feed', '*?'],
    ['feed;q=0', null],
    ['vcdiff', null],
    ['feeds', null],
  ])('comes whole for A-IM %s with %s', async (wanted, version) => {
    const etag = (await get(`/${name}`)).headers.get('etag')!;
    await publish([exampleEntry(0), ...ENTRIES]);
    const response = await get(`/${name}`, { 'If-None-Match': version ?? etag, 'A-IM': wanted });
    expect([response.status, response.headers.get('im')]).toEqual([200, null]);
  });

  it('comes whole when an entry went and none came', async () => {
    const etag = (await get(`/${name}`)).headers.get('etag')!;
    await publish(ENTRIES.slice(1));
    expect((await get(`/${name}`, { 'A-IM': 'feed', 'If-None-Match': etag })).status).toBe(200);
  });
});

describe('earlier versions', () => {
  it('are known after a restart, fifty of them', async () => {
    const cache = openMemory();
    const restart = async (): Promise<void> => {
      const headersOf = openFeedHeaders(PUBLICATION, () => null);
      const shelf = openFeedShelf({ folder: web.publicFolder, cache, headersOf });
      const feeds = openFeedDesk({ shelf, clock: () => NOW, count: () => undefined });
      const { publicFolder } = web;
      const { app } = await openExampleWeb({ publicFolder, feeds });
      web = { ...web, app };
    };
    await restart();
    const tags: string[] = [];
    for (let number = 0; number <= 51; number += 1) {
      const kept = number === 51 ? [exampleEntry(150)] : [];
      await publish([exampleEntry(100 + number), ...kept, ...ENTRIES]);
      tags.push((await get('/atom.xml')).headers.get('etag')!);
    }
    await restart();
    const statusFor = async (etag: string): Promise<number> =>
      (await get('/atom.xml', { 'A-IM': 'feed', 'If-None-Match': etag })).status;
    expect([await statusFor(tags[1]!), await statusFor(tags[2]!)]).toEqual([200, 226]);
    expect(await statusFor(tags[51]!)).toBe(304);
    const both = await get('/atom.xml', { 'A-IM': 'feed', 'If-None-Match': `${tags[2]}, "?", ${tags[50]}` });
    expect([both.status, both.headers.get('delta-base')]).toEqual([226, tags[50]]);
  });
});

describe('the formats of one feed', () => {
  const all = async (): Promise<readonly (readonly string[])[]> =>
    await Promise.all(PATHS.map(async (name) => idsOf(await (await get(`/${name}`)).text())));

  it('change together, when the last of them is written', async () => {
    const [old] = await all();
    const entries = [exampleEntry(0), ...ENTRIES];
    await publish(entries, ['rss']);
    expect(await all()).toEqual([old, old, old]);
    await publish(entries, ['atom']);
    expect(await all()).toEqual([old, old, old]);
    await publish(entries, ['json']);
    const now = ids(0, 1, 2, 3, 4);
    expect(await all()).toEqual([now, now, now]);
  });

  it('change together for an edit that adds nothing', async () => {
    await all();
    const entries = [exampleEntry(1, '<p>edited</p>', true), ...ENTRIES.slice(1)];
    await publish(entries, ['rss']);
    expect(await (await get('/rss.xml')).text()).not.toContain('edited');
    await publish(entries, ['atom', 'json']);
    for (const name of PATHS) expect(await (await get(`/${name}`)).text()).toContain('edited');
  });

  it('are taken as they are when a publish ended and left them so', async () => {
    await all();
    await publish([exampleEntry(0), ...ENTRIES], ['rss']);
    await all();
    await web.feeds.shelf.settle();
    expect((await all())[0]).toEqual(ids(0, 1, 2, 3, 4));
  });

  it('are told apart from what is not there, and from what is too large to be kept', async () => {
    await web.write('archive/2026/atom.xml', `${' '.repeat(5 << 20)}<feed/>`);
    const { shelf } = web.feeds;
    expect(await shelf.find('archive/2026/atom.xml')).toBe('not-kept');
    expect(await shelf.find('archive/2026/rss.xml')).toBe('not-there');
    expect((await get('/archive/2026/rss.xml')).status).toBe(404);
    expect((await (await get('/archive/2026/atom.xml')).bytes()).length).toBeGreaterThan(5 << 20);
  });

  it('that go are gone', async () => {
    await all();
    await rename(join(web.publicFolder, 'rss.xml'), join(web.publicFolder, 'old.txt'));
    expect((await get('/rss.xml')).status).toBe(404);
    expect((await get('/atom.xml')).status).toBe(200);
  });
});

describe('half of a publish, found at the start', () => {
  it('waits for the publish that writes the rest', async () => {
    const cache = openMemory();
    const headersOf = openFeedHeaders(PUBLICATION, () => null);
    await publish([exampleEntry(0), ...ENTRIES], ['rss']);
    const shelf = openFeedShelf({ folder: web.publicFolder, cache, headersOf, patience: 60_000 });
    const asked = shelf.find('atom.xml');
    await publish([exampleEntry(0), ...ENTRIES]);
    await shelf.settle();
    const found = await asked;
    if (typeof found === 'string') throw new Error(found);
    expect(found.document.split!.entries.map(({ id }) => id)).toEqual(ids(0, 1, 2, 3, 4));
  });
});

describe('what readers will ask for', () => {
  const idsReady = (path: string): readonly string[] | undefined =>
    web.feeds.shelf.peek(path)?.document.split?.entries.map(({ id }) => id);

  it('is ready before the first of them asks', async () => {
    expect(PATHS.map(idsReady)).toEqual([undefined, undefined, undefined]);
    await web.feeds.shelf.warm();
    const now = ENTRIES.map(idOf);
    expect(PATHS.map(idsReady)).toEqual([now, now, now]);
  });

  it('is ready again when a publish is over', async () => {
    await get('/rss.xml');
    await publish([exampleEntry(0), ...ENTRIES]);
    expect(idsReady('rss.xml')).toBeUndefined();
    await web.feeds.shelf.settle();
    expect(idsReady('rss.xml')).toEqual(ids(0, 1, 2, 3, 4));
  });

  it('is made ready piece by piece, and whoever waits is answered in between', async () => {
    const tags = Array.from({ length: 40 }, (_, number) => `tags/${number}/atom.xml`);
    for (const path of tags) await web.write(path, exampleFeeds(ENTRIES).atom);
    for (const path of tags) await get(`/${path}`);
    let turns = 0;
    let timer = setImmediate(function next() {
      turns += 1;
      timer = setImmediate(next);
    });
    await web.feeds.shelf.settle();
    clearImmediate(timer);
    expect(turns).toBeGreaterThanOrEqual(tags.length);
  });

  it('may be missing', async () => {
    for (const name of PATHS)
      await rename(join(web.publicFolder, name), join(web.publicFolder, `${name}.old`));
    await web.feeds.shelf.warm();
    await web.feeds.shelf.settle();
    expect(idsReady('atom.xml')).toBeUndefined();
  });
});
