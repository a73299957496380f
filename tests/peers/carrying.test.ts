/**
 * The lines of docs/publishing-elsewhere.md as they stand there, run by the programs they are for: what is carried is what is in public/, and what is gone
 * here goes there. rsync to a folder of this machine, rclone to its local backend; a bucket is not to be had here.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';

const exec = promisify(execFile);
const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const BIN = at('../../bin/renga.mjs');

let root = '';
let site = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'renga-elsewhere-'));
  site = join(root, 'site');
  for (const name of ['blog/config', 'blog/posts', 'site'])
    await mkdir(join(root, name), { recursive: true });
  for (const name of ['one', 'two', 'three']) await post(name);
});
afterEach(async () => await rm(root, { recursive: true, force: true }));

const post = async (name: string): Promise<void> =>
  await writeFile(
    join(root, `blog/posts/${name} % $HOME 'é'.md`),
    `---\ntitle: The ${name}\ndate: 2026-10-01\ntags: [a b]\n---\nText.\n`,
  );

/** The target that a page of documentation shows for that program. */
async function readTarget(program: string): Promise<string> {
  const text = await readFile(at('../../docs/publishing-elsewhere.md'), 'utf8');
  const found = [...text.matchAll(/^ {4}- command: .*\n(?: {6}remove: .*\n)?/gm)].map(([lines]) => lines);
  const target = found.find((lines) => lines.startsWith(`    - command: ${program} `));
  if (target === undefined) throw new Error(`the page has no line for ${program}`);
  return target;
}

async function publish(target: string): Promise<string> {
  await writeFile(
    join(root, 'blog/config/renga.yaml'),
    `publication: { title: Almanac, url: "https://almanac.example/" }\nsmtp: inbox\nfrom: Ann <ann@almanac.example>\npublish:\n  to:\n${target}`,
  );
  const env = { ...process.env, RCLONE_CONFIG_REMOTE_TYPE: 'alias', RCLONE_CONFIG_REMOTE_REMOTE: root };
  const { stdout, stderr } = await exec(process.execPath, [BIN, '-C', join(root, 'blog'), 'publish'], {
    env,
  });
  return stdout + stderr;
}

async function filesOf(folder: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = files.map(async (file) => [file.slice(folder.length + 1), await readFile(file, 'utf8')]);
  return Object.fromEntries(await Promise.all(texts)) as Readonly<Record<string, string>>;
}

it.each([
  ['rsync', (target: string) => target.replaceAll('web.example.org:/srv/www/almanac/', `${site}/`)],
  ['rclone', (target: string) => target.replaceAll('remote:almanac', 'remote:site')],
])('carries by %s what changed, and removes what is gone', async (program, adapt) => {
  const target = adapt(await readTarget(program));
  expect(await publish(target)).not.toContain('failed');
  expect(await filesOf(site)).toEqual(await filesOf(join(root, 'blog/public')));
  await writeFile(join(site, 'theirs.txt'), 'theirs');
  await rm(join(root, `blog/posts/two % $HOME 'é'.md`));
  await post('four');
  expect(await publish(target)).not.toContain('failed');
  const now = await filesOf(join(root, 'blog/public'));
  expect(Object.keys(now).some((file) => file.includes('four'))).toBe(true);
  expect(Object.keys(now).some((file) => file.includes('two'))).toBe(false);
  expect(await filesOf(site)).toEqual({ ...now, 'theirs.txt': 'theirs' });
});
