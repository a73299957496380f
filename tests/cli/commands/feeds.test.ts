/** `renga feeds check` and `renga feeds stats`, the real program over a real folder: exit codes, and who is named. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

const BIN = fileURLToPath(new URL('../../../bin/renga.mjs', import.meta.url));
const FEEDS = ['public/atom.xml', 'public/rss.xml', 'public/feed.json', 'public/tags/night/feed.json'];

type Run = { readonly code: number; readonly out: string; readonly error: string };

let blog = '';
const good = new Map<string, string>();

async function renga(...words: readonly string[]): Promise<Run> {
  return await new Promise((resolve) => {
    execFile(process.execPath, [BIN, '-C', blog, ...words], (error, out, said) => {
      resolve({ code: error ? Number(error.code) : 0, out, error: said });
    });
  });
}

beforeAll(async () => {
  blog = await mkdtemp(join(tmpdir(), 'renga-feeds-'));
  for (const folder of ['config', 'posts']) await mkdir(join(blog, folder));
  await writeFile(
    join(blog, 'config/renga.yaml'),
    'publication: { title: Almanac, url: "https://almanac.example/" }\nsmtp: inbox\nfrom: Ann <ann@almanac.example>\n',
  );
  for (const name of ['one', 'two']) {
    const text = `---\ntitle: The ${name}\ndate: 2026-10-01\ntags: [night]\n---\nText of ${name}.\n`;
    await writeFile(join(blog, `posts/${name}.md`), text);
  }
  const { code, error } = await renga('publish');
  if (code !== 0) throw new Error(error);
  for (const file of FEEDS) good.set(file, await readFile(join(blog, file), 'utf8'));
});
afterAll(async () => await rm(blog, { recursive: true, force: true }));
beforeEach(async () => {
  for (const [file, text] of good) await writeFile(join(blog, file), text);
});

const change = async (file: string, replace: (text: string) => string): Promise<void> => {
  const before = good.get(file) ?? '';
  expect(replace(before)).not.toBe(before);
  await writeFile(join(blog, file), replace(before));
};

describe('renga feeds check', () => {
  it('says of each feed that it is right, and ends with 0', async () => {
    expect(await renga('feeds', 'check')).toEqual({
      code: 0,
      out: 'right  public/\nright  public/tags/night/\n',
      error: '',
    });
    expect(JSON.parse((await renga('feeds', 'check', '--json')).out)).toEqual([
      { folder: 'public/', faults: [] },
      { folder: 'public/tags/night/', faults: [] },
    ]);
  });

  it('ends with 1 and names the entry that is wrong, and the feed it is in', async () => {
    await change('public/atom.xml', (text) =>
      text.replace('Text of two.&#x3C;/p', '&#x3C;script&#x3E;x()&#x3C;/script&#x3E;&#x3C;/p'),
    );
    const { code, out } = await renga('feeds', 'check');
    expect(code).toBe(1);
    expect(out).toMatch(/^wrong {2}public\/\n {7}The entry tag:almanac\.example,2026-10-01:two .*script/mu);
    expect(out).toContain('right  public/tags/night/\n');
  });

  it.each([
    ['that is cut off', 'public/rss.xml', (text: string) => text.slice(0, -40)],
    ['whose ids are not unique', 'public/feed.json', (text: string) => text.replaceAll(':two"', ':one"')],
    [
      'with an address that is not whole',
      'public/tags/night/feed.json',
      (text: string) => text.replace('"url": "https://almanac.example/', '"url": "/'),
    ],
  ])('ends with 1 for a document %s', async (_, file, replace) => {
    await change(file, replace);
    const { code, out } = await renga('feeds', 'check');
    expect([code, out]).toEqual([1, expect.stringContaining('wrong  public/')]);
  });

  it('ends with 1 where a format is missing, and says what to do', async () => {
    await rm(join(blog, 'public/feed.json'));
    const { code, out } = await renga('feeds', 'check');
    expect(code).toBe(1);
    expect(out).toContain('A format is missing: `renga publish` writes it again.');
  });
});

describe('renga feeds stats', () => {
  it('of a new publication counts from its first day, not from a month ago', async () => {
    const today = new Date().toISOString().slice(0, 10);
    const { code, out } = await renga('feeds', 'stats', '--json');
    expect([code, (JSON.parse(out) as { since: string }).since]).toEqual([0, today]);
  });
});
