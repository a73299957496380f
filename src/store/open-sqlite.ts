/**
 * Opens a SQLite file for the store: WAL, so that readers never wait; `synchronous=FULL`, so that what was committed
 * survives a power cut and not only a kill; and never a file that belongs to another program.
 */
import { DatabaseSync } from 'node:sqlite';
import { Kysely, SqliteDialect } from 'kysely';
import { OperatorError } from '../domain/operator-error.ts';
import { adaptSqlite } from './adapt-sqlite.ts';
import { backupSqlite } from './backup-sqlite.ts';
import type { Connection } from './connection.ts';
import { createFile } from './create-file.ts';
import { explainSqliteError } from './explain-sqlite-error.ts';
import { retryWhileBusy } from './retry-while-busy.ts';
import { SQLITE } from './sql-dialect.ts';
import type { Tables } from './tables.ts';

/** Short, for this wait stops the whole thread; `retryWhileBusy` does the patient waiting. */
const BUSY_MILLISECONDS = 50;
/** `Rnga`: marks a SQLite file as ours (https://sqlite.org/pragma.html#pragma_application_id). */
const APPLICATION_ID = 0x52_6e_67_61;

const SETTINGS = `
  pragma journal_mode = wal;
  pragma synchronous = full;
  pragma cache_size = -16000;
`;

export async function openSqlite(file: string): Promise<Connection> {
  const database = await retryWhileBusy(SQLITE.isBusy, async () => openFile(file));
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: adaptSqlite(database, file) }) });
  return {
    dialect: SQLITE,
    db,
    write: (work) => retryWhileBusy(SQLITE.isBusy, () => db.transaction().execute((tx) => work(tx, false))),
    explain: (error) => explainSqliteError(error, file),
    backup: (target) => backupSqlite(file, target),
    // Kysely leaves a database alone that it never asked anything.
    close: async () => {
      await db.destroy();
      if (database.isOpen) database.close();
    },
  };
}

function openFile(file: string): DatabaseSync {
  let database: DatabaseSync | null = null;
  try {
    createFile(file);
    database = new DatabaseSync(file, { timeout: BUSY_MILLISECONDS, enableForeignKeyConstraints: true });
    claimFile(database, file);
    database.exec(SETTINGS);
    return database;
  } catch (error) {
    database?.close();
    throw explainSqliteError(error, file);
  }
}

/** An empty database becomes ours; one with tables must have been ours already. */
function claimFile(database: DatabaseSync, file: string): void {
  // Tables are looked for first: when they are there, whoever made them has marked the file before.
  const isEmpty = database.prepare('select 1 from sqlite_schema limit 1').get() === undefined;
  const marked = database.prepare('pragma application_id').get()?.['application_id'] === APPLICATION_ID;
  if (marked) return;
  if (!isEmpty) {
    throw new OperatorError(
      `${file} is a database of another program`,
      'Name another file as `database` in config/renga.yaml.',
    );
  }
  database.exec(`pragma application_id = ${APPLICATION_ID}`);
}
