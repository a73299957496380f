/** nginx and Caddy before the real program, with the very lines of docs/behind-a-proxy.md: what readers need comes through, and nothing else does. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answers, ask, findPort, HOST } from './visitor.ts';

const BIN = fileURLToPath(new URL('../../bin/renga.mjs', import.meta.url));
const DOC = fileURLToPath(new URL('../../docs/behind-a-proxy.md', import.meta.url));
const run = promisify(execFile);

let folder: string;
let upstream: number;
let token: string;
const children: ChildProcess[] = [];

/** The first block of a language in the page: what a person would copy. */
async function readLines(language: string): Promise<string> {
  const block = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'm').exec(await readFile(DOC, 'utf8'));
  return block?.[1] ?? '';
}

/** Replaces what must be there: a page that no longer says it is a page to look at again. */
function fit(lines: string, changes: readonly (readonly [string, string])[]): string {
  return changes.reduce((text, [from, to]) => {
    expect(text).toContain(from);
    return text.replaceAll(from, to);
  }, lines);
}

async function start(command: string, words: readonly string[], isUp: () => Promise<boolean>): Promise<void> {
  const env = { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  const child = spawn(command, words, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  children.push(child);
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = once(child, 'close').then(() => Promise.reject(new Error(`${command} ended: ${said}`)));
  ended.catch(() => undefined);
  while (!(await isUp())) await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 50))]);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'renga-proxies-'));
  upstream = await findPort();
  const blog = join(folder, 'blog');
  await run(process.execPath, [BIN, 'init', blog]);
  const config = fit(await readLines('yaml'), [
    ['port: 8420', `port: ${upstream}\n  metrics: loopback\n  url: https://${HOST}/`],
  ]);
  await writeFile(
    join(blog, 'config/renga.yaml'),
    `${config}\nseries: {weekly: {backlog: include}}\nsubscribe: {limits: {perVisitor: 6}}\n`,
  );
  // The sample post is not mailed.
  await writeFile(join(blog, 'posts/frost.md'), 'frost on the window / b / c\n\nText.\n');
  await run(process.execPath, [BIN, '-C', blog, 'subscribers', 'add', 'ann@example.org', '--confirmed']);
  const up = async (): Promise<boolean> =>
    await fetch(`http://127.0.0.1:${upstream}/rss.xml`).then(
      ({ ok }) => ok,
      () => false,
    );
  await start(process.execPath, [BIN, '-C', blog, 'start'], up);
  token = await readToken(join(blog, 'var/inbox'));
}, 60_000);
afterAll(async () => {
  for (const child of children) {
    const closed = once(child, 'close');
    child.kill();
    await closed;
  }
  await rm(folder, { recursive: true, force: true });
});

/** From the first mail: what a mail program posts to. */
async function readToken(inbox: string): Promise<string> {
  for (;;) {
    const name = (await readdir(inbox).catch(() => [])).find((file) => file.endsWith('.eml'));
    const mail = name === undefined ? '' : await readFile(join(inbox, name), 'utf8');
    const found = new RegExp(`<https://${HOST}/unsubscribe/([A-Za-z0-9_-]+)>`).exec(mail)?.[1];
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function startNginx(): Promise<number> {
  const [port, plain] = [await findPort(), await findPort()];
  const place = join(folder, 'nginx');
  await mkdir(place);
  const certificate = [
    '-keyout',
    join(place, 'key.pem'),
    '-out',
    join(place, 'cert.pem'),
    '-subj',
    `/CN=${HOST}`,
  ];
  await run('openssl', [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '2',
    ...certificate,
  ]);
  const server = fit(await readLines('nginx'), [
    ['listen 443', `listen 127.0.0.1:${port}`],
    ['    listen [::]:443 ssl http2;\n', ''],
    ['listen 80', `listen 127.0.0.1:${plain}`],
    ['    listen [::]:80;\n', ''],
    ['/etc/letsencrypt/live/blog.example.org/fullchain.pem', join(place, 'cert.pem')],
    ['/etc/letsencrypt/live/blog.example.org/privkey.pem', join(place, 'key.pem')],
    ['127.0.0.1:8420', `127.0.0.1:${upstream}`],
  ]);
  const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${place}/${kind};`,
  );
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  const text = `daemon off; ${user} pid ${place}/pid; error_log stderr; events {} http { access_log off; ${places.join(' ')}\n${server}}`;
  await writeFile(join(place, 'nginx.conf'), text);
  await start(
    '/usr/sbin/nginx',
    ['-c', join(place, 'nginx.conf'), '-p', place, '-e', 'stderr'],
    async () => await answers(port),
  );
  return port;
}

async function startCaddy(): Promise<number> {
  const [port, plain] = [await findPort(), await findPort()];
  const site = fit(await readLines('caddy'), [
    [`${HOST} {`, `${HOST}:${port} {\n    bind 127.0.0.1\n    tls internal`],
    ['127.0.0.1:8420', `127.0.0.1:${upstream}`],
  ]);
  const global = `{\n    admin off\n    skip_install_trust\n    http_port ${plain}\n    https_port ${port}\n}\n`;
  const file = join(folder, 'Caddyfile');
  await writeFile(file, global + site);
  await start('caddy', ['run', '--adapter', 'caddyfile', '--config', file], async () => await answers(port));
  return port;
}

describe.each([
  ['nginx', startNginx, '127.0.0.2'],
  ['Caddy', startCaddy, '127.0.0.3'],
] as const)('behind %s', (_, startProxy, visitor) => {
  let port: number;
  beforeAll(async () => {
    port = await startProxy();
  }, 60_000);

  it('serves pages and feeds, with links to the configured address whatever the request says', async () => {
    const page = await ask(port, '/', { headers: { 'X-Forwarded-Host': 'evil.example' } });
    expect([page.status, page.headers['strict-transport-security']]).toEqual([200, 'max-age=31536000']);
    expect(page.body).toContain(`https://${HOST}/rss.xml`);
    expect(page.body).not.toMatch(/evil\.example|127\.0\.0\.1/);
  });

  it('keeps strong ETags and answers 304', async () => {
    const feed = await ask(port, '/atom.xml', { headers: { 'Accept-Encoding': 'gzip' } });
    const etag = feed.headers.etag ?? '';
    expect(etag).toMatch(/^"/);
    expect(feed.headers['content-encoding']).toBe('gzip');
    const again = await ask(port, '/atom.xml', {
      headers: { 'Accept-Encoding': 'gzip', 'If-None-Match': etag },
    });
    expect([again.status, again.headers.etag]).toEqual([304, etag]);
  });

  it('says nothing through a proxy that is for this machine only', async () => {
    expect((await ask(port, '/inbox')).status).toBe(403);
    expect((await ask(port, '/metrics')).status).not.toBe(200);
  });

  it('counts a visitor by who they are, whatever they say of themselves', async () => {
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const statuses: number[] = [];
    for (let turn = 0; turn < 4; turn += 1) {
      const headers = { ...form, 'X-Forwarded-For': `203.0.113.${turn}` };
      const body = `address=reader${turn}%40example.net`;
      statuses.push((await ask(port, '/subscribe', { method: 'POST', headers, body, from: visitor })).status);
    }
    // Two forms from elsewhere are six, which is all that one visitor has; the other proxy's is another one.
    expect(statuses).toEqual([200, 200, 429, 429]);
  });

  it('passes on a one-click unsubscribe, and refuses a body that is no form', async () => {
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const large = await ask(port, `/unsubscribe/${token}`, {
      method: 'POST',
      headers: form,
      body: 'x'.repeat(70_000),
    });
    expect(large.status).toBe(413);
    const scanned = await ask(port, `/unsubscribe/${token}`, { method: 'HEAD' });
    expect(scanned.status).toBe(200);
    const body = 'List-Unsubscribe=One-Click';
    const left = await ask(port, `/unsubscribe/${token}`, { method: 'POST', headers: form, body });
    expect([left.status, left.headers.location]).toEqual([200, undefined]);
  });
});
