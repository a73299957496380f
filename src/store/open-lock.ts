/**
 * A lock between programs, kept by the operating system on a file: SQLite's exclusive transaction on a database of its own, which
 * the kernel ends when its holder dies. No pid to check, nothing to clean up.
 */
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Lock } from '../domain/lock.ts';
import { OperatorError } from '../domain/operator-error.ts';
import { createFile } from './create-file.ts';
import { explainSqliteError } from './explain-sqlite-error.ts';
import { SQLITE } from './sql-dialect.ts';

const PAUSE_MILLISECONDS = 25;

/** The garbage collector closes a database that nothing points to, though its work still runs: what is held stays in sight. */
const held = new Set<DatabaseSync>();

export function openLock(file: string): Lock {
  return {
    async hold(waitMilliseconds, work) {
      const database = await waitForTurn(file, waitMilliseconds);
      held.add(database);
      try {
        return await work();
      } finally {
        // Closing ends the transaction.
        database.close();
        held.delete(database);
      }
    },
  };
}

async function waitForTurn(file: string, waitMilliseconds: number): Promise<DatabaseSync> {
  for (let waited = 0; ; waited += PAUSE_MILLISECONDS) {
    const database = tryToLock(file);
    if (database !== null) return database;
    if (waited >= waitMilliseconds) throw describeHeld(file);
    await sleep(PAUSE_MILLISECONDS);
  }
}

/** Null while another holds it. */
function tryToLock(file: string): DatabaseSync | null {
  let database: DatabaseSync | null = null;
  try {
    createFile(file);
    database = new DatabaseSync(file, { timeout: 0 });
    database.exec('begin exclusive');
    return database;
  } catch (error) {
    database?.close();
    if (SQLITE.isBusy(error)) return null;
    throw explainSqliteError(error, file);
  }
}

function describeHeld(file: string): OperatorError {
  return new OperatorError(
    `another renga is at work here (it holds ${file})`,
    'Wait until it has finished, or stop it.',
  );
}
