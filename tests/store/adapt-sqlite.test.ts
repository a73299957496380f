/** What SQLite does in trouble, as the store's parts see it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely, SqliteDialect, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OperatorError } from '../../src/domain/operator-error.ts';
import { adaptSqlite } from '../../src/store/adapt-sqlite.ts';

type Rows = { readonly rows: { id: number; text: string } };

let database: DatabaseSync;
let db: Kysely<Rows>;
beforeEach(() => {
  database = new DatabaseSync(':memory:');
  database.exec('create table rows (id integer primary key, text text not null) strict');
  db = new Kysely<Rows>({
    dialect: new SqliteDialect({ database: adaptSqlite(database, 'var/renga.sqlite') }),
  });
});
afterEach(() => db.destroy());

const insert = (text: string) => db.insertInto('rows').values({ id: 1, text }).returning('id').execute();

describe('the adapter', () => {
  it('reads, writes and rolls back', async () => {
    expect(await insert('a')).toEqual([{ id: 1 }]);
    const failed = db.transaction().execute(async (tx) => {
      await tx.deleteFrom('rows').execute();
      throw new Error('changed my mind');
    });
    await expect(failed).rejects.toThrow('changed my mind');
    expect(await db.selectFrom('rows').selectAll().execute()).toEqual([{ id: 1, text: 'a' }]);
  });

  it('holds the write lock from the start of a transaction', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'renga-adapt-'));
    const file = join(folder, 'shared.sqlite');
    const mine = new DatabaseSync(file);
    const theirs = new DatabaseSync(file, { timeout: 0 });
    const db = new Kysely<Rows>({ dialect: new SqliteDialect({ database: adaptSqlite(mine, file) }) });
    await db.transaction().execute(async () => {
      expect(() => theirs.exec('begin immediate')).toThrow(/locked/);
    });
    theirs.exec('begin immediate');
    theirs.close();
    await db.destroy();
    rmSync(folder, { recursive: true });
  });

  it('says that the disk is full, not that a rollback failed, and goes on when there is room', async () => {
    database.exec('pragma max_page_count = 8');
    const failed = db.transaction().execute((tx) =>
      tx
        .insertInto('rows')
        .values({ id: 2, text: 'x'.repeat(100_000) })
        .execute(),
    );
    await expect(failed).rejects.toThrow(OperatorError);
    await expect(failed).rejects.toThrow('var/renga.sqlite cannot grow: the disk is full');
    database.exec('pragma max_page_count = 1000');
    expect(await insert('a')).toEqual([{ id: 1 }]);
  });

  it('leaves our own mistakes as they are', async () => {
    await insert('a');
    await expect(insert('b')).rejects.toThrow(/UNIQUE constraint failed/);
    await expect(insert('b')).rejects.not.toThrow(OperatorError);
    await expect(sql`select nonsense`.execute(db)).rejects.toThrow(/no such column/);
  });

  it('keeps a bounded number of statements', async () => {
    for (let index = 0; index < 450; index += 1) {
      const { rows } = await sql<{ n: number }>`select ${sql.lit(index)} as n`.execute(db);
      expect(rows).toEqual([{ n: index }]);
    }
    expect(await insert('a')).toEqual([{ id: 1 }]);
  });
});

describe('after the disk has failed', () => {
  /** A database whose statements fail as they do when a sync does. */
  function failing(inner: DatabaseSync, times: number): DatabaseSync {
    let left = times;
    const broken = Object.assign(new Error('disk I/O error'), { errcode: 1034 });
    return new Proxy(inner, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (name === 'prepare') {
          return (text: string) => {
            if (text.startsWith('insert') && left > 0) {
              left -= 1;
              throw broken;
            }
            return target.prepare(text);
          };
        }
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  it('opens the file anew before it is asked again, and tries until it can', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'renga-adapt-'));
    const file = join(folder, 'failing.sqlite');
    const openFile = () => new DatabaseSync(file);
    let reopened = 0;
    const first = openFile();
    first.exec('create table rows (id integer primary key, text text not null) strict');
    const db = new Kysely<Rows>({
      dialect: new SqliteDialect({
        database: adaptSqlite(failing(first, 1), file, () => {
          reopened += 1;
          if (reopened === 1) throw Object.assign(new Error('still'), { errcode: 10 });
          return openFile();
        }),
      }),
    });
    const write = () =>
      db.transaction().execute((tx) => tx.insertInto('rows').values({ id: 1, text: 'a' }).execute());
    await expect(write()).rejects.toThrow(/the disk failed/);
    expect(reopened).toBe(0);
    await expect(write()).rejects.toThrow(/the disk failed/);
    await write();
    expect(reopened).toBe(2);
    expect(await db.selectFrom('rows').selectAll().execute()).toEqual([{ id: 1, text: 'a' }]);
    await db.destroy();
    rmSync(folder, { recursive: true });
  });
});
