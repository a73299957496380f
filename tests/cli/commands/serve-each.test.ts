/** `renga serve` with a series that sends each post: one that is saved while it runs is in its readers' mail at once, and once. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
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

/** Once it says where it is, its first round is over. */
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

async function listMails(blog: string): Promise<readonly string[]> {
  const folder = join(blog, 'var', 'inbox');
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.eml'));
  return names.toSorted().map((name) => join(folder, name));
}

async function waitForMails(blog: string, count: number): Promise<readonly string[]> {
  for (;;) {
    const mails = await listMails(blog);
    if (mails.length >= count) return mails;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

it('mails a post that is saved while it runs, with links to where it serves', {
  timeout: 60_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'renga-each-'));
  onTestFinished(async () => await rm(folder, { recursive: true, force: true }));
  const blog = join(folder, 'blog');
  await renga('init', blog);
  const config = join(blog, 'config', 'renga.yaml');
  const text = await readFile(config, 'utf8');
  await writeFile(config, text.replace(/^ {2}weekly:\n {4}schedule: .*$/m, '  letters:\n    schedule: each'));
  await renga('-C', blog, 'subscribers', 'add', 'ann@example.org', '--confirmed');
  const { child, url } = await serve(blog);
  for (const [count, name] of ['frost', 'thaw'].entries()) {
    await mkdir(join(blog, 'posts', name));
    await writeFile(
      join(blog, 'posts', name, 'post.md'),
      `the ${name} came at night / b / c\n\nText of ${name}.\n`,
    );
    const mails = await waitForMails(blog, count + 1);
    const mail = await simpleParser(await readFile(mails[count]!, 'utf8'));
    expect([mail.subject, mail.text?.includes(`Text of ${name}.`)]).toEqual([
      `the ${name} came at night`,
      true,
    ]);
    // Another command leads there, too, though config names no port.
    expect(mail.text).toContain(`${url}unsubscribe/`);
  }
  expect(await renga('-C', blog, 'publish')).toContain('as soon as a post is published');
  const port = new URL(url).port;
  expect(await readFile(join(blog, 'public', 'index.html'), 'utf8')).toContain(`127.0.0.1:${port}/`);
  child.kill('SIGTERM');
  expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(0);
  expect(await listMails(blog)).toHaveLength(2);
  const delivered = (await renga('-C', blog, 'status', '--json')).match(/"accepted": 1/g);
  expect(delivered).toHaveLength(2);
});
