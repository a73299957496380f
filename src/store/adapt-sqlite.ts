/**
 * `node:sqlite` in the shape that Kysely's SQLite dialect expects. Statements are prepared once; a transaction takes the
 * write lock when it begins, for one that reads first and writes later can be refused half-way.
 */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { SqliteDatabase, SqliteStatement } from 'kysely';
import { explainSqliteError } from './explain-sqlite-error.ts';
import { primaryCodeOf } from './sqlite-code.ts';

const KEPT_STATEMENTS = 200;
const SQLITE_IOERR = 10;

/** `reopen`, where there is one, opens the file anew after the disk has failed; asked again each time until it does. */
export function adaptSqlite(opened: DatabaseSync, file: string, reopen?: () => DatabaseSync): SqliteDatabase {
  let database = opened;
  let isSuspect = false;
  const kept = new Map<string, SqliteStatement>();
  const explain: Explain = (work) => {
    try {
      return work();
    } catch (error) {
      isSuspect ||= primaryCodeOf(error) === SQLITE_IOERR;
      throw explainSqliteError(error, file);
    }
  };
  const renew = (): void => {
    if (!reopen || (database.isOpen && database.isTransaction)) return;
    kept.clear();
    if (database.isOpen) database.close();
    database = explain(reopen);
    isSuspect = false;
  };
  return {
    close: () => {
      if (database.isOpen) database.close();
    },
    prepare: (sql) => {
      if (isSuspect) renew();
      const known = kept.get(sql);
      if (known !== undefined) return known;
      const statement = explain(() => prepare(database, sql, explain));
      if (kept.size >= KEPT_STATEMENTS) kept.clear();
      kept.set(sql, statement);
      return statement;
    },
  };
}

type Explain = <T>(work: () => T) => T;

function prepare(database: DatabaseSync, sql: string, explain: Explain): SqliteStatement {
  if (sql === 'rollback') return rollbackOf(database);
  return adaptStatement(database.prepare(sql === 'begin' ? 'begin immediate' : sql), explain);
}

function adaptStatement(statement: StatementSync, explain: Explain): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => explain(() => statement.all(...asInput(parameters))),
    run: (parameters) => explain(() => statement.run(...asInput(parameters))),
    iterate: (parameters) => explain(() => statement.iterate(...asInput(parameters))),
  };
}

/** On a full disk SQLite rolls back by itself; a second rollback would only hide why. */
function rollbackOf(database: DatabaseSync): SqliteStatement {
  return {
    reader: false,
    all: () => [],
    run: () => {
      if (database.isTransaction) database.exec('rollback');
      return { changes: 0, lastInsertRowid: 0 };
    },
    iterate: () => [][Symbol.iterator](),
  };
}

function asInput(parameters: ReadonlyArray<unknown>): SQLInputValue[] {
  return parameters as SQLInputValue[];
}
