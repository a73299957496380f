/** What `renga feeds snippets` prints, in the servers it is for: Debian's nginx and Apache. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFeedHeaders } from '../../src/http/feeds/feed-headers.ts';
import { renderSnippet } from '../../src/http/feeds/render-snippet.ts';
import { PUBLICATION } from '../http/example-web.ts';
import { ENTRIES, exampleFeeds } from '../http/feeds/example-feeds.ts';

const FORMER = {
  moved: { 'index.xml': 'rss.xml', feed: 'rss.xml', 'tags/über/index.xml': 'tags/über/atom.xml' },
  retired: ['old/rss.xml', 'comments/feed'],
};

let folder: string;
let server: ChildProcess | null = null;
let port: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'renga-host-'));
  const { rss, atom, json } = exampleFeeds(ENTRIES);
  await mkdir(join(folder, 'public', 'tags', 'a'), { recursive: true });
  for (const place of ['', 'tags/a/']) {
    await writeFile(join(folder, 'public', place, 'rss.xml'), rss);
    await writeFile(join(folder, 'public', place, 'atom.xml'), atom);
    await writeFile(join(folder, 'public', place, 'feed.json'), json);
  }
  await writeFile(join(folder, 'public', 'feeds.opml'), `<opml>${'<outline/>'.repeat(200)}</opml>`);
  port = await findPort();
});
afterEach(async () => {
  if (server && server.exitCode === null) {
    server.kill('SIGTERM');
    await once(server, 'exit');
  }
  await rm(folder, { recursive: true, force: true });
});

async function findPort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port: free } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return free;
}

const isRoot = process.getuid?.() === 0;

async function startNginx(): Promise<void> {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join(' ');
  await writeFile(
    join(folder, 'nginx.conf'),
    `${isRoot ? 'user root;' : ''} daemon off; pid ${folder}/pid; error_log stderr;
events { } http { access_log off; ${temporary} server { listen 127.0.0.1:${port}; root ${folder}/public;
${renderSnippet('nginx', PUBLICATION, FORMER)} } }`,
  );
  execFileSync('nginx', ['-t', '-c', join(folder, 'nginx.conf')], { stdio: 'pipe' });
  server = spawn('nginx', ['-c', join(folder, 'nginx.conf')], { stdio: 'ignore' });
}

async function startApache(): Promise<void> {
  const modules = ['mpm_event', 'alias', 'authz_core', 'mime', 'headers', 'deflate', 'filter']
    .map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`)
    .join('\n');
  await writeFile(
    join(folder, 'apache.conf'),
    `${modules}
${isRoot ? 'User www-data\nGroup www-data' : ''}
ServerName localhost
Listen 127.0.0.1:${port}
PidFile ${folder}/apache.pid
Mutex file:${folder}
DefaultRuntimeDir ${folder}
ErrorLog ${folder}/error.log
TypesConfig /dev/null
DocumentRoot ${folder}/public
${renderSnippet('apache', PUBLICATION, FORMER)}`,
  );
  execFileSync('chmod', ['-R', 'a+rX', folder]);
  execFileSync('apache2', ['-t', '-f', join(folder, 'apache.conf')], { stdio: 'pipe' });
  server = spawn('apache2', ['-D', 'FOREGROUND', '-f', join(folder, 'apache.conf')], { stdio: 'ignore' });
}

/** Once the server is up. */
async function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await fetch(`http://127.0.0.1:${port}/${path}`, { headers, redirect: 'manual' });
    } catch (error) {
      if (tries === 100 || server?.exitCode !== null) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

describe.each([
  ['nginx', startNginx],
  ['apache', startApache],
])('%s', (_, start) => {
  it('says of every feed what `serve` says, compresses it, and knows its tag again', async () => {
    await start();
    for (const path of ['rss.xml', 'atom.xml', 'feed.json', 'feeds.opml', 'tags/a/feed.json']) {
      const response = await get(path, { 'Accept-Encoding': 'gzip' });
      expect(response.status).toBe(200);
      const { keeping, describing } = openFeedHeaders(PUBLICATION, () => null)(path);
      const { Vary: _vary, 'Content-Type': type, ...rest } = { ...keeping, ...describing };
      const asSaid = Object.keys(rest).map((name) => [name, response.headers.get(name)]);
      expect(Object.fromEntries(asSaid)).toEqual(rest);
      expect(response.headers.get('content-type')?.toLowerCase()).toBe(type);
      expect(response.headers.get('content-encoding')).toBe('gzip');
      expect(response.headers.get('vary')).toContain('Accept-Encoding');
      await response.text();
      const again = await get(path, {
        'Accept-Encoding': 'gzip',
        'If-None-Match': response.headers.get('etag')!,
      });
      expect([path, again.status]).toEqual([path, 304]);
    }
  });
});

describe.each([
  ['nginx', startNginx],
  ['apache', startApache],
])('former feeds in %s', (_, start) => {
  it.each([
    ['index.xml', 'rss.xml'],
    ['feed', 'rss.xml'],
    ['feed/', 'rss.xml'],
    ['tags/%C3%BCber/index.xml', 'tags/%C3%BCber/atom.xml'],
  ])('%s leads to %s', async (path, target) => {
    await mkdir(join(folder, 'public', 'feed'));
    await writeFile(join(folder, 'public', 'index.xml'), 'of another generator');
    await start();
    const response = await get(path);
    expect(response.status).toBe(301);
    // RFC 3986 §6.2.2.1: hexadecimal digits are the same in either case.
    const location = decodeURI(response.headers.get('location') ?? '');
    expect(location).toBe(decodeURI(`${PUBLICATION.url}${target}`));
  });

  it('are gone, and take no others along', async () => {
    await start();
    const paths = ['old/rss.xml', 'comments/feed', 'comments/feed/', 'comments/feed/a', 'oldxrss.xml'];
    const statuses = await Promise.all(paths.map(async (path) => (await get(path)).status));
    expect(statuses).toEqual([410, 410, 410, 404, 404]);
  });
});

describe('the snippet for Netlify and Cloudflare', () => {
  it('leads from former feeds, with a slash at the end and without', () => {
    const rules = renderSnippet('redirects', { ...PUBLICATION, url: 'https://a.example/b/' }, FORMER);
    expect(rules.split('\n').filter((line) => line.startsWith('/'))).toEqual([
      '/b/index.xml https://a.example/b/rss.xml 301',
      '/b/index.xml/ https://a.example/b/rss.xml 301',
      '/b/feed https://a.example/b/rss.xml 301',
      '/b/feed/ https://a.example/b/rss.xml 301',
      '/b/tags/%C3%BCber/index.xml https://a.example/b/tags/%C3%BCber/atom.xml 301',
      '/b/tags/%C3%BCber/index.xml/ https://a.example/b/tags/%C3%BCber/atom.xml 301',
    ]);
  });

  it('has a rule for feeds in the root and in any folder', () => {
    const text = renderSnippet('headers', PUBLICATION, FORMER);
    expect(text.match(/^\/.*$/gm)).toEqual([
      '/rss.xml',
      '/*/rss.xml',
      '/atom.xml',
      '/*/atom.xml',
      '/feed.json',
      '/*/feed.json',
      '/feeds.opml',
      '/*/feeds.opml',
    ]);
    expect(text.match(/^ {2}Content-Type: application\/feed\+json; charset=utf-8$/gm)).toHaveLength(2);
  });
});
