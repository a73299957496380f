/** The way in with the real program: a form that was pasted elsewhere, the mail, the button; a key that is rotated between. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { simpleParser } from 'mailparser';
import { expect, it, onTestFinished } from 'vitest';

const BIN = fileURLToPath(new URL('../../../bin/renga.mjs', import.meta.url));

async function renga(...words: readonly string[]): Promise<string> {
  return await new Promise((resolve, reject) => {
    execFile(process.execPath, [BIN, ...words], (error, out, said) => {
      if (error) reject(new Error(said));
      else resolve(out);
    });
  });
}

/** `renga serve`, and where it is. */
async function serve(blog: string): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const child = spawn(process.execPath, [BIN, '-C', blog, 'serve', '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
  });
  const url = await new Promise<string>((resolve, reject) => {
    let said = '';
    child.once('exit', () => reject(new Error(said)));
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const found = /http:\/\/[^/\s]+\//.exec(said)?.[0];
      if (found !== undefined) resolve(found);
    });
  });
  return { child, url };
}

/** The newest of the inbox's mails once there are so many. */
async function mailNumber(blog: string, count: number): Promise<string> {
  const folder = join(blog, 'var', 'inbox');
  for (;;) {
    const files = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.eml')).toSorted();
    const last = files.at(-1);
    if (files.length >= count && last !== undefined) return await readFile(join(folder, last), 'utf8');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

it('signs a reader up from a pasted form, and lets them undo a leaving after the key was rotated', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'renga-sign-up-'));
  onTestFinished(async () => await rm(folder, { recursive: true, force: true }));
  const blog = join(folder, 'blog');
  await renga('init', blog);
  const html = await renga('-C', blog, 'form');
  expect(html).toMatch(/^<form method="post" action="http:\/\/127\.0\.0\.1:\d+\/subscribe">\n/);
  const { child, url } = await serve(blog);
  const post = async (path: string, body: string): Promise<number> =>
    (await fetch(new URL(path, url), { method: 'POST', body: new URLSearchParams(body) })).status;

  expect(await post('subscribe', 'address=ann%40example.org')).toBe(200);
  const confirmation = await simpleParser(await mailNumber(blog, 1));
  const [, confirm = ''] = /(\/confirm\/[\w-]+)/.exec(confirmation.text ?? '') ?? [];
  expect(await renga('-C', blog, 'keys', 'rotate')).toContain('key 1');
  expect((await fetch(new URL(confirm, url))).status).toBe(200);
  expect(await renga('-C', blog, 'subscribers', 'list', '--json')).toContain('"pending"');
  expect(await post(confirm, '')).toBe(200);
  expect(await renga('-C', blog, 'subscribers', 'list', '--json')).toContain('"active"');

  // It is told by mail only that the address is known.
  expect(await post('subscribe', 'address=ann%40example.org')).toBe(200);
  const known = await simpleParser(await mailNumber(blog, 2));
  expect(known.text).toContain('/preferences/');
  const [, token = ''] = /\/preferences\/([\w-]+)/.exec(known.text ?? '') ?? [];
  expect(await post(`unsubscribe/${token}`, 'List-Unsubscribe=One-Click')).toBe(200);
  const goodbye = await simpleParser(await mailNumber(blog, 3));
  const [, undo = ''] = /(\/undo\/[\w-]+)/.exec(goodbye.text ?? '') ?? [];
  expect(await post(undo, '')).toBe(200);
  expect(await post(confirm, '')).toBe(200);
  const shown: unknown = JSON.parse(
    await renga('-C', blog, 'subscribers', 'show', 'ann@example.org', '--json'),
  );
  expect(shown).toMatchObject({ state: 'active' });
  expect(JSON.stringify(shown)).toMatch(/asked.*confirmed.*left.*returned/);
  child.kill('SIGTERM');
  expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(0);
}, 120_000);
