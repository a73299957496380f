/**
 * The package as npm would publish it: packed here, installed elsewhere without what only developers need, and taken on a whole
 * trip on this Node and on the oldest one allowed.
 */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/** Everything below is made in here, and nowhere inside the project, so that no package of the project's is found by chance. */
let elsewhere: string;
let packed: readonly string[];
let renga: string;

beforeAll(async () => {
  elsewhere = await realpath(await mkdtemp(join(tmpdir(), 'renga-package-')));
  const { stdout } = await npm(ROOT, 'pack', '--json', '--pack-destination', elsewhere);
  const { filename, files } = readPackReport(stdout);
  packed = files.map((file) => file.path);
  const installed = join(elsewhere, 'installed');
  await mkdir(installed);
  await writeFile(join(installed, 'package.json'), '{ "private": true }');
  await npm(installed, 'install', '--omit=dev', join(elsewhere, filename));
  renga = join(installed, 'node_modules/renga');
  await cp(join(ROOT, 'tools/node-24'), join(elsewhere, 'node-24'), { recursive: true });
  // Apple's processors have no such Node in the registry; theirs runs the other kind.
  await npm(join(elsewhere, 'node-24'), 'ci', ...(process.platform === 'darwin' ? ['--cpu=x64'] : []));
}, 600_000);

afterAll(async () => await rm(elsewhere, { recursive: true, force: true }));

type PackReport = { readonly filename: string; readonly files: readonly { readonly path: string }[] };

/** npm prints a list of reports; before them stands what the build printed. */
function readPackReport(stdout: string): PackReport {
  const [report] = Object.values(
    JSON.parse(stdout.slice(stdout.search(/^[[{]/m))) as Record<string, PackReport>,
  );
  if (report === undefined) throw new Error(`npm pack packed nothing: ${stdout}`);
  return report;
}

/** As a shell would start npm, without what the npm above us has set for its own children. */
async function npm(folder: string, ...args: readonly string[]): Promise<{ readonly stdout: string }> {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^npm_(?:config_(?!registry)|package|lifecycle)/i.test(name),
  );
  const options = {
    cwd: folder,
    env: Object.fromEntries(own),
    maxBuffer: 1e8,
    // A registry that cannot be reached is told, rather than waited for.
    timeout: 240_000,
    shell: process.platform === 'win32',
  };
  return await run(
    'npm',
    [...args, '--no-audit', '--no-fund', '--prefer-offline', '--fetch-retries=1'],
    options,
  );
}

type Ran = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** Runs the command as it was installed, with the given Node first in the PATH and nothing of ours in the environment. */
async function runRenga(node: string, ...args: readonly string[]): Promise<Ran> {
  const command = join(renga, '../.bin/renga');
  const path = [dirname(node), '/usr/bin', '/bin'].join(delimiter);
  const env = { PATH: path, HOME: elsewhere, SystemRoot: process.env['SystemRoot'] };
  const options = { cwd: elsewhere, env, shell: process.platform === 'win32' };
  try {
    return { code: 0, ...(await run(command, args, options)) };
  } catch (error) {
    const { code, stdout, stderr } = error as Ran;
    return { code, stdout, stderr };
  }
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  return (await readdir(folder, { recursive: true })).map((file) => file.replaceAll('\\', '/'));
}

describe('the package', () => {
  it('holds the program, its templates and its documents, and nothing of its making', () => {
    const ours = /^(?:(?:bin|dist|templates|docs)\/|(?:package\.json|README\.md|LICENSE|CHANGELOG\.md)$)/;
    expect(packed.filter((path) => !ours.test(path))).toEqual([]);
    expect(packed).toEqual(
      expect.arrayContaining(['bin/renga.mjs', 'dist/main.js', 'templates/digest.mjml', 'LICENSE']),
    );
    expect(packed.filter((path) => path.endsWith('.ts') || path.includes('.test.'))).toEqual([]);
  });

  it('brings no package that only developers need', async () => {
    const installed = await readdir(join(renga, '..'));
    const { devDependencies } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
      readonly devDependencies: Readonly<Record<string, string>>;
    };
    expect(Object.keys(devDependencies).filter((name) => installed.includes(name))).toEqual([]);
    expect(installed).toContain('feed');
  });

  it('tells the licences of what was built into it', async () => {
    expect(await readFile(join(renga, 'dist/licences.txt'), 'utf8')).toMatch(/^zod [\d.]+ \(MIT\)$/m);
    expect(packed).not.toContain('dist/made-from.json');
  });
});

describe.each([
  ['this Node', () => process.execPath],
  ['the oldest Node', () => join(elsewhere, 'node-24/node_modules/.bin/node')],
])('on %s', (name, nodeOf) => {
  const publication = (): string => join(elsewhere, name.replaceAll(' ', '-'));
  const inside = async (...args: readonly string[]): Promise<Ran> =>
    await runRenga(nodeOf(), '-C', publication(), ...args);

  it('says its version and its help', async () => {
    const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
      readonly version: string;
    };
    expect(await runRenga(nodeOf(), '--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
    const help = await runRenga(nodeOf(), '--help');
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain('renga publish');
  });

  it('makes a publication and publishes it, and the second time changes nothing', async () => {
    expect(await runRenga(nodeOf(), 'init', publication())).toMatchObject({ code: 0 });
    const published = await inside('publish', '--json');
    expect(published).toMatchObject({ code: 0 });
    expect(published.stderr).not.toMatch(/warning/i);
    expect(JSON.parse(published.stdout)).toBeTypeOf('object');
    expect(await readFile(join(publication(), 'public/rss.xml'), 'utf8')).toContain('so begin with this');
    expect(await inside('publish', '--dry-run', '--json')).toMatchObject({ code: 0 });
  });

  it('sends a digest to the inbox', async () => {
    const post =
      '---\ndate: 2026-01-02\nhaiku: the pack is light / nothing but what it needs / the road is long\n---\nOn.\n';
    await writeFile(join(publication(), 'posts/the-road.md'), post);
    expect(await inside('subscribers', 'add', 'ann@example.org', '--confirmed')).toMatchObject({ code: 0 });
    expect(await inside('publish', '--digest', 'weekly', '--yes')).toMatchObject({ code: 0 });
    const deliveries = await inside('deliveries', '--json');
    expect(JSON.parse(deliveries.stdout)).toMatchObject({
      digest: 1,
      address: 'ann@example.org',
      state: 'accepted',
    });
    const kept = (await filesBelow(join(publication(), 'var/inbox'))).filter((file) => file.endsWith('.eml'));
    expect(kept).toHaveLength(1);
    expect(await readFile(join(publication(), 'var/inbox', kept[0] ?? ''), 'utf8')).toContain(
      'the pack is light',
    );
  });
});

describe('on a Node that is too old', () => {
  it('says so in one line', async () => {
    const script = await readFile(join(renga, 'bin/renga.mjs'), 'utf8');
    const older = join(elsewhere, 'older');
    await mkdir(join(older, 'bin'), { recursive: true });
    await writeFile(join(older, 'bin/renga.mjs'), script.replace('[24, 15]', '[99, 1]'));
    const ran = await run(process.execPath, [join(older, 'bin/renga.mjs')]).catch(
      (error: unknown) => error as Ran,
    );
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect('stderr' in ran && ran.stderr).toMatch(
      /^Renga needs Node 99\.1 or newer; this is v\d+\.\d+\.\d+\. Install .*\n$/,
    );
  });
});
