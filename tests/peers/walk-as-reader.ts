/**
 * The whole way of a reader, walked in a real browser at the real `renga serve`: from a form that was pasted into a page of another site to a digest, out by
 * one click, back, and out by the page. Each place is shown to `stopAt`, which may look closer or take a picture.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BIN = join(ROOT, 'bin', 'renga.mjs');

export const READER = 'chiyo@example.org';

/** In the order of the walk. */
export const STOPS = [
  'pasted-form',
  'look-into-your-mail',
  'confirmation',
  'confirm',
  'welcome',
  'preferences',
  'saved',
  'digest',
  'goodbye',
  'undo',
  'back',
  'unsubscribe',
  'left',
] as const;
export type Stop = (typeof STOPS)[number];

export type Walk = {
  readonly browser: Browser;
  /** Where the publication is made: a folder that is there. */
  readonly folder: string;
  readonly stopAt: (stop: Stop, page: Page) => Promise<void>;
};

type Place = {
  readonly page: Page;
  readonly url: string;
  readonly blog: string;
  readonly stopAt: Walk['stopAt'];
};

/** What `subscribers show --json` says in the end. */
export async function walkAsReader({ browser, folder, stopAt }: Walk): Promise<unknown> {
  const blog = join(folder, 'blog');
  await makePublication(blog);
  const { child, url } = await serve(blog);
  const site = await openOtherSite(await renga(blog, 'form'));
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  try {
    const page = await context.newPage();
    const place: Place = { page, url, blog, stopAt };
    await subscribe(place, site.url);
    await choose(place);
    await leaveAndReturn(place);
    await leaveByPage(place);
    return JSON.parse(await renga(blog, 'subscribers', 'show', READER, '--json')) as unknown;
  } finally {
    await context.close();
    site.server.close();
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
}

/** The sample publication, with a second series to choose, and a port that is free: links and the pasted form name it. */
async function makePublication(blog: string): Promise<void> {
  await mkdir(blog);
  for (const part of ['config', 'posts']) await cp(join(ROOT, part), join(blog, part), { recursive: true });
  const file = join(blog, 'config', 'renga.yaml');
  const config = await readFile(file, 'utf8');
  const daily = 'series:\n  daily:\n    schedule: daily 07:30\n    backlog: include\n';
  const changed = config
    .replace(/^series:\n/m, daily)
    .replace(/^( +)port: \d+/m, `$1port: ${await findPort()}`);
  await writeFile(file, changed);
}

async function findPort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

async function renga(blog: string, ...words: readonly string[]): Promise<string> {
  return await new Promise((resolve, reject) => {
    execFile(process.execPath, [BIN, '-C', blog, ...words], (error, out, said) => {
      if (error) reject(new Error(`renga ${words.join(' ')}: ${said}`));
      else resolve(out);
    });
  });
}

async function serve(blog: string): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const child = spawn(process.execPath, [BIN, '-C', blog, 'serve'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    let said = '';
    child.once('exit', () => reject(new Error(`renga serve ended: ${said}`)));
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const found = /pages\s+(http:\S+)/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  return { child, url };
}

/** The writer's own site: another origin, with what `renga form` prints pasted into one of its pages. */
async function openOtherSite(form: string): Promise<{ readonly server: Server; readonly url: string }> {
  const body = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Ann’s page</title>
<style>:root{color-scheme:light dark}body{font:18px/1.6 system-ui;max-width:34rem;margin:3rem auto;padding:0 1rem}</style>
<h1>Ann’s page</h1>
<p>I keep a few computers and write about them. The letters come by mail, if you like:</p>
${form}</html>`;
  const server = createServer((_, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8').end(body);
  }).listen(0, 'localhost');
  await once(server, 'listening');
  return { server, url: `http://localhost:${(server.address() as AddressInfo).port}/` };
}

async function subscribe({ page, url, stopAt }: Place, siteUrl: string): Promise<void> {
  await page.goto(siteUrl);
  await page.fill('input[name=address]', READER);
  await page.selectOption('select[name=series]', 'weekly');
  await stopAt('pasted-form', page);
  await page.click('button');
  await page.waitForURL(`${url}subscribe`);
  await stopAt('look-into-your-mail', page);
  await openMail({ page, url }, 1);
  await stopAt('confirmation', page);
  await followLink(page, /\/confirm\//);
  await stopAt('confirm', page);
  await page.click('button');
  await stopAt('welcome', page);
}

async function choose({ page, url, blog, stopAt }: Place): Promise<void> {
  await renga(blog, 'publish', '--digest', 'weekly', '--yes');
  await openMail({ page, url }, 2);
  await stopAt('digest', page);
  await followLink(page, /\/preferences\//);
  await page.check('input[name=series][value=daily]');
  await stopAt('preferences', page);
  await page.click('button[type=submit]');
  await stopAt('saved', page);
}

/** One click is what a mail program does by itself (RFC 8058 §3.2): a POST to the address in the header, with nothing of a browser about it. */
async function leaveAndReturn({ page, url, stopAt }: Place): Promise<void> {
  await openMail({ page, url }, 2);
  const source = await (await fetch(`${page.url().split('?')[0]}/source`)).text();
  const [, link = ''] =
    /^List-Unsubscribe:[^<]*<(http[^>\s]+)>/m.exec(source.replaceAll(/\r\n[ \t]+/g, ' ')) ?? [];
  const answer = await fetch(link, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: 'List-Unsubscribe=One-Click',
    redirect: 'error',
  });
  if (answer.status !== 200) throw new Error(`one click was answered ${answer.status}`);
  await openMail({ page, url }, 3);
  await stopAt('goodbye', page);
  await followLink(page, /\/undo\//);
  await stopAt('undo', page);
  await page.click('button');
  await stopAt('back', page);
}

async function leaveByPage({ page, url, stopAt }: Place): Promise<void> {
  await openMail({ page, url }, 2);
  await followLink(page, /\/unsubscribe\//);
  await stopAt('unsubscribe', page);
  await page.click('button');
  await stopAt('left', page);
}

/** The `number`th mail that came, once it is there: the inbox shows the newest first. */
async function openMail({ page, url }: Pick<Place, 'page' | 'url'>, number: number): Promise<void> {
  for (;;) {
    await page.goto(`${url}inbox`);
    const mails = await page
      .locator('main a[href*="inbox/"]')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
    const wanted = mails.at(-number);
    if (wanted !== undefined && mails.length >= number) {
      await page.goto(`${new URL(wanted, `${url}inbox`).href}?view=html`);
      return;
    }
    await page.waitForTimeout(100);
  }
}

/** In the mail that is open. It would open in a window of its own; here it is followed in this one. */
async function followLink(page: Page, pattern: RegExp): Promise<void> {
  const mail = page.frameLocator('iframe').locator('a');
  await mail.first().waitFor();
  const links = await mail.evaluateAll((found) => found.map((link) => link.getAttribute('href') ?? ''));
  const link = links.find((one) => pattern.test(one));
  if (link === undefined) throw new Error(`no link ${String(pattern)} among ${links.join(' ')}`);
  await page.goto(link);
}
