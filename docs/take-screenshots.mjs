/**
 * Takes the pictures of the docs (`npm run screenshots`), phone and desktop, light and dark: the sample publication's front page and digest,
 * the torture digest, the golden file that holds everything a mail may have to carry, and what a reader sees on the way in and out. `npm run screenshots -- FOLDER` puts these and
 * every kind of page into FOLDER instead, in full length, to be looked at. Needs Chromium: CHROMIUM names it, /usr/bin/chromium is the default.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { photographReader } from './photograph-reader.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const BIN = join(ROOT, 'bin', 'renga.mjs');
const TORTURE = join(ROOT, 'tests', 'render', 'digest', 'golden', 'digest.html');
const WIDTHS = { phone: 375, desktop: 1280 };
const SCHEMES = ['light', 'dark'];
/** How the slugs of the posts begin that are looked at: pictures, code, a table. */
const POSTS = ['summer-in', 'five-stars', 'log-lines'];

/** In place of the pictures of the torture digest, whose host does not exist. */
const PICTURE = `<svg xmlns="http://www.w3.org/2000/svg" width="1600" height="900"><rect width="1600" height="900" fill="#3b4048"/>
<path d="M200 150h1200M200 300h1200M200 450h1200M200 600h1200M200 750h1200" stroke="#565d68" stroke-width="90"/>
<circle cx="1330" cy="450" r="22" fill="#f0a030"/></svg>`;

/** What README and the docs show, or everything. */
const [wanted] = process.argv.slice(2);
const isEverything = wanted !== undefined;
const images = isEverything ? resolve(wanted) : join(ROOT, 'docs', 'images');
mkdirSync(images, { recursive: true });

const folder = mkdtempSync(join(tmpdir(), 'renga-pictures-'));
for (const part of ['config', 'posts']) cpSync(join(ROOT, part), join(folder, part), { recursive: true });
const server = spawn(process.execPath, [BIN, '-C', folder, 'start', '--port', String(await findPort())], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
});
try {
  const subjects = listSubjects(await readUrl());
  for (const [place, width] of Object.entries(WIDTHS)) {
    for (const scheme of SCHEMES) {
      for (const [name, { url, isWhole }] of Object.entries(subjects)) {
        await photograph(`${name}-${place}-${scheme}.png`, {
          url: url(scheme, place),
          isWhole,
          width,
          scheme,
        });
      }
    }
  }
  await photographReader(browser, images);
} finally {
  await browser.close();
  if (server.exitCode === null && server.kill('SIGTERM')) await once(server, 'exit');
  rmSync(folder, { recursive: true, force: true });
}

/** A free port, known beforehand: pages and pictures link to it. */
function findPort() {
  return new Promise((done, fail) => {
    const probe = createServer().once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

/** Resolves once the first digest is out and the pages are served. */
function readUrl() {
  return new Promise((done, fail) => {
    let said = '';
    server.once('exit', () => fail(new Error(`renga start ended: ${said}`)));
    server.stdout.on('data', (chunk) => {
      said += chunk;
      const found = /pages\s+(http:\S+)/.exec(said);
      if (found) done(found[1]);
    });
  });
}

/** By name: where it is, in each colour scheme and width, and whether in full length or only what a screen shows at first. */
function listSubjects(home) {
  const kept = {
    front: { url: () => home, isWhole: isEverything },
    digest: { url: saveDigest, isWhole: isEverything },
    torture: { url: () => pathToFileURL(TORTURE).href, isWhole: true },
  };
  if (!isEverything) return kept;
  const inbox = join(folder, 'var', 'inbox');
  const mail = readdirSync(inbox).find((name) => name.endsWith('.eml'));
  const leaving = /unsubscribe\/[\w.-]+(?=>)/.exec(readFileSync(join(inbox, mail), 'utf8'))?.[0];
  const pages = {
    ...Object.fromEntries(POSTS.map((slug, index) => [`post-${index + 1}`, `${findPost(slug)}/`])),
    archive: 'archive/',
    feeds: 'feeds/',
    404: 'nowhere/',
    unsubscribe: leaving,
    inbox: 'inbox',
  };
  const whole = Object.entries(pages).map(([name, path]) => [
    name,
    { url: () => home + path, isWhole: true },
  ]);
  const view = (scheme, place) =>
    `inbox/${mail.replace('.eml', '')}?view=html&width=${place}&scheme=${scheme}`;
  return {
    ...kept,
    ...Object.fromEntries(whole),
    mail: { url: (scheme, place) => home + view(scheme, place), isWhole: true },
  };
}

function findPost(start) {
  return readdirSync(join(folder, 'public')).find((name) => name.startsWith(start));
}

/** The digest without a mail program around it. */
function saveDigest() {
  const file = join(folder, 'digest.html');
  if (!existsSync(file)) {
    writeFileSync(
      file,
      execFileSync(process.execPath, [BIN, '-C', folder, 'digests', 'show', '1', '--html']),
    );
  }
  return pathToFileURL(file).href;
}

async function photograph(name, { url, isWhole, width, scheme }) {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme });
  await page.route('https://notes.example/**', (route) =>
    route.fulfill({ contentType: 'image/svg+xml', body: PICTURE }),
  );
  await page.goto(url);
  await page.screenshot({ path: join(images, name), fullPage: isWhole });
  await page.close();
}
