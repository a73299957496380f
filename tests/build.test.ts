/** `dist/`: made of the sources in a few files, and run from by a checkout for just as long as its sources are those it was made of. */
import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MAIN = 'src/main.ts';
/** As a file is named where another is started from it. */
const STARTED = /'(?:\.\/)?([\w-]+-(?:thread|child|process)\.js)'/g;
const run = promisify(execFile);

let checkout: string;

beforeAll(async () => {
  checkout = realpathSync(mkdtempSync(join(tmpdir(), 'renga-build-')));
  for (const path of ['bin', 'src', 'templates', 'tools/build.mjs', 'package.json'])
    cpSync(join(ROOT, path), join(checkout, path), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(checkout, 'node_modules'), 'dir');
  await build();
}, 120_000);

afterAll(() => rmSync(checkout, { recursive: true, force: true }));

async function build(): Promise<void> {
  await run(process.execPath, [join(checkout, 'tools/build.mjs')]);
  // So that its help tells which of the two ran.
  const main = join(checkout, 'dist/main.js');
  writeFileSync(main, readFileSync(main, 'utf8').replaceAll(', --version', ', --built-version'));
}

async function renga(...words: readonly string[]): Promise<{ readonly stdout: string }> {
  return await run(process.execPath, [join(checkout, 'bin/renga.mjs'), ...words]);
}

const whatRuns = async (): Promise<string> =>
  (await renga('--help')).stdout.includes('--built-version') ? 'dist' : 'src';

/** What a file of `dist/` imports at once, and what it may import later. */
const STATIC = /^(?:import|export)\b[^;]*?"\.\/([\w.-]+\.js)"/gm;
const DYNAMIC = /\bimport\("\.\/([\w.-]+\.js)"\)/g;

function listDist(): readonly string[] {
  return readdirSync(join(checkout, 'dist')).filter((file) => file.endsWith('.js'));
}

/** These and all that they lead to, however many steps away. */
function reach(files: readonly string[], ...kinds: readonly RegExp[]): readonly string[] {
  const reached = new Set(files);
  // A set that grows while it is gone through is gone through to its end.
  for (const file of reached) {
    const text = readFileSync(join(checkout, 'dist', file), 'utf8');
    for (const kind of kinds) for (const [, name = ''] of text.matchAll(kind)) reached.add(name);
  }
  return [...reached].filter((file) => listDist().includes(file));
}

/** The modules of `src/` that a file of `dist/` holds; none where it only hands on. */
function listSources(file: string): readonly string[] {
  const map = join(checkout, 'dist', `${file}.map`);
  if (!existsSync(map)) return [];
  const { sources } = JSON.parse(readFileSync(map, 'utf8')) as { sources: readonly string[] };
  return sources.flatMap((source) => (source.startsWith('../src/') ? [source.slice('../src/'.length)] : []));
}

describe('dist/', () => {
  it('has all that threads and child processes start from, beside the program', () => {
    const sources = readdirSync(join(checkout, 'src'), { recursive: true, encoding: 'utf8' });
    const texts = sources
      .filter((path) => path.endsWith('.ts'))
      .map((path) => readFileSync(join(checkout, 'src', path), 'utf8'));
    const started = texts.flatMap((text) => [...text.matchAll(STARTED)].map(([, name]) => name));
    expect(new Set(started).size).toBeGreaterThanOrEqual(4);
    expect(readdirSync(join(checkout, 'dist'))).toEqual(expect.arrayContaining(['main.js', ...started]));
  });

  it.each([
    ['every-run', ['cli/commands/publish.ts', 'wire/open-renga.ts', 'app/publish.ts']],
    [
      'with-news',
      ['app/identity/gather-posts.ts', 'app/entries/render-ahead.ts', 'app/site/publish-site.ts'],
    ],
  ])('has what most runs load in one file: %s', (name, sources) => {
    const files = listDist().filter((file) => listSources(file).some((source) => sources.includes(source)));
    expect(files).toEqual([expect.stringMatching(new RegExp(`^${name}-[^.]+\\.js$`))]);
    expect(listSources(files[0] ?? '')).toEqual(expect.arrayContaining(sources));
  });

  it('loads few files to find out that nothing is new, and none of what publishes', () => {
    const loaded = reach(
      listDist().filter((file) => /^(?:main|(?:publish|open-renga)-[\w-]{8})\.js$/.test(file)),
      STATIC,
    );
    expect(loaded.some((file) => file.startsWith('every-run-'))).toBe(true);
    expect(loaded.filter((file) => file.startsWith('with-news-'))).toEqual([]);
    // Those that threads share with it are files of their own: some twenty-five.
    expect(loaded.length).toBeLessThan(40);
  });

  it('keeps both from help, which needs nothing, and from threads and child processes', () => {
    const isGroup = (file: string): boolean => /^(?:every-run|with-news)-/.test(file);
    expect(reach(['main.js'], STATIC).filter(isGroup)).toEqual([]);
    const started = listDist().filter((file) => /-(?:thread|child|process)\.js$/.test(file));
    expect(started.length).toBeGreaterThanOrEqual(4);
    expect(reach(started, STATIC, DYNAMIC).filter(isGroup)).toEqual([]);
  });

  it('tells the licences of what it holds', () => {
    const licences = readFileSync(join(checkout, 'dist/licences.txt'), 'utf8');
    expect(licences).toMatch(/^zod [\d.]+ \(MIT\)$/m);
    expect(licences.match(/permission (?:is hereby granted|to use)/giu)?.length).toBeGreaterThan(20);
  });

  it('names the sources where something goes wrong', async () => {
    const main = join(checkout, 'dist/main.js');
    const whole = readFileSync(main, 'utf8');
    writeFileSync(main, whole.replace('= buildProgram(', '= buildNothing('));
    await expect(renga('--help')).rejects.toMatchObject({
      stderr: expect.stringContaining('/src/cli/run-cli.ts:'),
    });
    writeFileSync(main, whole);
  });
});

it('is not made where the bundler cannot run, which stops no installation', async () => {
  const bare = realpathSync(mkdtempSync(join(tmpdir(), 'renga-bare-')));
  onTestFinished(() => rmSync(bare, { recursive: true }));
  for (const path of ['src', 'tools/build.mjs'])
    cpSync(join(ROOT, path), join(bare, path), { recursive: true });
  const script = join(bare, 'tools/build.mjs');
  const isPossible = async (): Promise<string> =>
    (await run(process.execPath, [script, '--if-possible'])).stdout;
  expect(await isPossible()).toContain('dist/ is not made');
  const bundler = join(bare, 'node_modules/rolldown');
  mkdirSync(bundler, { recursive: true });
  writeFileSync(join(bundler, 'index.mjs'), 'throw new Error("no native binding");');
  writeFileSync(join(bundler, 'package.json'), '{"name":"rolldown","exports":"./index.mjs"}');
  expect(await isPossible()).toContain('dist/ is not made (no native binding)');
  await expect(run(process.execPath, [script])).rejects.toThrow('no native binding');
});

describe('a checkout runs from dist/', () => {
  it('until a source is edited; then from its sources, until it is built again', async () => {
    expect(await whatRuns()).toBe('dist');
    const { atime, mtime } = statSync(join(checkout, MAIN));
    const text = readFileSync(join(checkout, MAIN), 'utf8');
    expect(text).toContain('decided here');
    // Of the same length, with its old time put back.
    writeFileSync(join(checkout, MAIN), text.replace('decided here', 'settled here'));
    utimesSync(join(checkout, MAIN), atime, mtime);
    expect(await whatRuns()).toBe('src');
    await build();
    expect(await whatRuns()).toBe('dist');
  }, 120_000);

  it('and not where a build was broken off, or a source is gone', async () => {
    const made = join(checkout, 'dist/made-from.json');
    renameSync(made, `${made}.old`);
    expect(await whatRuns()).toBe('src');
    renameSync(`${made}.old`, made);
    expect(await whatRuns()).toBe('dist');
    // Nothing asks for it, but it went into `dist/`.
    rmSync(join(checkout, 'src/cli/commands/backup.ts'));
    expect(await whatRuns()).toBe('src');
  });
});
