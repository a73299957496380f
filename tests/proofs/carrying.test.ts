/**
 * The real program killed (SIGKILL) at every stage of carrying, to a folder and by a command: no feed out there ever names a page that is missing, the
 * next run completes what was cut off, and carries nothing again that had arrived whole.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

const BIN = fileURLToPath(new URL('../../bin/renga.mjs', import.meta.url));
const URL_OF_SITE = 'https://almanac.example/';

let root = '';
let site = '';
let program: ChildProcess | null = null;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'renga-carrying-'));
  site = join(root, 'site');
  for (const name of ['blog/config', 'blog/posts', 'site', 'folders'])
    await mkdir(join(root, name), { recursive: true });
  // One file at a time; each is noted before it is there, and a run that is to be killed waits at the one that is named.
  const carry = [
    'cd "$RENGA_FOLDER"',
    'while IFS= read -r file; do',
    `echo "$RENGA_STAGE $file" >> '${root}/log'`,
    `if test -e '${root}/trap' && test "$(wc -l < '${root}/log')" -ge "$(cat '${root}/trap')"; then echo $$ > '${root}/caught'; exec sleep 600; fi`,
    `mkdir -p "$(dirname '${site}'/"$file")" && cp "$file" '${site}'/"$file" || exit 1`,
    'done',
  ].join('\n        ');
  const remove = `while IFS= read -r file; do echo "removed $file" >> '${root}/log'; rm -f '${site}'/"$file"; done`;
  await writeFile(
    join(root, 'blog/config/renga.yaml'),
    `publication: { title: Almanac, zone: UTC, url: "${URL_OF_SITE}" }
smtp: inbox
from: Ann <ann@almanac.example>
feeds: { entries: 3 }
publish:
  to:
    - ${join(root, 'folders/copy')}
    - command: |
        ${carry}
      remove: ${JSON.stringify(remove)}
`,
  );
});
afterEach(async () => {
  program?.kill('SIGKILL');
  await rm(root, { recursive: true, force: true });
});

const post = async (number: number): Promise<void> =>
  await writeFile(
    join(root, `blog/posts/p${number}.md`),
    `---\ntitle: Post ${number}\ndate: 2026-01-0${number}\n---\nText.\n`,
  );

const readLog = async (): Promise<readonly string[]> =>
  (await readFile(join(root, 'log'), 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');

async function publish(): Promise<ChildProcess> {
  program = spawn(process.execPath, [BIN, '-C', join(root, 'blog'), 'publish'], {
    stdio: 'ignore',
    detached: true,
  });
  return await Promise.resolve(program);
}

/** Until the command is about to carry the `count`th file of this run; then the program and its command die. */
async function publishAndDie(count: number): Promise<'killed' | 'done'> {
  await rm(join(root, 'log'), { force: true });
  await writeFile(join(root, 'trap'), String(count));
  const child = await publish();
  const ended = once(child, 'exit');
  let command = 0;
  while (child.exitCode === null && command === 0) {
    await new Promise((next) => setImmediate(next));
    command = Number(await readFile(join(root, 'caught'), 'utf8').catch(() => 0));
  }
  if (command === 0) {
    await ended;
    return 'done';
  }
  child.kill('SIGKILL');
  process.kill(-command, 'SIGKILL');
  await ended;
  await rm(join(root, 'caught'));
  return 'killed';
}

async function publishWhole(): Promise<void> {
  await rm(join(root, 'trap'), { force: true });
  await rm(join(root, 'log'), { force: true });
  const child = await publish();
  const [code] = (await once(child, 'exit')) as [number];
  expect(code).toBe(0);
}

async function filesOf(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = files.map(
    async (file) => [file.slice(folder.length + 1), await readFile(file, 'utf8')] as const,
  );
  return new Map((await Promise.all(texts)).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Pages of ours that a feed names, and that are not there. */
async function findMissing(folder: string): Promise<readonly string[]> {
  const files = await filesOf(folder);
  return [...files].flatMap(([file, text]) => {
    if (!file.endsWith('feed.json')) return [];
    const { items } = JSON.parse(text) as { items: { url: string }[] };
    const pages = items.map(({ url }) => `${url.slice(URL_OF_SITE.length)}index.html`);
    return pages.filter((page) => !files.has(page)).map((page) => `${file} names ${page}`);
  });
}

it('leaves no feed ahead of its pages, wherever it is killed, and completes it with the next run', async () => {
  await post(1);
  await publishWhole();
  for (let round = 2; round <= 3; round += 1) {
    await post(round);
    if (round === 3) await rm(join(root, 'blog/posts/p1.md'));
    const before = await filesOf(join(root, 'blog/public'));
    let deaths = 0;
    for (let count = 1; ; count += 4) {
      const how = await publishAndDie(count);
      for (const folder of [site, join(root, 'folders/copy')]) expect(await findMissing(folder)).toEqual([]);
      if (how === 'done') break;
      deaths += 1;
    }
    expect(deaths).toBeGreaterThan(1);
    await publishWhole();
    expect(await readLog()).toEqual([]);
    const now = await filesOf(join(root, 'blog/public'));
    expect(now).not.toEqual(before);
    for (const folder of [site, join(root, 'folders/copy')]) expect(await filesOf(folder)).toEqual(now);
  }
}, 120_000);

it('carries after a kill what may not have arrived, and nothing that had', async () => {
  for (const number of [1, 2]) await post(number);
  await publishWhole();
  const whole = await filesOf(join(root, 'blog/public'));
  await post(3);
  expect(await publishAndDie(2)).toBe('killed');
  const changed = [...(await filesOf(join(root, 'blog/public')))]
    .filter(([path, text]) => whole.get(path) !== text)
    .map(([path]) => path);
  await publishWhole();
  const carried = (await readLog()).map((line) => line.slice(line.indexOf(' ') + 1));
  expect(carried.toSorted()).toEqual(changed.toSorted());
});
