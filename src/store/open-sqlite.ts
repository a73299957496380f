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
import { answerAtOnce } from './prepare-query.ts';
import { retryWhileBusy } from './retry-while-busy.ts';
import { SQLITE } from './sql-dialect.ts';
import type { Tables } from './tables.ts';
import { identifyFile, refuseMoved, watchFile } from './watch-file.ts';

/** Short, for this wait stops the whole thread; `retryWhileBusy` does the patient waiting. */
const BUSY_MILLISECONDS = 50;
/** `Rnga`: marks a SQLite file as ours (https://sqlite.org/pragma.html#pragma_application_id). */
const APPLICATION_ID = 0x52_6e_67_61;

const SETTINGS = `
  pragma journal_mode = wal;
  pragma synchronous = full;
  pragma cache_size = -16000;
  pragma secure_delete = on;
`;

/** `identity`: the file it must be, as `identifyFile` told it; without one it is made where there is none. */
export async function openSqlite(file: string, identity?: string): Promise<Connection> {
  const first = await retryWhileBusy(SQLITE.isBusy, async () => openFile(file, identity));
  const watch = watchFile(file, identity ?? identifyFile(file) ?? '');
  const database = adaptSqlite(first, file, () => {
    watch.check();
    return reopenFile(file);
  });
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database }) });
  answerAtOnce(db, database);
  return {
    dialect: SQLITE,
    db,
    write: (work) =>
      retryWhileBusy(SQLITE.isBusy, async () => {
        const result = await db.transaction().execute(async (tx) => {
          const done = await work(tx, false);
          watch.check();
          return done;
        });
        // What was committed to a file that is gone is not durable: nothing that depends on it may leave.
        watch.check();
        return result;
      }),
    explain: (error) => explainSqliteError(error, file),
    backup: (target) => backupSqlite(file, target),
    // Kysely leaves a database alone that it never asked anything.
    close: async () => {
      await db.destroy();
      database.close();
    },
  };
}

function openFile(file: string, identity?: string): DatabaseSync {
  let database: DatabaseSync | null = null;
  try {
    if (identity === undefined) createFile(file);
    // Another thread of ours has it open: never a new one in its place.
    else if (identifyFile(file) !== identity) throw refuseMoved(file);
    database = new DatabaseSync(file, { timeout: BUSY_MILLISECONDS, enableForeignKeyConstraints: true });
    claimFile(database, file);
    database.exec(SETTINGS);
    return database;
  } catch (error) {
    database?.close();
    throw explainSqliteError(error, file);
  }
}

/**
 * After the disk has failed, what this connection believes to be written may not be on it, and a second sync would only say that all is well. What can
 * be read is written anew, into the database itself, and synced there.
 */
function reopenFile(file: string): DatabaseSync {
  const database = openFile(file, identifyFile(file) ?? '');
  try {
    const row = database.prepare('pragma wal_checkpoint(truncate)').get();
    if (row?.['busy'] !== 0) throw new OperatorError(`${file} is in use`, 'It is tried again by itself.');
    return database;
  } catch (error) {
    database.close();
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
