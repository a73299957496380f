/** The inbox in a browser: mails of anybody's making, shown harmlessly, and to nobody else. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HtmlValidate } from 'html-validate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ExampleWeb, openExampleWeb } from '../example-web.ts';

const EVIL = '"><script>alert(1)</script>';
const DIGEST = [
  'From: =?UTF-8?Q?Small_j=C3=B6ys?= <ann@example.org>',
  'To: reader@example.org',
  'Subject: the branch was deleted',
  'Date: Mon, 16 Nov 2026 09:00:00 +0100',
  'List-Unsubscribe: <https://example.org/unsubscribe/TOKEN>,',
  ' <mailto:ann@example.org>',
  'MIME-Version: 1.0',
  'Content-Type: multipart/alternative; boundary=b',
  '',
  '--b',
  'Content-Type: text/plain; charset=utf-8',
  '',
  '  the branch was deleted',
  '<b>plain</b>',
  '--b',
  'Content-Type: text/html; charset=utf-8',
  '',
  '<html><head><title>x</title></head><body><script>alert(1)</script><p>hello</p></body></html>',
  '--b--',
  '',
].join('\r\n');

let web: ExampleWeb;
/** Made anew for each test; the inbox lies in it, so that there is something outside of the inbox. */
let root: string;
let folder: string;
const HERE = { incoming: { socket: { remoteAddress: '127.0.0.1' } } };

async function look(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return await web.app.request(path, { headers }, HERE);
}

async function put(id: string, source: string): Promise<void> {
  await writeFile(join(folder, `${id}.eml`), source);
}

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'renga-inbox-'));
  folder = join(root, 'inbox');
  await mkdir(folder);
  web = await openExampleWeb({ inboxFolder: folder });
  await put('2026-0001', DIGEST);
});
afterEach(async () => {
  await web.close();
  await rm(root, { recursive: true, force: true });
});

function expectValid(html: string): void {
  const validate = new HtmlValidate({ extends: ['html-validate:standard'] });
  const report = validate.validateStringSync(html);
  expect(
    report.results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => `${ruleId}: ${message}`)),
  ).toEqual([]);
}

describe('the inbox', () => {
  it('lists mails newest first, valid, and escaped whatever they say', async () => {
    await put('2026-0002', `From: ${EVIL} <a@x.example>\r\nTo: b@x.example\r\nSubject: ${EVIL}\r\n\r\nx`);
    await put('2026-0003', 'no header at all');
    const response = await look('/inbox');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'self'/);
    const html = await response.text();
    expect(html.match(/href="\/inbox\/([\w-]+)"/g)).toEqual([
      'href="/inbox/2026-0003"',
      'href="/inbox/2026-0002"',
      'href="/inbox/2026-0001"',
    ]);
    expect(html).toContain('<time datetime="2026-11-16T08:00:00Z">Mon, 16 Nov 2026, 09:00</time>');
    expect(html).toContain('to reader@example.org, from Small jöys &lt;ann@example.org&gt;');
    expect(html).toContain('to nobody named, from nobody named');
    expect(html).not.toContain('<script');
    expectValid(html);
    expect((await look('/inbox/')).headers.get('location')).toBe('../inbox');
  });

  it('says so when it is empty, or not there', async () => {
    const empty = await openExampleWeb({ inboxFolder: join(folder, 'nothing') });
    try {
      const html = await (await empty.app.request('/inbox', {}, HERE)).text();
      expect(html).toContain('No mail yet');
      expectValid(html);
    } finally {
      await empty.close();
    }
  });

  it('turns pages when there are many', async () => {
    await Promise.all(Array.from({ length: 149 }, async (_, index) => await put(`m${1000 + index}`, DIGEST)));
    const mails = async (path: string): Promise<number> =>
      (await (await look(path)).text()).match(/class="subject"/g)?.length ?? 0;
    expect(await mails('/inbox')).toBe(100);
    expect(await mails('/inbox?page=2')).toBe(50);
    for (const page of ['3', '0', '-1', 'x', '1e400', '%00']) {
      expect((await look(`/inbox?page=${page}`)).status).toBe(200);
    }
    expectValid(await (await look('/inbox?page=2')).text());
  });
});

describe('one mail', () => {
  it('is shown as HTML in a sandbox, at a width and in a scheme', async () => {
    const html = await (await look('/inbox/2026-0001?view=html&width=phone&scheme=dark')).text();
    const frame = /<iframe[^>]*>/.exec(html)?.[0];
    expect(frame).toContain('class="phone dark"');
    expect(frame).toContain('src="/inbox/2026-0001/html?scheme=dark"');
    expect(frame).toMatch(/sandbox="allow-popups allow-popups-to-escape-sandbox"/);
    expect(html).toMatch(/width=phone&amp;scheme=light">Light/);
    expect(html).toMatch(/width=phone&amp;scheme=dark" aria-current="true">Dark/);
    expect(html).not.toContain('<script');
    expectValid(html);
  });

  it.each([
    ['text', '<pre>  the branch was deleted\n&lt;b&gt;plain'],
    [
      'headers',
      '<dt>List-Unsubscribe</dt><dd>&lt;https://example.org/unsubscribe/TOKEN&gt;, &lt;mailto:ann@example.org&gt;</dd>',
    ],
    ['source', 'download="2026-0001.eml"'],
  ])('is shown as %s, escaped', async (view, markup) => {
    const html = await (await look(`/inbox/2026-0001?view=${view}`)).text();
    expect(html).toContain(markup);
    expect(html).not.toMatch(/<script|<b>plain|<iframe/);
    expectValid(html);
  });

  it('as a document of its own can run nothing', async () => {
    const response = await look('/inbox/2026-0001/html?scheme=dark');
    const policy = response.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'; img-src * data:; style-src 'unsafe-inline'");
    expect(policy).toMatch(/; sandbox allow-popups allow-popups-to-escape-sandbox$/);
    expect(policy).toContain("frame-ancestors 'self'");
    expect(response.headers.get('x-frame-options')).toBe('SAMEORIGIN');
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    expect(await response.text()).toContain('<p>hello</p>');
  });

  it('can be had as it came', async () => {
    const response = await look('/inbox/2026-0001/source');
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(await response.text()).toBe(DIGEST);
  });

  it('without HTML opens with its text', async () => {
    await put('plain', 'From: a@x.example\r\nTo: b@x.example\r\nSubject: =?utf-8?B?4oiG?=\r\n\r\nonly words');
    const html = await (await look('/inbox/plain?view=html')).text();
    expect(html).toContain('<pre>only words');
    expect(html).toContain('<h1>∆</h1>');
    expect((await look('/inbox/plain/html')).status).toBe(404);
  });

  it.each([
    'nothing',
    '..',
    '%2e%2e',
    '..%2frenga',
    '%2e%2e%2f%2e%2e%2fsecret',
    '.hidden',
    'a%00b',
    'a%0d%0ab',
    '%ff',
    'x'.repeat(500),
    '__proto__',
  ])('%s is none', async (id) => {
    await writeFile(join(folder, '..', 'secret.eml'), DIGEST);
    await put('.hidden', DIGEST);
    for (const path of [`/inbox/${id}`, `/inbox/${id}/html`, `/inbox/${id}/source`]) {
      const response = await look(path);
      expect([path, response.status]).toEqual([path, 404]);
    }
    expect(web.reported).toEqual([]);
  });
});

describe('the inbox of a stranger', () => {
  it.each<[string, unknown, Record<string, string>]>([
    ['from elsewhere', { incoming: { socket: { remoteAddress: '192.168.1.4' } } }, {}],
    ['from nowhere', undefined, {}],
    ['from a closed socket', { incoming: { socket: {} } }, {}],
    ['through a proxy', HERE, { 'X-Forwarded-For': '127.0.0.1' }],
  ])('%s is refused, whole', async (_, env, headers) => {
    for (const path of [
      '/inbox',
      '/inbox/2026-0001',
      '/inbox/2026-0001/html',
      '/inbox/2026-0001/source',
      '/inbox/nothing',
    ]) {
      const response = await web.app.request(path, { headers }, env as typeof HERE);
      expect([path, response.status]).toEqual([path, 403]);
      expect(await response.text()).not.toContain('branch');
    }
  });

  it('by a name that only resolves here is refused', async () => {
    expect((await web.app.request('http://rebound.example/inbox', {}, HERE)).status).toBe(403);
    expect((await web.app.request('http://127.0.0.1:4000/inbox', {}, HERE)).status).toBe(200);
  });

  it('can change nothing', async () => {
    for (const method of ['POST', 'DELETE', 'PUT']) {
      expect((await web.app.request('/inbox/2026-0001', { method }, HERE)).status).toBe(405);
    }
  });
});
