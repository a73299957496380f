/** `renga serve` with a series that sends each post: one that is saved while it runs is in its readers' mail at once, and once. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { expect, it, onTestFinished } from 'vitest';
import { listMails, renga, serve, waitForMails } from './serve-program.ts';

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
