/** Paths that climb, hide or disguise themselves: nothing is served from outside `public/`, and nothing hidden within it. */
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { composeRequest, exchange, openTarget, type RawAnswer, type Target } from './target.ts';

const SECRET = 'nobody outside may read this';
let target: Target;

beforeAll(async () => {
  target = await openTarget();
  const { web } = target;
  const { root, publicFolder } = web;
  await web.write('a/b/page.txt', 'page');
  await web.write('.htpasswd', SECRET);
  await web.write('.well-hidden/page.txt', SECRET);
  await writeFile(join(root, 'secret.txt'), SECRET);
  await mkdir(join(root, 'public-not'));
  await writeFile(join(root, 'public-not', 'secret.txt'), SECRET);
  await symlink(join(root, 'secret.txt'), join(publicFolder, 'link.txt'));
  await symlink('../secret.txt', join(publicFolder, 'relative.txt'));
  await symlink(root, join(publicFolder, 'up'));
  await symlink(join(root, 'public-not'), join(publicFolder, 'sibling'));
  await symlink('.htpasswd', join(publicFolder, 'shown.txt'));
  await symlink('up', join(publicFolder, 'again'));
  await symlink(join(root, 'secret.txt'), join(publicFolder, 'index.xml'));
  await symlink(join(root, 'secret.txt'), join(publicFolder, 'atom.xml'));
});
afterAll(async () => await target.close());

const ask = async (path: string, method = 'GET'): Promise<RawAnswer> => {
  const [answer] = await exchange(target.running.port, composeRequest(`${method} ${path}`), {
    isHead: method === 'HEAD',
  });
  return answer!;
};

/** Ways to write `..`, and the separator after it. */
const UP = [
  '..',
  '%2e%2e',
  '.%2e',
  '%2E.',
  '%252e%252e',
  '..%00',
  '%00..',
  '....',
  '..;',
  '..%20',
  '%c0%ae%c0%ae',
  '%e0%80%ae%e0%80%ae',
  '%f0%80%80%ae',
  '%u002e%u002e',
  '%uff0e%uff0e',
  '．．',
  '%EF%BC%8E%EF%BC%8E',
  '..%01',
  '..%7f',
  '.%09.',
  '.%0d%0a.',
];
const SEPARATORS = [
  '/',
  '//',
  '%2f',
  '%2F',
  '%252f',
  '\\',
  '%5c',
  '%5C',
  '%255c',
  '%c0%af',
  '%e0%80%af',
  '%u2215',
  '%EF%BC%8F',
  '/./',
  ';/',
  '%00/',
  '/%2e/',
  '%2f%2f',
];

describe('a path that climbs', () => {
  it.each(UP)(
    'gets nowhere: %s',
    async (up) => {
      for (const separator of SEPARATORS) {
        const climb = up + separator;
        for (const path of [
          `/${climb}secret.txt`,
          `/a/${climb.repeat(2)}secret.txt`,
          `/up/${climb}renga.sqlite`,
          `/nowhere/${climb.repeat(3)}public-not/secret.txt`,
          `/a/b/${climb.repeat(9)}etc/passwd`,
        ]) {
          const { status, body } = await ask(Buffer.from(path).toString('latin1'));
          expect([path, status === 404 || status === 400]).toEqual([path, true]);
          expect(body).not.toMatch(/nobody outside|SQLite|root:/);
        }
      }
    },
    120_000,
  );

  it('reads no file that is named as on a disk', async () => {
    const paths = [
      join(target.web.root, 'secret.txt'),
      `file://${target.web.root}/secret.txt`,
      `/${target.web.root}/secret.txt`,
      '/public/../secret.txt',
      '/public-not/secret.txt',
      '/../public-not/secret.txt',
      'http://mail.example.org/../secret.txt',
      '/c:/secret.txt',
      '/..',
      '/../',
      '/%2e%2e/',
      '/~root/secret.txt',
      '/proc/self/environ',
      '/a/b/page.txt/../../../../secret.txt',
    ];
    for (const path of paths) {
      const { status, body } = await ask(path);
      // A path is folded before it is looked up (RFC 3986 §5.2.4): the top is as far as it goes.
      expect([path, [200, 400, 404].includes(status)]).toEqual([path, true]);
      expect(body).not.toMatch(/nobody outside|root:/);
    }
  });
});

describe('what lies in public/', () => {
  it.each([
    '/link.txt',
    '/relative.txt',
    '/up/secret.txt',
    '/up/renga.sqlite',
    '/sibling/secret.txt',
    '/again/secret.txt',
    '/shown.txt',
    '/index.xml',
    '/atom.xml',
    '/up',
    '/up/',
    '/up/public/a/b/page.txt',
  ])('leads out of it by no link: %s', async (path) => {
    for (const method of ['GET', 'HEAD']) {
      const { status, body, fields } = await ask(path, method);
      // A link that comes back in is read as what it is; only what lies outside is not there.
      expect([path, status]).toEqual([path, path === '/up/public/a/b/page.txt' ? 200 : 404]);
      expect(body).not.toContain(SECRET);
      expect(fields).not.toContain(`content-length: ${SECRET.length}`);
    }
  });

  it.each([
    '/.htpasswd',
    '/%2ehtpasswd',
    '/.well-hidden/page.txt',
    '/%2Ewell-hidden/page.txt',
    '/a/../.htpasswd',
    '/a/b/%2e%2e/../.htpasswd',
    '/./.htpasswd',
    '/.htpasswd/',
    '/.htpasswd%00.txt',
  ])('stays hidden when it begins with a dot: %s', async (path) => {
    const { status, body } = await ask(path);
    expect([path, status]).toEqual([path, 404]);
    expect(body).not.toContain(SECRET);
  });

  it('is read under its own name and no other', async () => {
    expect(await ask('/a/b/page.txt')).toMatchObject({ status: 200, body: 'page' });
    expect(await ask('/a/%62/p%61ge.txt')).toMatchObject({ status: 200, body: 'page' });
    for (const path of [
      '/a/b/page.txt/',
      '/a//b/page.txt',
      '/a%2fb%2fpage.txt',
      '/a/b/page.txt%00',
      '/a/b/page.txt%00.html',
      '/a/b/PAGE.TXT',
      '/a/b/page.txt.',
      '/a/b/page.txt%20',
      '/a/b/page.txt::$DATA',
      '/a/b/page.txt;x',
      '/a/b%5cpage.txt',
      '/a/b/',
      '/a/',
    ]) {
      expect([path, (await ask(path)).status]).toEqual([path, 404]);
    }
    expect((await ask('/a/b')).status).toBe(404);
  });
});

describe('a path of any size', () => {
  it.each([
    ['long', `/${'a'.repeat(15_000)}`],
    ['deep', '/a'.repeat(7000)],
    ['of many dots', '/..'.repeat(4000)],
    ['of many escapes', '/%2e%2e%2f'.repeat(1500)],
    ['of one long name', `/${'%E2%82%AC'.repeat(1600)}`],
  ])('is answered calmly when it is %s', async (_, path) => {
    const { status } = await ask(path);
    expect([200, 400, 404, 414, 431]).toContain(status);
    expect(target.web.reported).toEqual([]);
  });

  it('is not read to its end when it has none', async () => {
    const answers = await exchange(target.running.port, composeRequest(`GET /${'a'.repeat(200_000)}`));
    // The line may be cut before its last words arrive.
    expect(answers.filter(({ status }) => status !== 431)).toEqual([]);
  });
});
