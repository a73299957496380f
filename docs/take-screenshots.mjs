/**
 * Takes the pictures of README (`npm run screenshots`): publishes the sample publication in a folder of its own and photographs the front page
 * and the digest, phone and desktop, light and dark. Needs Chromium: CHROMIUM names it, /usr/bin/chromium is the default.
 */
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const BIN = join(ROOT, 'bin', 'renga.mjs');
const IMAGES = join(ROOT, 'docs', 'images');
const WIDTHS = { phone: 375, desktop: 1280 };

const folder = mkdtempSync(join(tmpdir(), 'renga-pictures-'));
for (const part of ['config', 'posts']) cpSync(join(ROOT, part), join(folder, part), { recursive: true });
execFileSync(process.execPath, [BIN, '-C', folder, 'publish'], { stdio: 'inherit' });
const digest = execFileSync(process.execPath, [BIN, '-C', folder, 'digests', 'preview', '--html'], {
  encoding: 'utf8',
});

const server = spawn(process.execPath, [BIN, '-C', folder, 'serve', '--port', '0'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const url = await new Promise((resolve) => {
  let said = '';
  server.stdout.on('data', (chunk) => {
    said += chunk;
    const found = /pages\s+(http:\S+)/.exec(said);
    if (found) resolve(found[1]);
  });
});

const digestFile = join(folder, 'digest.html');
writeFileSync(digestFile, digest.replaceAll(/http:\/\/127\.0\.0\.1:\d+\//g, url));
mkdirSync(IMAGES, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
});
for (const [place, width] of Object.entries(WIDTHS)) {
  for (const colorScheme of ['light', 'dark']) {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    await page.goto(url);
    await page.screenshot({ path: join(IMAGES, `front-${place}-${colorScheme}.png`) });
    await page.goto(pathToFileURL(digestFile).href);
    await page.screenshot({ path: join(IMAGES, `digest-${place}-${colorScheme}.png`) });
    await page.close();
  }
}
await browser.close();
server.kill('SIGTERM');
rmSync(folder, { recursive: true, force: true });
