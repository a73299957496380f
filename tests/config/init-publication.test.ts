/** A fresh publication: complete, usable at once, and never over what somebody has. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { initPublication } from '../../src/config/init-publication.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { OperatorError } from '../../src/domain/operator-error.ts';

const POST = 'posts/an-empty-folder-/-the-cursor-blinks-and-it-waits-/-so-begin-with-this.md';

/** The evening before in New York. */
const NOW = Temporal.Instant.from('2026-11-21T01:00:00Z');

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'renga-init-'));
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

async function refusal(dir: string, answers = {}): Promise<OperatorError> {
  const error: unknown = await initPublication(dir, answers, NOW).catch((reason: unknown) => reason);
  if (error instanceof OperatorError) return error;
  throw new Error('it was not refused with an OperatorError', { cause: error });
}

describe('initPublication', () => {
  it('makes a publication of a folder that is not there yet', async () => {
    const dir = join(root, 'deep', 'my-new_blog');
    expect(await initPublication(dir, {}, NOW)).toEqual([
      '.gitignore',
      POST,
      'config/renga.schema.json',
      'config/renga.yaml',
    ]);
    const config = await readConfig({ root: dir, environment: {} });
    expect(config).toMatchObject({
      publication: { title: 'My new blog', author: 'My new blog', zone: 'UTC' },
      smtp: { kind: 'inbox' },
      series: [{ name: 'weekly' }],
    });
    expect(await readFile(join(dir, '.gitignore'), 'utf8')).toMatch(/^\/public\/\n\/var\/$/m);
    const [{ backlog } = {}] = config.series;
    expect(JSON.stringify(backlog)).toBe('{"before":"2026-11-21T00:00:00Z"}');
    expect(await readFile(join(dir, POST), 'utf8')).toMatch(
      /^---\ntitle: .*\ndate: 2026-11-21\ndigest: false /,
    );
  });

  it('mails none of the posts that are there already, also of those without a date', async () => {
    await mkdir(join(root, 'posts'));
    await writeFile(join(root, 'posts/old.md'), 'An old one.\n');
    expect(await initPublication(root, {}, NOW)).not.toContain(POST);
    const [{ backlog } = {}] = (await readConfig({ root, environment: {} })).series;
    expect(backlog).toBe('skip');
  });

  it('holds what was answered, whatever characters are in it', async () => {
    const title = 'Ann’s "Notes": #1 {a} \\ * & ! | > % @ `x`';
    await initPublication(
      root,
      {
        title,
        author: "O'Neill: a # b",
        url: 'https://ann.example',
        from: 'Ann "A" Lee <ann@ann.example>'.replaceAll('"', ''),
        zone: 'America/New_York',
      },
      NOW,
    );
    expect((await readConfig({ root, environment: {} })).publication).toMatchObject({
      title,
      author: "O'Neill: a # b",
      url: 'https://ann.example/',
      zone: 'America/New_York',
      from: { name: 'Ann A Lee', address: 'ann@ann.example' },
    });
  });

  it.each([
    [{ zone: 'Mars/Base' }, 'publication.zone must be a time zone'],
    [{ url: 'ann.example' }, 'publication.url must be an address that begins with https://'],
    [{ from: 'ann' }, 'from must be an address'],
  ])('refuses %j before it makes anything', async (answers, reason) => {
    const error = await refusal(root, answers);
    expect(error.message).toMatch(new RegExp(`^${reason}`));
    expect(await readdir(root)).toEqual([]);
  });

  it('refuses a folder that has a config, and leaves it as it is', async () => {
    await mkdir(join(root, 'config'));
    await writeFile(join(root, 'config/renga.yaml'), 'theirs');
    expect((await refusal(root)).message).toContain('is a publication already');
    expect(await readFile(join(root, 'config/renga.yaml'), 'utf8')).toBe('theirs');
    expect(await readdir(root)).toEqual(['config']);
  });

  it('never writes over a file, and adds no post to posts', async () => {
    await mkdir(join(root, 'posts'));
    await writeFile(join(root, 'posts/mine.md'), 'mine');
    await writeFile(join(root, '.gitignore'), 'node_modules/\n');
    expect(await initPublication(root, {}, NOW)).toEqual(['config/renga.schema.json', 'config/renga.yaml']);
    expect(await readdir(join(root, 'posts'))).toEqual(['mine.md']);
    expect(await readFile(join(root, '.gitignore'), 'utf8')).toBe('node_modules/\n');
  });

  it('of two at once lets one win', async () => {
    const both = await Promise.allSettled([initPublication(root, {}, NOW), initPublication(root, {}, NOW)]);
    const won = both.filter(({ status }) => status === 'fulfilled');
    expect(won).toHaveLength(1);
    expect((await readConfig({ root, environment: {} })).smtp).toEqual({ kind: 'inbox' });
  });

  it.each(['', 'config', 'posts'])('explains a file where the folder %j should be', async (name) => {
    const dir = join(root, 'dir');
    if (name !== '') await mkdir(dir);
    await writeFile(join(dir, name), '');
    expect((await refusal(dir)).message).toMatch(/cannot be made in .*(?:ENOTDIR|EEXIST)/);
  });
});
