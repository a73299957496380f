/** The process ends with its exit code, and not before all that it said has been taken, however slow the reader is. */
import { execFile, spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, it, onTestFinished } from 'vitest';

const BIN = fileURLToPath(new URL('../bin/renga.mjs', import.meta.url));
/** One line for each, of 200 bytes and more: twice what a pipe or a socket of the system holds. */
const POSTS = 2000;
const run = promisify(execFile);

let blog: string;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'renga-main-'));
  blog = join(folder, 'blog');
  for (const name of ['config', 'posts']) await mkdir(join(blog, name), { recursive: true });
  await writeFile(
    join(blog, 'config', 'renga.yaml'),
    'publication: {title: Notes, url: "https://ann.example/"}\n',
  );
  const names = Array.from({ length: POSTS }, (_, index) => `${'long-'.repeat(30)}${index}.md`);
  await Promise.all(
    names.map(
      async (name) => await writeFile(join(blog, 'posts', name), '---\ndate: 2026-02-30\n---\nText.\n'),
    ),
  );
  return async () => await rm(folder, { recursive: true, force: true });
});

/** Takes little at a time, and lets the program run in between. */
async function readSlowly(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) {
    chunks.push(chunk);
    await new Promise((resolve) => void setImmediate(resolve));
  }
  return Buffer.concat(chunks).toString();
}

function expectWhole(text: string): void {
  const lines = text.split('\n');
  expect(text.length).toBeGreaterThan(400_000);
  expect(lines.filter((line) => line.endsWith('write the day that is meant'))).toHaveLength(POSTS);
  expect(lines.slice(-2)).toEqual([`0 posts can be read, ${POSTS.toLocaleString('en')} errors`, '']);
}

it('says all of it into a slow pipe', { timeout: 60_000 }, async () => {
  const pipe = join(blog, 'pipe');
  await run('mkfifo', [pipe]);
  onTestFinished(async () => await rm(pipe, { force: true }));
  const command = ['-c', '"$@" > "$0"; echo $?', pipe, process.execPath, BIN, '-C', blog, 'posts', 'check'];
  const ended = run('sh', command);
  expectWhole(await readSlowly(createReadStream(pipe, { highWaterMark: 2048 })));
  expect((await ended).stdout).toBe('1\n');
});

it('says all of it into a slow socket, as from a Node program', { timeout: 60_000 }, async () => {
  const child = spawn(process.execPath, [BIN, '-C', blog, 'posts', 'check'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const code = new Promise((resolve) => void child.once('exit', resolve));
  expectWhole(await readSlowly(child.stdout));
  expect(await code).toBe(1);
});

it('ends without a word where the reader has gone', { timeout: 60_000 }, async () => {
  const command = ['-c', '{ "$0" "$@"; echo $? >&2; } | head -n 1', process.execPath, BIN, '-C', blog];
  const { stdout, stderr } = await run('sh', [...command, 'posts', 'check']);
  expect([stdout.split('\n').length, stderr]).toEqual([2, '0\n']);
});
