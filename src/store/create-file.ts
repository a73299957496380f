/** Makes the file of a database, with its folder, before SQLite would with a mode that others can read. */
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncFolder } from './sync-file.ts';

/** True when it was missing. A file that is there is not touched. */
export function createFile(file: string): boolean {
  mkdirSync(dirname(file), { recursive: true });
  try {
    // Never opens an existing file: closing it again would end every lock that this process holds on it (POSIX fcntl).
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
  syncFolder(dirname(file));
  return true;
}
