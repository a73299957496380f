/**
 * Installs one file in `public/`: made beside and then renamed, so that a reader or a crash meets the old file or the new one, never half of one; one
 * that says the same already is left as it is. Runs in the program itself, and in a thread of its own where there are many (`open-installer.ts`).
 */
import { hash as hashBytes } from 'node:crypto';
import { closeSync, fdatasync, mkdirSync, openSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type OutputStamp, outputStampOf } from './output-stamp.ts';

export type FileToInstall = {
  /** Below `folder`, with `/`. */
  readonly path: string;
  readonly content: string | Uint8Array;
};

export type InstalledFile = {
  readonly change: 'added' | 'changed' | 'unchanged';
  /** SHA-256 (hex) of its bytes. */
  readonly hash: string;
  /** As it was left; null with `dryRun`. */
  readonly stamp: Omit<OutputStamp, 'path'> | null;
};

/** Where files are made before they are renamed; on the same disk as their destination, and swept at each run. */
export const WORKSHOP_FOLDER = '.renga-new';

export type InstallingOptions = {
  /** It has a `WORKSHOP_FOLDER`. */
  readonly folder: string;
  /** Nothing is written, and the change is what would be. */
  readonly dryRun: boolean;
};

/** Throws the system's error when it cannot be written. */
export async function installFile(
  { folder, dryRun }: InstallingOptions,
  { path, content }: FileToInstall,
): Promise<InstalledFile> {
  const file = join(folder, path);
  const present = statSync(file, { throwIfNoEntry: false });
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const hash = hashOf(bytes);
  const same = present?.size === bytes.length && hashOf(await readFile(file)) === hash;
  if (!same && !dryRun) await reinstallFile(folder, path, bytes, present === undefined);
  const stamp = dryRun ? null : outputStampOf(statSync(file));
  return { change: same ? 'unchanged' : present ? 'changed' : 'added', hash, stamp };
}

export function hashOf(bytes: Uint8Array): string {
  return hashBytes('sha256', bytes);
}

/**
 * Synced before the rename: after a power loss the name leads to whole bytes, old or new. Only the sync waits for the disk; the rest
 * takes less time than a turn through the thread pool.
 */
async function reinstallFile(folder: string, path: string, bytes: Uint8Array, isNew: boolean): Promise<void> {
  const beside = join(folder, WORKSHOP_FOLDER, hashOf(Buffer.from(path)).slice(0, 32));
  const descriptor = openSync(beside, 'w');
  try {
    writeFileSync(descriptor, bytes);
    await sync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  const file = join(folder, path);
  if (isNew) mkdirSync(dirname(file), { recursive: true });
  renameSync(beside, file);
}

const sync = promisify(fdatasync);
