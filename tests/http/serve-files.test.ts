/** The published files as anybody can ask for them: whole, known by their hash, and never one that is not published. */
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readlink, rename, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWebApp } from '../../src/http/web-app.ts';
import { type ExampleWeb, openExampleWeb, PUBLICATION, openExampleDesk, NO_SIGN_UPS } from './example-web.ts';

let web: ExampleWeb;

/** How many times this process has a file open, where the system tells (Linux). */
async function countDescriptors(file: string): Promise<number> {
  const numbers = await readdir('/proc/self/fd').catch(() => []);
  const links = numbers.map(async (number) => await readlink(`/proc/self/fd/${number}`).catch(() => ''));
  return (await Promise.all(links)).filter((link) => link === file).length;
}

const get = async (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  await web.app.request(path, { headers });

beforeEach(async () => {
  web = await openExampleWeb();
  await web.write('index.html', '<!doctype html><title>front</title>');
  await web.write('rss.xml', '<rss version="2.0"/>');
  await web.write('a-post/index.html', '<!doctype html><title>post</title>');
});

afterEach(async () => await web.close());

describe('a published file', () => {
  it.each(['_headers', '_redirects'])('is nobody’s to read when it is for the host: %s', async (name) => {
    await web.write(name, '/a /b');
    await web.write(`a/${name}`, 'a file like any other');
    expect([(await get(`/${name}`)).status, (await get(`/a/${name}`)).status]).toEqual([404, 200]);
  });

  it('is the front page at the root and a page at its folder', async () => {
    const front = await get('/');
    expect(front.status).toBe(200);
    expect(front.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await front.text()).toContain('front');
    expect(await (await get('/a-post/')).text()).toContain('post');
    expect(await (await get('/a-post/?utm=1')).text()).toContain('post');
  });

  it.each([
    ['rss.xml', 'application/rss+xml; charset=utf-8'],
    ['atom.xml', 'application/atom+xml; charset=utf-8'],
    ['feed.json', 'application/feed+json; charset=utf-8'],
    ['sitemap.xml', 'application/xml; charset=utf-8'],
    ['robots.txt', 'text/plain; charset=utf-8'],
    ['style.css', 'text/css; charset=utf-8'],
    ['a.PNG', 'image/png'],
    ['a.svg', 'image/svg+xml; charset=utf-8'],
    ['a.constructor', 'application/octet-stream'],
    ['__proto__', 'application/octet-stream'],
  ])('%s is %s', async (name, type) => {
    await web.write(name, 'x');
    const response = await get(`/${name}`);
    expect(response.headers.get('content-type')).toBe(type);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    await response.text();
  });

  it('has a name that needs encoding', async () => {
    await web.write('a post/bänder & 100%.txt', 'x');
    const path = `/${encodeURIComponent('a post')}/${encodeURIComponent('bänder & 100%.txt')}`;
    expect(await (await get(path)).text()).toBe('x');
  });

  it('is known by the hash of its bytes, and asked for again only when they changed', async () => {
    const first = await get('/rss.xml');
    const body = await first.bytes();
    const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
    expect(first.headers.get('etag')).toBe(etag);
    expect(first.headers.get('content-length')).toBe(String(body.length));

    const again = await get('/rss.xml', { 'If-None-Match': `W/${etag}` });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
    for (const name of ['etag', 'cache-control', 'vary', 'last-modified', 'access-control-allow-origin']) {
      expect([name, again.headers.get(name)]).toEqual([name, first.headers.get(name)]);
      expect(again.headers.get(name)).not.toBeNull();
    }
    expect(again.headers.get('content-length')).toBeNull();

    await web.write('.renga-new', '<rss version="2.1"/>');
    await rename(join(web.publicFolder, '.renga-new'), join(web.publicFolder, 'rss.xml'));
    const changed = await get('/rss.xml', { 'If-None-Match': etag });
    expect(changed.status).toBe(200);
    expect(await changed.text()).toContain('2.1');
  });

  it('touched without a change is still the same copy', async () => {
    const { headers } = await get('/rss.xml');
    await utimes(join(web.publicFolder, 'rss.xml'), 1_000_000_000, 1_700_000_000);
    const touched = await get('/rss.xml', { 'If-None-Match': headers.get('etag')! });
    expect(touched.status).toBe(304);
    expect(touched.headers.get('last-modified')).toBe('Tue, 14 Nov 2023 22:13:20 GMT');
    const since = { 'If-Modified-Since': 'Tue, 14 Nov 2023 22:13:20 GMT' };
    expect((await get('/rss.xml', since)).status).toBe(304);
  });

  it('answers HEAD with all of GET but the body', async () => {
    const full = await get('/rss.xml');
    const head = await web.app.request('/rss.xml', { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(Object.fromEntries(head.headers)).toEqual(Object.fromEntries(full.headers));
    expect(await head.text()).toBe('');
    const missing = await web.app.request('/nothing', { method: 'HEAD' });
    expect([missing.status, await missing.text()]).toEqual([404, '']);
  });

  it('may be a feed read from any site, and nothing else may', async () => {
    expect((await get('/rss.xml')).headers.get('access-control-allow-origin')).toBe('*');
    expect((await get('/')).headers.get('access-control-allow-origin')).toBeNull();
  });

  it('that is large comes in pieces, whole, as the version it was when asked for', async () => {
    const large = Buffer.alloc(3_000_000, 'renga');
    await web.write('large.bin', large);
    const response = await get('/large.bin');
    await web.write('beside', Buffer.alloc(3_000_000));
    await rename(join(web.publicFolder, 'beside'), join(web.publicFolder, 'large.bin'));
    const bytes = await response.bytes();
    expect(large.equals(bytes)).toBe(true);
    expect(response.headers.get('etag')).toBe(`"${createHash('sha256').update(large).digest('base64url')}"`);
  });

  it('is let go of when nobody wants its body', async () => {
    await web.write('large.bin', new Uint8Array(3_000_000));
    const file = join(web.publicFolder, 'large.bin');
    const halfRead = await get('/large.bin');
    await (await get('/large.bin')).bytes();
    await halfRead.body?.cancel();
    await web.app.request('/large.bin', { method: 'HEAD' });
    await get('/large.bin', { 'If-None-Match': '*' });
    await (await get('/large.bin')).body?.cancel();
    expect(await countDescriptors(file)).toBe(0);
  });

  it('is one version or the next while it is replaced, with the hash that is its own', async () => {
    const file = join(web.publicFolder, 'feed.json');
    const version = (number: number): Buffer => Buffer.from(`${number} `.repeat(40_000 + number));
    await writeFile(file, version(0));
    const replacing = new AbortController();
    const replace = async (): Promise<void> => {
      for (let number = 1; number <= 60; number += 1) {
        await writeFile(`${web.root}/new`, version(number));
        await rename(`${web.root}/new`, file);
      }
      replacing.abort();
    };
    const read = async (): Promise<void> => {
      do {
        const response = await get('/feed.json');
        const bytes = Buffer.from(await response.bytes());
        expect(bytes.equals(version(Number.parseInt(bytes.toString('latin1', 0, 9), 10)))).toBe(true);
        const hash = createHash('sha256').update(bytes).digest('base64url');
        expect(response.headers.get('etag')).toBe(`"${hash}"`);
        // What is in memory is answered within one turn of the loop, and nothing would be replaced any more.
        await nextTurn();
      } while (!replacing.signal.aborted);
    };
    await Promise.all([read(), replace()]);
  });
});

describe('what is not published', () => {
  it.each([
    '/../renga.sqlite',
    '/%2e%2e/renga.sqlite',
    '/..%2frenga.sqlite',
    '/%2e%2e%2frenga.sqlite',
    '/..%5crenga.sqlite',
    '/a-post/%2e%2e%2f%2e%2e%2frenga.sqlite',
    '/a-post/..%252f..%252frenga.sqlite',
    '/....//renga.sqlite',
    '/.%00./renga.sqlite',
    '/index.html%00',
    '/index.html%00.txt',
    '/index.html/',
    '/index.html/x',
    '/.renga-new/rss.xml',
    '/.hidden',
    '/%2ehidden',
    '/a-post/.hidden',
    '/outside.txt',
    '/outside/renga.sqlite',
    '/to-hidden',
    '/loop',
    '/pipe',
    '/unreadable/x',
    `/${'a'.repeat(5000)}`,
    '/%ff%fe',
    '/%',
  ])('%s is not there', async (path) => {
    await writeFile(join(web.root, 'secret.txt'), 'SQLite secret');
    await symlink('../secret.txt', join(web.publicFolder, 'outside.txt'));
    await symlink('..', join(web.publicFolder, 'outside'));
    await symlink('loop', join(web.publicFolder, 'loop'));
    await web.write('.hidden', 'SQLite secret');
    await web.write('a-post/.hidden', 'SQLite secret');
    await web.write('.renga-new/rss.xml', 'SQLite secret');
    await symlink('.hidden', join(web.publicFolder, 'to-hidden'));
    execFileSync('mkfifo', [join(web.publicFolder, 'pipe')]);
    const response = await get(path);
    expect(response.status).toBe(404);
    expect(await response.text()).not.toContain('SQLite');
    expect(web.reported).toEqual([]);
  });

  it('a link inside the folder is followed', async () => {
    await symlink('rss.xml', join(web.publicFolder, 'feed'));
    expect((await get('/feed')).status).toBe(200);
  });

  it('is answered with the publication’s own page, kept by no cache', async () => {
    await web.write('404.html', '<!doctype html><title>lost</title>');
    const response = await get('/nothing');
    expect([response.status, response.headers.get('cache-control')]).toEqual([404, 'no-store']);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await response.text()).toContain('lost');
  });

  it('is answered even where there is no folder at all', async () => {
    const { publicFolder } = web;
    await rename(publicFolder, `${publicFolder}-gone`);
    expect((await get('/')).status).toBe(404);
    await rename(`${publicFolder}-gone`, publicFolder);
  });
});

describe('a folder without its slash', () => {
  it('is sent on to it, below itself', async () => {
    const response = await get('/a-post?x=1');
    expect([response.status, response.headers.get('location')]).toEqual([301, './a-post/?x=1']);
  });

  it.each([
    '//example.com',
    '//example.com/%2e%2e',
    '/\\example.com',
    '/%5cexample.com',
    '/%2f%2fexample.com',
  ])('%s never leads to another site', async (path) => {
    await mkdir(join(web.publicFolder, 'example.com'), { recursive: true });
    await web.write('example.com/index.html', 'x');
    const response = await web.app.fetch(new Request(`http://localhost${path}`));
    expect(response.headers.get('location')).toBeNull();
    expect(response.status).toBe(404);
  });

  it('keeps its place whatever it is called', async () => {
    await web.write('javascript:x/index.html', 'x');
    const location = (await get('/javascript:x')).headers.get('location')!;
    expect(new URL(location, 'http://localhost/javascript:x').href).toBe('http://localhost/javascript:x/');
    await mkdir(join(web.publicFolder, 'empty'));
    expect((await get('/empty')).status).toBe(404);
    expect((await get('/empty/')).status).toBe(404);
  });
});

describe('what may run', () => {
  it('on a page only its own, and in no frame', async () => {
    const policy = (await get('/')).headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("style-src 'self' https://example.org");
    expect(policy).not.toContain('unsafe');
    expect((await get('/')).headers.get('x-frame-options')).toBe('DENY');
  });

  it.each(['drawing.svg', 'rss.xml', 'anything.xml'])('nothing in %s', async (name) => {
    await web.write(name, '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
    const policy = (await get(`/${name}`)).headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain('sandbox');
    expect(policy).not.toContain('script-src');
  });
});

describe('under a path of its own', () => {
  it('a request means the same with that path or without', async () => {
    const app = createWebApp({
      ...NO_SIGN_UPS,
      publicFolder: web.publicFolder,
      feeds: openExampleDesk(web.publicFolder),
      inboxFolder: null,
      metrics: null,
      findPage: async () => await Promise.resolve(null),
      publication: { ...PUBLICATION, serverUrl: 'https://example.org/letters/' },
      findByToken: async () => null,
      unsubscribeByToken: async () => 'unknown',
      renderPage: async (page) => page.title,
      report: () => undefined,
    });
    for (const path of ['/letters/', '/', '/letters/a-post/', '/a-post/', '/letters/healthz', '/healthz']) {
      expect([path, (await app.request(path)).status]).toEqual([path, 200]);
    }
    expect((await app.request('/letters')).headers.get('location')).toBe('./letters/');
    expect((await app.request('/lettersa-post/')).status).toBe(404);
    expect((await app.request('/letters/%2e%2e/%2e%2e/renga.sqlite')).status).toBe(404);
    expect((await app.request('/letters/a-post')).headers.get('location')).toBe('./a-post/');
    expect(await (await app.request('/letters/unsubscribe/x')).text()).toBe('This link does not work');
  });
});

describe('a part of a file', () => {
  it.each([100, 3_000_000])('is what a player of sound gets to seek in: of %i bytes', async (size) => {
    const bytes = Uint8Array.from({ length: size }, (_, index) => index % 251);
    await web.write('a-post/sound.mp3', bytes);
    const whole = await get('/a-post/sound.mp3');
    expect([whole.status, whole.headers.get('accept-ranges')]).toEqual([200, 'bytes']);
    const etag = whole.headers.get('etag') ?? '';
    const part = await get('/a-post/sound.mp3', { range: `bytes=10-${size - 11}`, 'if-range': etag });
    expect([part.status, part.headers.get('content-range'), part.headers.get('content-length')]).toEqual([
      206,
      `bytes 10-${size - 11}/${size}`,
      String(size - 20),
    ]);
    expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(10, size - 10))).toBe(true);
    expect([part.headers.get('etag'), part.headers.get('content-type')]).toEqual([etag, 'audio/mpeg']);
    const beyond = await get('/a-post/sound.mp3', { range: `bytes=${size}-` });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${size}`]);
    expect((await get('/a-post/sound.mp3', { range: 'bytes=0-1', 'if-none-match': etag })).status).toBe(304);
  });

  it('is never one of a text, which goes out whole in some coding', async () => {
    const page = await get('/a-post/', { range: 'bytes=0-1' });
    expect([page.status, page.headers.get('accept-ranges')]).toEqual([200, null]);
    expect((await get('/rss.xml', { range: 'bytes=0-1' })).status).toBe(200);
  });
});
