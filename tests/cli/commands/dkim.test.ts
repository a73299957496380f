/** From no key to mail that others verify, with the real program: what `renga dkim new` prints is what DNS and the config get. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const BIN = fileURLToPath(new URL('../../../bin/renga.mjs', import.meta.url));

type Run = { readonly code: number; readonly out: string; readonly error: string };

let folder = '';
let blog = '';
/** What the owner would type into DNS, by name. */
const dns = new Map<string, string>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'renga-dkim-'));
  blog = join(folder, 'blog');
  await renga('init', blog);
  await setConfig((text) => text.replace(/^# from:.*$/m, 'from: Käthe <digest@news.bücher.example>'));
  // The sample post is not mailed.
  await writeFile(join(blog, 'posts/frost.md'), 'frost on the window / b / c\n\nText.\n');
  await renga('-C', blog, 'subscribers', 'add', 'ann@reader.example', '--confirmed');
});
afterAll(async () => await rm(folder, { recursive: true, force: true }));

async function renga(...words: readonly string[]): Promise<Run> {
  return await new Promise((resolve) => {
    execFile(process.execPath, [BIN, ...words], { cwd: folder }, (error, out, said) => {
      resolve({ code: error ? Number(error.code) : 0, out, error: said });
    });
  });
}

const inBlog = async (...words: readonly string[]): Promise<Run> => await renga('-C', blog, ...words);

async function setConfig(change: (text: string) => string): Promise<void> {
  const file = join(blog, 'config/renga.yaml');
  const before = await readFile(file, 'utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  await writeFile(file, after);
}

function readRecord(printed: string): readonly [name: string, value: string] {
  const name = /^ {2}Name {3}(\S+)$/m.exec(printed)?.[1] ?? '';
  return [
    name,
    [...printed.matchAll(/^ {9}"(.*)"$|^ {2}Value {2}"(.*)"$/gm)].map((line) => line[1] ?? line[2]).join(''),
  ];
}

const readLines = (printed: string): string => /^dkim:\n(?: .*\n)+/m.exec(printed)?.[0] ?? '';

describe('renga dkim', () => {
  it('has nothing to show before there is a key', async () => {
    const { code, error } = await inBlog('dkim', 'show');
    expect(code).toBe(2);
    expect(error).toContain('renga dkim new');
  });

  it('makes none for a publication that does not say which domain it sends from', async () => {
    await renga('init', join(folder, 'unnamed'));
    const { code, out, error } = await renga('-C', join(folder, 'unnamed'), 'dkim', 'new');
    expect([code, out]).toEqual([2, '']);
    expect(error).toContain('Set `from` first');
  });

  it('makes two keys, with the record and the lines for each', async () => {
    const rsa = await inBlog('dkim', 'new', '--selector', 's1');
    const second = await inBlog('dkim', 'new', '--selector', 's2', '--ed25519');
    dns.set(...readRecord(rsa.out)).set(...readRecord(second.out));
    expect([...dns.keys()]).toEqual([
      's1._domainkey.news.xn--bcher-kva.example',
      's2._domainkey.news.xn--bcher-kva.example',
    ]);
    const lines = readLines(rsa.out) + readLines(second.out).replace('dkim:\n', '');
    await setConfig((text) => `${text}\n${lines}`);
    const shown = await inBlog('dkim', 'show');
    expect(shown.code).toBe(0);
    expect(shown.out.split('\n\n').map(readRecord)).toEqual([...dns]);
  });

  it('gives a key a name with the month in it, and never takes the place of one', async () => {
    expect((await inBlog('dkim', 'new', '--ed25519')).out).toMatch(/selector: renga-\d{4}-\d\d-ed25519\n/);
    const again = await inBlog('dkim', 'new', '--selector', 's1');
    expect(again.code).toBe(2);
    expect(again.error).toContain('config/dkim/s1.pem');
    expect((await inBlog('dkim', 'new', '--bits', '512')).code).toBe(2);
  });

  it('stops the program before anything is frozen when the key cannot be used, and can still make one', async () => {
    const file = join(blog, 'config/dkim/s1.pem');
    const key = await readFile(file, 'utf8');
    await writeFile(file, key.slice(0, 400));
    const { code, error } = await inBlog('publish', '--digest', '--yes');
    expect(code).toBe(2);
    expect(error).toMatch(/config\/dkim\/s1\.pem is not a key/);
    expect((await inBlog('dkim', 'new', '--selector', 's3')).code).toBe(0);
    await writeFile(file, key);
    expect((await inBlog('digests')).out).not.toContain('weekly');
  });

  it('has digests signed so that others verify them', async () => {
    expect((await inBlog('publish', '--digest', '--yes')).code).toBe(0);
    const inbox = join(blog, 'var/inbox');
    const name = (await readdir(inbox)).find((file) => file.endsWith('.eml')) ?? '';
    const { results } = await dkimVerify(await readFile(join(inbox, name)), {
      resolver: async (asked: string) => await Promise.resolve([[dns.get(asked) ?? '']]),
    });
    expect(results.map(({ status, signingDomain }) => [status.result, signingDomain])).toEqual([
      ['pass', 'news.xn--bcher-kva.example'],
      ['pass', 'news.xn--bcher-kva.example'],
    ]);
  });
});
