/**
 * The cache, a SQLite file that may be lost: no sync, no migrations, no errors. A file of another version, or one that cannot be
 * read, is thrown away and made anew; where no file can be made, the cache lives in memory.
 */
import { rmSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Cache } from '../domain/cache.ts';
import { createFile } from './create-file.ts';
import { primaryCodeOf } from './sqlite-code.ts';

/** Grows with every change of the table or of what the values mean. */
const VERSION = 1;
const BUSY_MILLISECONDS = 200;

/**
 * Of a file that is made; one that is there keeps its own. A row of what is known of a post fits such a page, and a rendered body fills up two: with smaller ones it took
 * three times as long to read ten thousand, and with larger ones the file was half as large again.
 */
const PAGE = 'pragma page_size = 8192';
/** `cache_size`: 8 MB of pages at hand. */
const SETTINGS = 'pragma cache_size = -8000; pragma journal_mode = wal; pragma synchronous = off;';
const TABLE = `
  begin immediate;
  create table if not exists kept (
    kind text not null, key text not null, value text not null, primary key (kind, key)
  ) without rowid;
  pragma user_version = ${VERSION};
  commit;
`;

export function openCache(file: string): Cache {
  let database = tryToOpen(file) ?? remake(file);

  function attempt<T>(otherwise: T, work: (open: DatabaseSync) => T): T {
    try {
      return work(database);
    } catch (error) {
      if (isDamaged(error)) {
        database.close();
        database = remake(file);
      }
      return otherwise;
    }
  }

  return {
    all: (kind) => attempt(new Map<string, string>(), (open) => readKind(open, kind)),
    *each(kind) {
      const rows = attempt(null, (open) => openKind(open, kind));
      // A failure on the way ends it, as if no more were kept.
      const next = (): readonly unknown[] | null => attempt(null, () => nextOf(rows));
      for (let row = next(); row; row = next()) yield [String(row[0]), String(row[1])];
    },
    get: (kind, key) => attempt(null, (open) => readValue(open, kind, key)),
    put: (kind, changes) => attempt(undefined, (open) => writeChanges(open, kind, changes)),
    close: () => {
      if (database.isOpen) database.close();
    },
  };
}

function remake(file: string): DatabaseSync {
  try {
    for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
  } catch {
    // Then the next line cannot open it either.
  }
  return tryToOpen(file) ?? openTable(':memory:');
}

/** Null when the file cannot be made or read, or was written by another version. */
function tryToOpen(file: string): DatabaseSync | null {
  try {
    createFile(file);
    return openTable(file);
  } catch {
    return null;
  }
}

function openTable(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: BUSY_MILLISECONDS });
  try {
    const version = readVersion(database);
    if (version !== 0 && version !== VERSION) throw new Error(`a cache of version ${version}`);
    if (version === 0) database.exec(PAGE);
    database.exec(SETTINGS);
    if (version === 0) database.exec(TABLE);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function readVersion(database: DatabaseSync): number {
  return Number(database.prepare('pragma user_version').get()?.['user_version']);
}

const ALL = 'select key, value from kept where kind = ?';

type Statements = Readonly<Record<'all' | 'get' | 'put' | 'remove', StatementSync>>;

/** Compiled once: tens of thousands of values are read one by one. */
const statementsOf = new WeakMap<DatabaseSync, Statements>();

function prepare(database: DatabaseSync): Statements {
  const known = statementsOf.get(database);
  if (known) return known;
  const statements: Statements = {
    all: database.prepare(ALL),
    get: database.prepare('select value from kept where kind = ? and key = ?'),
    put: database.prepare(
      'insert into kept values (?, ?, ?) on conflict do update set value = excluded.value',
    ),
    remove: database.prepare('delete from kept where kind = ? and key = ?'),
  };
  // Thousands of rows as arrays take half the time that they take as objects.
  statements.all.setReturnArrays(true);
  statementsOf.set(database, statements);
  return statements;
}

function readKind(database: DatabaseSync, kind: string): ReadonlyMap<string, string> {
  const rows = prepare(database).all.all(kind) as unknown as readonly (readonly unknown[])[];
  return new Map(rows.map(([key, value]) => [String(key), String(value)]));
}

type Rows = ReturnType<StatementSync['iterate']>;

/** A statement of its own: several may be on their way at once. */
function openKind(database: DatabaseSync, kind: string): Rows {
  const statement = database.prepare(ALL);
  statement.setReturnArrays(true);
  return statement.iterate(kind);
}

function nextOf(rows: Rows | null): readonly unknown[] | null {
  const next = rows?.next();
  return next && !next.done ? (next.value as unknown as readonly unknown[]) : null;
}

function readValue(database: DatabaseSync, kind: string, key: string): string | null {
  const row = prepare(database).get.get(kind, key);
  return row === undefined ? null : String(row['value']);
}

function writeChanges(
  database: DatabaseSync,
  kind: string,
  changes: ReadonlyMap<string, string | null>,
): void {
  const { put, remove } = prepare(database);
  database.exec('begin immediate');
  try {
    for (const [key, value] of changes) {
      if (value === null) remove.run(kind, key);
      else put.run(kind, key, value);
    }
    database.exec('commit');
  } finally {
    if (database.isTransaction) database.exec('rollback');
  }
}

/** SQLITE_CORRUPT, SQLITE_NOTADB, and SQLITE_ERROR for a table that is not there. */
function isDamaged(error: unknown): boolean {
  return [1, 11, 26].includes(primaryCodeOf(error) ?? 0);
}
