/**
 * Copies a SQLite database that is in use: through SQLite's own backup, for a plain copy would miss what still lies in the
 * write-ahead log. The copy gets its name only when it is whole and on the disk.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { OperatorError } from '../domain/operator-error.ts';
import { createFile } from './create-file.ts';
import { explainSqliteError } from './explain-sqlite-error.ts';
import { syncFile, syncFolder } from './sync-file.ts';

/** All in one step: a copy made in pieces starts over whenever another program writes. */
const ALL_PAGES = 0x7f_ff_ff_ff;

export async function backupSqlite(source: string, target: string): Promise<void> {
  if (existsSync(target)) throw refuse(target);
  const partial = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.partial`);
  try {
    createFile(partial);
    await copyInto(source, partial);
    syncFile(partial);
    giveName(partial, target);
    syncFolder(dirname(target));
  } catch (error) {
    throw explainSqliteError(error, target);
  } finally {
    removePartial(partial);
  }
}

function removePartial(partial: string): void {
  if (!existsSync(partial)) return;
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(partial + suffix, { force: true });
}

async function copyInto(source: string, partial: string): Promise<void> {
  // A connection of its own, so that the store goes on working meanwhile.
  const database = new DatabaseSync(source, { readOnly: true });
  try {
    await backup(database, partial, { rate: ALL_PAGES });
  } finally {
    database.close();
  }
}

/** A link refuses a name that somebody took meanwhile; a rename would not. Not every file system has links. */
function giveName(partial: string, target: string): void {
  try {
    linkSync(partial, target);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST' || existsSync(target)) throw refuse(target);
    renameSync(partial, target);
  }
}

function refuse(target: string): OperatorError {
  return new OperatorError(`${target} exists`, 'Name a new file: a backup never replaces another.');
}
