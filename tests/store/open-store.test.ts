/** Files: made where they are missing, refused where they are not ours, whole whatever happened. */
import { chmodSync, existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OperatorError } from '../../src/domain/operator-error.ts';
import type { Store } from '../../src/domain/store.ts';
import { openSqlite } from '../../src/store/open-sqlite.ts';
import { openStore } from '../../src/store/open-store.ts';
import { runChild } from './run-child.ts';
import { at, claim, newcomer, prepareDigest } from './samples.ts';

let folder: string;
let file: string;
let opened: Store[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'renga-open-'));
  file = join(folder, 'var', 'renga.sqlite');
});
afterEach(async () => {
  for (const store of opened) await store.close();
  opened = [];
  await rm(folder, { recursive: true, force: true });
});

async function open(location = file): Promise<Store> {
  const store = await openStore({ location, now: at('08:00') });
  opened.push(store);
  return store;
}

async function refusalOf(location: string): Promise<OperatorError> {
  const error: unknown = await open(location).catch((error: unknown) => error);
  if (!(error instanceof OperatorError)) throw new Error(`expected a refusal, got ${String(error)}`);
  return error;
}

describe('opening a store', () => {
  it('makes folder and file, readable by its owner only', async () => {
    const store = await open();
    await store.subscribers.add([newcomer('ann')], at('08:00'));
    for (const name of readdirSync(join(folder, 'var'))) {
      expect([name, statSync(join(folder, 'var', name)).mode & 0o777]).toEqual([name, 0o600]);
    }
  });

  it('syncs every commit, writes ahead so that readers never wait, and checks references', async () => {
    const connection = await openSqlite(file);
    const read = async (pragma: string) =>
      (await sql<Record<string, unknown>>`pragma ${sql.raw(pragma)}`.execute(connection.db)).rows[0];
    // 2 is FULL: https://sqlite.org/pragma.html#pragma_synchronous
    expect(await read('synchronous')).toEqual({ synchronous: 2 });
    expect(await read('journal_mode')).toEqual({ journal_mode: 'wal' });
    expect(await read('foreign_keys')).toEqual({ foreign_keys: 1 });
    await connection.close();
  });

  it('takes an empty file', async () => {
    await mkdir(join(folder, 'var'));
    await writeFile(file, '');
    expect((await open()).instanceId).toMatch(/^[0-9a-f]{16}$/);
  });

  it('refuses a file that is no database, and leaves it as it was', async () => {
    const notes = join(folder, 'notes.txt');
    await writeFile(notes, 'shopping list\n'.repeat(500));
    const refusal = await refusalOf(notes);
    expect(refusal.message).toContain('notes.txt is not a database');
    expect(refusal.hint).not.toBe('');
    expect(await readFile(notes, 'utf8')).toBe('shopping list\n'.repeat(500));
  });

  it('refuses a database of another program, and leaves it as it was', async () => {
    const foreign = join(folder, 'photos.sqlite');
    const database = new DatabaseSync(foreign);
    database.exec('create table settings (name text, value text)');
    database.close();
    const before = await readFile(foreign);
    expect((await refusalOf(foreign)).message).toContain('another program');
    expect(await readFile(foreign)).toEqual(before);
  });

  it('refuses a database of a newer program', async () => {
    await (await open()).close();
    const database = new DatabaseSync(file);
    database.exec("update settings set value = '99' where name = 'schema'");
    database.close();
    const refusal = await refusalOf(file);
    expect(refusal.message).toMatch(/newer renga \(schema 99/);
    expect(refusal.hint).toMatch(/Update renga/);
  });

  it('refuses a folder, and a path below a file', async () => {
    await writeFile(join(folder, 'file'), '');
    expect((await refusalOf(folder)).message).toContain('cannot be opened');
    expect((await refusalOf(join(folder, 'file', 'renga.sqlite'))).message).toContain('cannot be opened');
  });

  it('refuses a folder that it may not write', async () => {
    const closed = join(folder, 'closed');
    await mkdir(closed);
    chmodSync(folder, 0o755);
    chmodSync(closed, 0o555);
    // Root may write everywhere: then the child becomes somebody else first.
    const user = process.getuid?.() === 0 ? ['65534'] : [];
    const [said] = await runChild('open-store', join(closed, 'renga.sqlite'), ...user).end();
    expect(JSON.parse(said ?? '')).toMatchObject({
      known: true,
      message: expect.stringContaining('cannot be written'),
      hint: expect.stringContaining('right to write'),
    });
    expect(existsSync(join(closed, 'renga.sqlite'))).toBe(false);
  });

  it('refuses a file that it may not write', async () => {
    await (await open()).close();
    chmodSync(folder, 0o755);
    chmodSync(file, 0o444);
    const user = process.getuid?.() === 0 ? ['65534'] : [];
    const [said] = await runChild('open-store', file, ...user).end();
    expect(JSON.parse(said ?? '')).toMatchObject({ known: true });
  });
});

describe('a backup', () => {
  it('is whole and opens as a store, though the first is in use', async () => {
    const store = await open();
    await prepareDigest(store, ['ann', 'bob']);
    await claim(store, { limit: 1 });
    const target = join(folder, 'backups', 'monday.sqlite');
    await store.backup(target);
    await store.subscribers.add([newcomer('later')], at('10:00'));
    expect(readdirSync(join(folder, 'backups'))).toEqual(['monday.sqlite']);
    expect(statSync(target).mode & 0o777).toBe(0o600);
    const copy = await open(target);
    expect(copy.instanceId).toBe(store.instanceId);
    expect(await copy.linkKeys()).toEqual(await store.linkKeys());
    expect(await copy.ledger.counts(1)).toMatchObject({ due: 1, claimed: 1 });
    expect(await copy.subscribers.counts()).toMatchObject({ active: 2 });
  });

  it('goes on while others write', async () => {
    const store = await open();
    const batch = Array.from({ length: 3000 }, (_, index) => newcomer(`reader${index}`));
    const target = join(folder, 'copy.sqlite');
    await Promise.all([store.backup(target), store.subscribers.add(batch, at('08:00'))]);
    const copy = await open(target);
    expect([0, 3000]).toContain((await copy.subscribers.counts()).active);
  });

  it('refuses a file that exists, and leaves it as it was', async () => {
    const store = await open();
    const target = join(folder, 'taken');
    await writeFile(target, 'mine');
    await expect(store.backup(target)).rejects.toThrow(OperatorError);
    await expect(store.backup(file)).rejects.toThrow(/exists/);
    expect(await readFile(target, 'utf8')).toBe('mine');
  });

  it('says when it cannot be written, and leaves nothing behind', async () => {
    const store = await open();
    await writeFile(join(folder, 'file'), '');
    await expect(store.backup(join(folder, 'file', 'copy.sqlite'))).rejects.toThrow(OperatorError);
    expect(readdirSync(folder).toSorted()).toEqual(['file', 'var']);
  });
});
