/**
 * The architecture, enforced: layers, doors of packages, no mocks, small files. Each rule is first seen to fail on a planted
 * offence, then applied to the project as it is.
 */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkTree, renderOffences } from './architecture/check-tree.ts';
import { HOUSE_RULES, type HouseRules } from './architecture/house-rules.ts';
import { readReferences } from './architecture/read-references.ts';
import { readTokens } from './architecture/read-tokens.ts';
import type { Tree } from './architecture/tree.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

async function readProject(): Promise<Tree> {
  const paths = ['package.json'];
  for (const folder of ['src', 'tests', 'bench']) {
    const entries = await readdir(`${ROOT}${folder}`, { recursive: true });
    const sources = entries
      .map((entry) => entry.replaceAll('\\', '/'))
      .filter((entry) => entry.endsWith('.ts'));
    paths.push(...sources.map((entry) => `${folder}/${entry}`));
  }
  return new Map(
    await Promise.all(paths.map(async (path) => [path, await readFile(`${ROOT}${path}`, 'utf8')] as const)),
  );
}

/** A small tree without offence, changed by `planted`. */
function plant(planted: Readonly<Record<string, string>>): Tree {
  const sound = {
    'src/domain/post.ts':
      "/** A post. */\nimport { createHash } from 'node:crypto';\nexport type Post = string;\n",
    'src/posts/read-posts.ts': "/** Reads. */\nimport type { Post } from '../domain/post.ts';\n",
    'src/render/render-text.ts': '/** Renders. */\nexport const text = 1;\n',
    'src/app/publish.ts': "/** Publishes. */\nimport { text } from '../render/render-text.ts';\n",
    'src/main.ts':
      '/** Runs. */\nconst now = Temporal.Now.instant();\nexport const at = [process.env, now];\n',
    'tests/posts/read-posts.test.ts': "/** Tests. */\nit('reads', () => {});\n",
  };
  const files = Object.entries({ ...sound, ...planted });
  return new Map(
    files.map(([path, text]) => [path, /^(?:\/\*\*|\{)|^$/.test(text) ? text : `/** It. */\n${text}`]),
  );
}

function offences(planted: Readonly<Record<string, string>>, rules: Partial<HouseRules> = {}): string {
  return renderOffences(checkTree(plant(planted), { ...HOUSE_RULES, dateDoors: {}, ...rules }));
}

describe('the project', () => {
  it('keeps the rules of the house', async () => {
    expect(renderOffences(checkTree(await readProject(), HOUSE_RULES))).toBe('');
  });
});

describe('the documents', () => {
  it('name only files that are there', async () => {
    const folders = ['', 'docs/', 'docs/decisions/'];
    const listed = await Promise.all(
      folders.map(async (folder) => (await readdir(`${ROOT}${folder}`)).map((name) => `${folder}${name}`)),
    );
    const documents = listed.flat().filter((path) => path.endsWith('.md'));
    expect(documents).toContain('ARCHITECTURE.md');
    const missing = await Promise.all(documents.map(async (path) => await missingPaths(path)));
    expect(missing.flat()).toEqual([]);
  });
});

/** Paths in code (`src/x.ts`) from the project's root, and links from where the document lies. */
async function missingPaths(path: string): Promise<readonly string[]> {
  const text = await readFile(`${ROOT}${path}`, 'utf8');
  const named = [...text.matchAll(/`((?:src|tests|bench|tools|bin)\/[\w./-]*)`/g)].map(
    (match) => match[1] ?? '',
  );
  const linked = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map((match) => match[1] ?? '');
  const places = [
    ...named.map((place) => `${ROOT}${place}`),
    ...linked.map((link) => join(ROOT, dirname(path), link)),
  ];
  return places.filter((place) => !existsSync(place)).map((place) => `${path}: ${place.slice(ROOT.length)}`);
}

describe('a planted offence is seen:', () => {
  it('the tree it is planted in has none', () => {
    expect(offences({})).toBe('');
  });

  it.each([
    [
      'upwards',
      'src/domain/a.ts',
      "import '../posts/read-posts.ts'",
      'src/posts/read-posts.ts, which is not below',
    ],
    [
      'upwards, for a type',
      'src/posts/a.ts',
      "import type { A } from '../app/publish.ts'",
      'src/app/publish.ts',
    ],
    ['sideways', 'src/posts/a.ts', "export { text } from '../render/render-text.ts'", 'not below it'],
    ['sideways, later', 'src/posts/a.ts', "await import('../render/render-text.ts')", 'not below it'],
    [
      'sideways, by URL',
      'src/posts/a.ts',
      "new URL('../render/render-text.ts', import.meta.url)",
      'not below it',
    ],
    ['from a folder that is no unit', 'src/lib/a.ts', 'export {}', '"lib" is no unit'],
  ])('an import %s', (_, path, text, message) => {
    expect(offences({ [path]: text })).toContain(`${path}: layers: `);
    expect(offences({ [path]: text })).toContain(message);
  });

  it('cli and wire knowing each other', () => {
    const cli = { 'src/cli/run.ts': "import '../wire/open-renga.ts'", 'src/wire/open-renga.ts': 'export {}' };
    expect(offences(cli)).toContain('src/cli/run.ts: layers: ');
  });

  it('a file that is not there, or an import that cannot be known', () => {
    expect(offences({ 'src/app/a.ts': "import './b.ts'" })).toContain('resolved: line 2: no file ./b.ts');
    expect(offences({ 'src/app/a.ts': "import './publish'" })).toContain(
      'resolved: line 2: no file ./publish',
    );
    expect(offences({ 'src/app/a.ts': 'await import(name)' })).toContain('computed: line 2');
  });

  it('a circle of files, told once', () => {
    const circle = {
      'src/app/a.ts': "import './b.ts'",
      'src/app/b.ts': "import type { C } from './c.ts'",
      'src/app/c.ts': "import './a.ts'",
    };
    const told = 'src/app/a.ts: cycles: src/app/a.ts → src/app/b.ts → src/app/c.ts → src/app/a.ts';
    expect(offences(circle)).toBe(told);
  });

  it.each([
    ['a higher room', 'src/app/feeds/a.ts', "import '../site/b.ts'"],
    ['what uses rooms', 'src/app/feeds/a.ts', "import '../publish.ts'"],
    ['a room, from its ground', 'src/app/ground.ts', "import './feeds/a.ts'"],
    ['what uses the ground, from the ground', 'src/app/ground.ts', "import './publish.ts'"],
  ])('an import of %s', (_, path, text) => {
    const rooms = { app: { ground: ['ground.ts'], order: ['feeds', 'site'] } };
    const tree = {
      'src/app/feeds/a.ts': 'export {}',
      'src/app/site/b.ts': "import '../feeds/a.ts'; import '../ground.ts'",
    };
    expect(offences({ ...tree, 'src/app/ground.ts': 'export {}' }, { rooms })).toBe('');
    expect(offences({ ...tree, 'src/app/ground.ts': 'export {}', [path]: text }, { rooms })).toContain(
      `${path}: rooms: line 2 imports`,
    );
  });

  it('a room without a place in the order', () => {
    expect(offences({ 'src/app/attic/a.ts': 'export {}' })).toContain(
      '"attic" has no place in the order of rooms',
    );
  });

  it.each([
    ['feed', 'src/app/a.ts', "import { Feed } from 'feed'"],
    ['nodemailer', 'src/app/a.ts', "import x from 'nodemailer/lib/smtp-connection/index.js'"],
    ['node:sqlite', 'src/app/a.ts', "import { DatabaseSync } from 'node:sqlite'"],
    ['kysely', 'src/app/a.ts', "import type { Kysely } from 'kysely'"],
    ['mjml', 'src/app/a.ts', "createRequire(import.meta.url)('mjml')"],
    ['@hono/node-server', 'src/app/a.ts', "import { serve } from '@hono/node-server/serve-static'"],
    ['temporal-polyfill', 'src/app/a.ts', "import 'temporal-polyfill/global'"],
    ['left-pad', 'src/render/a.ts', "require('left-pad')"],
    ['fs', 'src/app/a.ts', "import fs from 'fs'"],
  ])('%s imported elsewhere than at its door', (name, path, text) => {
    expect(offences({ [path]: text })).toMatch(new RegExp(`^${path}: doors: .*${name}`));
  });

  it('a second door', () => {
    const doors = { 'src/render/a.ts': "import 'feed'", 'src/render/b.ts': "import 'feed'" };
    expect(offences(doors)).toBe(
      'src/render/b.ts: doors: feed is imported by src/render/a.ts, src/render/b.ts',
    );
    expect(offences({ 'src/render/a.ts': "import 'feed'" })).toBe('');
  });

  it('a dependency that nothing imports', () => {
    const manifest = { 'package.json': '{ "dependencies": { "marked": "1", "feed": "1" } }' };
    const told = 'package.json: doors: nothing imports the dependency marked';
    expect(offences({ ...manifest, 'src/render/a.ts': "import 'feed'" })).toBe(told);
  });

  it('a pure unit that reads files', () => {
    expect(offences({ 'src/domain/a.ts': "import 'node:fs'" })).toBe(
      'src/domain/a.ts: pure: imports node:fs',
    );
    expect(offences({ 'src/render/a.ts': "import 'node:fs/promises'" })).toContain(
      'pure: imports node:fs/promises',
    );
    expect(offences({ 'src/render/a.ts': "import 'node:worker_threads'" })).toBe('');
  });

  it.each([
    ['process.env', 'process.env.HOME'],
    ['process.env', "process['env']"],
    ['node:process', "import { env } from 'node:process'"],
    ['Temporal.Now', 'const now = Temporal.Now.instant()'],
    ['Date.now', 'const now = Date.now()'],
    ['new Date()', 'const now = new Date()'],
    ['new Date()', 'const now = new Date;'],
    ['Date', 'type At = { at: Date }'],
    ['Date', 'const at = new Date(0)'],
  ])('%s below wire', (what, text) => {
    expect(offences({ 'src/app/a.ts': text })).toContain(`src/app/a.ts: surroundings: line 2 uses ${what}`);
    expect(offences({ 'src/wire/clock.ts': text })).toBe('');
  });

  it('at a door for Date, the clock; and a door that is none', () => {
    const rules = { dateDoors: { 'src/app/a.ts': 'a package wants it' } };
    expect(offences({ 'src/app/a.ts': 'new Date(instant.epochMilliseconds)' }, rules)).toBe('');
    expect(offences({ 'src/app/a.ts': 'new Date()' }, rules)).toContain('uses new Date()');
    expect(offences({ 'src/app/a.ts': 'export {}' }, rules)).toContain('date-doors: ');
    expect(offences({ 'src/app/a.ts': "const header = { Date: 'today' }; // new Date()" })).toBe('');
  });

  it.each([
    ['src/app/helper.ts', '"helper" says nothing'],
    ['src/mail/utils/a.ts', '"utils" says nothing'],
    ['src/app/digest-manager.ts', '"digest-manager" says nothing'],
    ['tests/posts/test-tools.ts', '"test-tools" says nothing'],
    ['src/app/readPosts.ts', '"readPosts" is not in kebab-case'],
  ])('the name %s', (path, message) => {
    expect(offences({ [path]: 'export {}' })).toBe(`${path}: names: ${message}`);
  });

  it('a file that does not open with what it is', () => {
    expect(offences({ 'src/app/a.ts': '' })).toContain('src/app/a.ts: opening: ');
  });

  it('a file too long, and files too long on the whole', () => {
    const long = (lines: number): string => 'f();\n'.repeat(lines - 1);
    expect(offences({ 'src/app/a.ts': long(250) })).toBe('');
    expect(offences({ 'src/app/a.ts': long(251) })).toBe('src/app/a.ts: size: has 251 lines of 250');
    const names = 'abcdefgh'.split('');
    const many = Object.fromEntries(names.map((name) => [`src/app/${name}.ts`, long(91)]));
    expect(offences(many)).toBe('src/: size: the median file has 91 lines of 90');
  });

  it('a test that mirrors nothing', () => {
    const misplaced = 'tests/posts/deep/a.test.ts: mirror: there is no src/posts/deep/';
    expect(offences({ 'tests/posts/deep/a.test.ts': 'f()' })).toBe(misplaced);
    expect(offences({ 'tests/wire.test.ts': 'f()' })).toContain('there is no src/wire.ts');
    expect(offences({ 'tests/main.test.ts': 'f()', 'tests/peers/a.test.ts': 'f()' })).toBe('');
  });

  it.each([
    ['vi.mock', "vi.mock('./a.ts')"],
    ['vi.spyOn', "vi.spyOn(a, 'b')"],
    ['vi.fn', 'const f = vi.fn()'],
    ['vi.useFakeTimers', 'vi.useFakeTimers()'],
    ['it.only', "it.only('a', f)"],
    ['describe.skip', "describe.concurrent.skip('a', f)"],
    ['test.todo', "test.todo('a')"],
    ['it.skipIf', "it.skipIf(true)('a', f)"],
  ])('%s in a test', (what, text) => {
    const path = 'tests/posts/a.test.ts';
    expect(offences({ [path]: text })).toBe(`${path}: tests: line 2 uses ${what}`);
    expect(offences({ [path]: `const sample = \`${text}\`;` })).toBe('');
  });

  it('nothing to judge, or what cannot be read', () => {
    expect(renderOffences(checkTree(new Map(), HOUSE_RULES))).toContain(
      'src/: empty: there is nothing to judge',
    );
    expect(offences({ 'src/app/a.ts': "f('open" })).toContain(
      "src/app/a.ts: readable: line 2: ' is never closed",
    );
    expect(offences({ 'src/app/a.ts': 'f(}' })).toContain('readable: line 2: } closes nothing');
    expect(offences({ 'src/app/a.ts': 'f(() => {' })).toContain('is never closed');
  });
});

describe('what a file refers to', () => {
  const referencesOf = (text: string): readonly (string | null)[] => {
    const result = readTokens(text);
    if (result.kind === 'unreadable') throw new Error(result.reason);
    return readReferences(result.tokens).map((reference) => reference.specifier);
  };

  it.each([
    ["import a, { type B as C } from './a.ts'", ['./a.ts']],
    ["import {\n  a, // from './no.ts'\n  b,\n} from './a.ts';\nimport './b.ts';", ['./a.ts', './b.ts']],
    ["import * as a from './a.ts'", ['./a.ts']],
    ["import type A from './a.ts'", ['./a.ts']],
    ["import data from './a.json' with { type: 'json' };", ['./a.json']],
    ["export * from './a.ts'; export * as b from './b.ts'", ['./a.ts', './b.ts']],
    ["export type { A } from './a.ts'", ['./a.ts']],
    ["export { a }\nconst from = './no.ts'", []],
    ["export const from = f('./no.ts')", []],
    ['const a = await import(`./a.ts`)', ['./a.ts']],
    ["type A = import('./a.ts').A", ['./a.ts']],
    ['import(`./${name}.ts`)', [null]],
    ["f(`${await import('./a.ts')} and import('./no.ts')`)", ['./a.ts']],
    ["`${`${import('./a.ts')}`}` + import('./b.ts')", ['./a.ts', './b.ts']],
    ["list.import('./no.ts'); import.meta.url; [...import('./a.ts')]", ['./a.ts']],
    ["import { createRequire } from 'node:module'; f('./no.ts')", ['node:module']],
    ["require('a'); createRequire(import.meta.url)('b/c'); import.meta.resolve('no')", ['a', 'b/c']],
    [
      "new URL(import.meta.url.endsWith('.ts') ? './a.ts' : './a.js', import.meta.url); new URL('../data.json', here)",
      ['./a.ts'],
    ],
    ["// import './no.ts'\n/* import './no.ts' */ 'import \"./no.ts\"'", []],
    ["const quote = /['\"`/*]/; import './a.ts'", ['./a.ts']],
    ["return /\\/['`]/.test(x) / 2 / import('./a.ts')", ['./a.ts']],
    ["const half = (a + b) / 2; import('./a.ts') / 2", ['./a.ts']],
    ["#!/usr/bin/env node it's\nimport './a.ts'", ['./a.ts']],
  ])('%s', (text, specifiers) => {
    expect(referencesOf(text)).toEqual(specifiers);
  });
});
