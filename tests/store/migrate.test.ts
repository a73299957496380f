/** From one schema to the next, never between. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OperatorError } from '../../src/domain/operator-error.ts';
import { migrate } from '../../src/store/migrate.ts';
import { MIGRATIONS, type Migration } from '../../src/store/migrations/all.ts';
import { openSqlite } from '../../src/store/open-sqlite.ts';
import { openStore } from '../../src/store/open-store.ts';
import { runChild } from './run-child.ts';
import { at, prepareDigest } from './samples.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'renga-migrate-'));
  file = join(folder, 'renga.sqlite');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function migrateFile(migrations: readonly Migration[]): Promise<void> {
  const connection = await openSqlite(file);
  try {
    await migrate(connection, 0, migrations);
  } finally {
    await connection.close();
  }
}

function readSchema(): readonly string[] {
  const database = new DatabaseSync(file);
  const rows = database.prepare('select sql from sqlite_schema where sql is not null order by name').all();
  database.close();
  return rows.map((row) => String(row['sql']));
}

const addTable =
  (name: string): Migration =>
  (schema) =>
    schema.createTable(name).addColumn('id', 'integer').execute();

const breaks: Migration = async (schema) => {
  await schema.createTable('half').addColumn('id', 'integer').execute();
  throw new Error('power cut');
};

describe('migrating', () => {
  it('has the released schema: a change of this file is a change of history', async () => {
    await migrateFile(MIGRATIONS.slice(0, 1));
    await expect(`${readSchema().join(';\n')};\n`).toMatchFileSnapshot('golden/schema-1.sql');
  });

  it('takes each step once', async () => {
    await migrateFile(MIGRATIONS);
    const before = readSchema();
    await migrateFile(MIGRATIONS);
    expect(readSchema()).toEqual(before);
    await migrateFile([...MIGRATIONS, addTable('second')]);
    await migrateFile([...MIGRATIONS, addTable('second'), addTable('third')]);
    expect(readSchema()).toHaveLength(before.length + 2);
  });

  it('leaves a step that fails half-way undone, and keeps the steps before it', async () => {
    await migrateFile(MIGRATIONS);
    await expect(migrateFile([...MIGRATIONS, addTable('second'), breaks])).rejects.toThrow('power cut');
    const text = readSchema().join('\n');
    expect(text).toContain('"second"');
    expect(text).not.toContain('"half"');
    await migrateFile([...MIGRATIONS, addTable('second'), addTable('half')]);
    expect(readSchema().join('\n')).toContain('"half"');
  });

  it('makes a new store whole, or not at all', async () => {
    await expect(migrateFile([...MIGRATIONS, breaks])).rejects.toThrow('power cut');
    expect(readSchema()).toEqual([]);
  });

  it('keeps its identity over a migration', async () => {
    const first = await openStore({ location: file, now: at('08:00') });
    await first.close();
    await migrateFile([...MIGRATIONS, addTable('second')]);
    const database = new DatabaseSync(file);
    const row = database.prepare("select value from settings where name = 'instance'").get();
    database.close();
    expect(row).toEqual({ value: first.instanceId });
  });

  it('refuses a schema it does not know, and touches nothing', async () => {
    await migrateFile([...MIGRATIONS, addTable('second')]);
    const before = readSchema();
    await expect(migrateFile(MIGRATIONS)).rejects.toThrow(OperatorError);
    expect(readSchema()).toEqual(before);
  });

  it('is whole when the program was killed half-way through a step', async () => {
    const store = await openStore({ location: file, now: at('08:00') });
    await prepareDigest(store, ['ann']);
    await store.close();
    const before = readSchema();
    const child = runChild('migrate', file);
    expect(await child.firstLine).toBe('half-way');
    await child.kill();
    expect(readSchema()).toEqual(before);
    await migrateFile([...MIGRATIONS, addTable('half')]);
    expect(readSchema()).toHaveLength(before.length + 1);
    const database = new DatabaseSync(file);
    expect(database.prepare('select state from deliveries').all()).toEqual([{ state: 'due' }]);
    database.close();
  });

  it('leaves a store that opens, whenever its maker was killed', async () => {
    for (const pause of [0, 2, 4, 6, 8, 10, 15, 20]) {
      const location = join(folder, `${pause}.sqlite`);
      const child = runChild('open-store', location);
      // The first sign of the file is the start of its making.
      await waitForFile(location, pause);
      await child.kill();
      const store = await openStore({ location, now: at('08:00') });
      expect(await store.linkKeys()).toHaveLength(1);
      expect(await store.digests.nextNumber()).toBe(1);
      await store.close();
    }
  });
});

async function waitForFile(location: string, pause: number): Promise<void> {
  while (!existsSync(location)) await sleep(1);
  await sleep(pause);
}
