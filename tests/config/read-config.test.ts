/** The config as a file: missing, unreadable, and the sample publication's own. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CONFIG_SCHEMA } from '../../src/config/config-schema.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { renderConfigReference } from '../../src/config/render-config-reference.ts';
import { renderConfigSchema } from '../../src/config/render-config-schema.ts';
import { OperatorError } from '../../src/domain/operator-error.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'renga-config-'));
  await mkdir(join(root, 'config'));
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

async function refusal(): Promise<OperatorError> {
  const error: unknown = await readConfig({ root, environment: {} }).catch((reason: unknown) => reason);
  if (error instanceof OperatorError) return error;
  throw new Error('it was not refused with an OperatorError', { cause: error });
}

describe('readConfig', () => {
  it('reads the file below the folder', async () => {
    await writeFile(join(root, 'config/renga.yaml'), '\uFEFFpublication:\r\n  title: ${TITLE}\r\n');
    const config = await readConfig({ root, environment: { TITLE: 'Café' }, port: 1234 });
    expect(config.publication).toMatchObject({ title: 'Café', url: 'http://127.0.0.1:1234/' });
    expect(config.database).toBe(join(root, 'var/renga.db'));
  });

  it('says how to make a config where there is none', async () => {
    const error = await refusal();
    expect(error.message).toContain('There is no config/renga.yaml');
    expect(error.hint).toContain('renga init');
    root = join(root, 'not', 'there');
    expect((await refusal()).hint).toContain('renga init');
    root = join(root, '..', '..');
  });

  it('explains a file that is no text', async () => {
    await writeFile(join(root, 'config/renga.yaml'), Buffer.from('publication: {title: caf\xe9}', 'latin1'));
    expect((await refusal()).message).toContain('not text in UTF-8');
  });

  it('explains a folder in its place', async () => {
    await mkdir(join(root, 'config/renga.yaml'));
    expect((await refusal()).message).toContain('cannot be read (EISDIR)');
  });
});

describe("the sample publication's config", () => {
  it('is accepted, keeps its mail on this machine and mails its backlog', async () => {
    const config = await readConfig({ root: PROJECT, environment: {} });
    expect(config.smtp).toEqual({ kind: 'inbox' });
    expect(config.series).toMatchObject([
      { name: 'weekly', schedule: { kind: 'cron', cron: '0 9 * * 1' }, backlog: 'include' },
    ]);
    // It has no address of its own, and says so.
    expect(config.problems).toMatchObject([{ severity: 'hint' }]);
  });

  it('is the reference: it names every key there is', async () => {
    const text = await readFile(join(PROJECT, 'config/renga.yaml'), 'utf8');
    const missing = keysOf(JSON.parse(renderConfigSchema())).filter(
      (key) => !new RegExp(`(?:^[ #]*(?:- )?|[{,] )${key}:`, 'm').test(text),
    );
    expect(missing).toEqual([]);
  });

  it('has a schema for editors, which is current', async () => {
    const text = await readFile(join(PROJECT, 'config/renga.yaml'), 'utf8');
    expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=renga.schema.json');
    await expect(renderConfigSchema()).toMatchFileSnapshot(join(PROJECT, 'config/renga.schema.json'));
  });
});

describe('docs/config.md', () => {
  const FILE = join(PROJECT, 'docs/config.md');

  it('is current', async () => {
    await expect(renderConfigReference()).toMatchFileSnapshot(FILE);
  });

  it('has every key', async () => {
    const text = await readFile(FILE, 'utf8');
    const named = new Set([...text.matchAll(/^\| `([^`]+)`/gm)].flatMap(([, key = '']) => key.split('.')));
    const missing = keysOf(JSON.parse(renderConfigSchema())).filter(
      (key) => !named.has(key) && !text.includes(`\n## ${key}\n`),
    );
    expect(missing).toEqual([]);
  });
});

describe('the schema', () => {
  it('lists the keys of the issue', () => {
    expect(Object.keys(CONFIG_SCHEMA.shape)).toEqual(
      'publication from replyTo smtp dkim series feeds pages websub network publish server subscribe database journal delivery'.split(
        ' ',
      ),
    );
  });

  it('explains every setting', () => {
    const unexplained = settingsOf(JSON.parse(renderConfigSchema())).filter(
      ([, schema]) => schema.properties === undefined && schema.description === undefined,
    );
    expect(unexplained.map(([key]) => key)).toEqual([]);
  });
});

type Schema = {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | false;
  readonly anyOf?: readonly Schema[];
};

function settingsOf(schema: Schema): readonly (readonly [string, Schema])[] {
  const inside = schema.additionalProperties ? [schema.additionalProperties] : [];
  const below = [...inside, ...(schema.anyOf ?? [])].flatMap(settingsOf);
  const own = Object.entries(schema.properties ?? {});
  return [...own, ...own.flatMap(([, inner]) => settingsOf(inner)), ...below];
}

function keysOf(schema: Schema): readonly string[] {
  return settingsOf(schema).map(([key]) => key);
}
