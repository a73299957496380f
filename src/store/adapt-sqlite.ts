/**
 * `node:sqlite` in the shape that Kysely's SQLite dialect expects. Statements are prepared once; a transaction takes the
 * write lock when it begins, for one that reads first and writes later can be refused half-way.
 */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { SqliteDatabase, SqliteStatement } from 'kysely';
import { explainSqliteError } from './explain-sqlite-error.ts';

const KEPT_STATEMENTS = 200;

export function adaptSqlite(database: DatabaseSync, file: string): SqliteDatabase {
  const kept = new Map<string, SqliteStatement>();
  return {
    close: () => database.close(),
    prepare: (sql) => {
      const known = kept.get(sql);
      if (known !== undefined) return known;
      const statement = explaining(file, () => prepare(database, sql, file));
      if (kept.size >= KEPT_STATEMENTS) kept.clear();
      kept.set(sql, statement);
      return statement;
    },
  };
}

function prepare(database: DatabaseSync, sql: string, file: string): SqliteStatement {
  if (sql === 'rollback') return rollbackOf(database);
  const statement = database.prepare(sql === 'begin' ? 'begin immediate' : sql);
  return adaptStatement(statement, file);
}

function adaptStatement(statement: StatementSync, file: string): SqliteStatement {
  const explain = <T>(work: () => T): T => explaining(file, work);
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

function explaining<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw explainSqliteError(error, file);
  }
}
