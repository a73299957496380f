/** The way in with the real program: a form that was pasted elsewhere, the mail, the button; a key that is rotated between. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { expect, it, onTestFinished } from 'vitest';
import { renga, serve, waitForMails } from './serve-program.ts';

/** The newest of the inbox's mails once there are so many. */
async function mailNumber(blog: string, count: number): Promise<string> {
  const mails = await waitForMails(blog, count);
  return await readFile(mails.at(-1) ?? '', 'utf8');
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
