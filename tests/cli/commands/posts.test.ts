/** `renga posts`, the real program over a real folder: what a person reads. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { renga } from './serve-program.ts';

it('lists each post with its haiku, said once where it is the title too', { timeout: 60_000 }, async () => {
  const blog = await mkdtemp(join(tmpdir(), 'renga-posts-'));
  onTestFinished(async () => await rm(blog, { recursive: true, force: true }));
  for (const folder of ['config', 'posts']) await mkdir(join(blog, folder));
  const config = 'publication: {title: Notes, url: "https://ann.example/"}\n';
  await writeFile(join(blog, 'config', 'renga.yaml'), config);
  const verse = (day: number, head = ''): string =>
    `---\ndate: 2026-11-0${day}\n${head}---\none here / two there / three now\n\nText.\n`;
  await writeFile(join(blog, 'posts', 'a.md'), verse(1));
  await writeFile(join(blog, 'posts', 'b.md'), verse(2, 'title: A name\n'));
  expect(await renga('-C', blog, 'posts')).toBe(
    [
      '2026-11-02  A name',
      '            one here / two there / three now',
      '2026-11-01  one here / two there / three now',
      '',
    ].join('\n'),
  );
});

it('tells after a change of domain what a clone without the database must be told', {
  timeout: 60_000,
}, async () => {
  const blog = await mkdtemp(join(tmpdir(), 'renga-posts-'));
  onTestFinished(async () => await rm(blog, { recursive: true, force: true }));
  for (const folder of ['config', 'posts']) await mkdir(join(blog, folder));
  const config = async (host: string, feeds = ''): Promise<void> =>
    await writeFile(
      join(blog, 'config', 'renga.yaml'),
      `publication: {title: Notes, url: "https://${host}/"}\nfrom: ann@ann.example\n${feeds}`,
    );
  await config('ann.example');
  await writeFile(
    join(blog, 'posts', 'a.md'),
    '---\ndate: 2026-01-01\n---\none here / two there / three now\n\nText.\n',
  );
  await renga('-C', blog, 'publish');
  expect(await renga('-C', blog, 'posts', 'ids', '--write')).not.toContain('base:');
  await config('ben.example');
  const told = await renga('-C', blog, 'posts', 'ids', '--write');
  expect(told).toContain('write "base: https://ann.example/" under "feeds:"');
  const [line] = /base: \S+(?=")/.exec(told) ?? [];
  await config('ben.example', `feeds:\n  ${line}\n`);
  expect(await renga('-C', blog, 'posts', 'ids', '--write')).not.toContain('base:');
});
