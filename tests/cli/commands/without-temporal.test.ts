/** The whole way on a Node that has no Temporal of its own, which the oldest one allowed has not: in the program, its threads and its children. */
import { execFile } from 'node:child_process';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { listMails } from './serve-program.ts';

const BIN = fileURLToPath(new URL('../../../bin/renga.mjs', import.meta.url));
const WITHOUT = '--no-harmony-temporal';
const run = promisify(execFile);

const renga = async (
  ...words: readonly string[]
): Promise<{ readonly stdout: string; readonly stderr: string }> =>
  await run(process.execPath, [WITHOUT, BIN, ...words]);

it('publishes feeds and sends a signed digest', { timeout: 60_000 }, async () => {
  expect((await run(process.execPath, [WITHOUT, '-p', 'typeof Temporal'])).stdout).toBe('undefined\n');
  const folder = await mkdtemp(join(tmpdir(), 'renga-older-'));
  onTestFinished(async () => await rm(folder, { recursive: true, force: true }));
  const blog = join(folder, 'blog');
  await renga('init', blog);
  await appendFile(join(blog, 'config', 'renga.yaml'), '\nfrom: Ann <ann@example.org>\n');
  await renga('-C', blog, 'dkim', 'new', '--selector', 'first');
  await appendFile(
    join(blog, 'config', 'renga.yaml'),
    'dkim: {selector: first, key: config/dkim/first.pem}\n',
  );
  await renga('-C', blog, 'subscribers', 'add', 'bo@example.org', '--confirmed');
  await writeFile(join(blog, 'posts', 'new.md'), 'one here / two there / three now\n\nText.\n');
  const { stdout, stderr } = await renga('-C', blog, 'publish', '--digest', '--yes');
  expect([stdout, stderr].join('\n')).not.toMatch(/Temporal|error/);
  expect(await readFile(join(blog, 'public', 'rss.xml'), 'utf8')).toContain('<item>');
  const [mail = '', ...others] = await listMails(blog);
  expect(others).toEqual([]);
  expect(await readFile(mail, 'utf8')).toMatch(/^DKIM-Signature: /m);
});
