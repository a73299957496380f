/**
 * Opens one file of `public/` and nothing else: what lies outside, is hidden, or is no plain file is as if it were not there. An opened file is
 * one version of it, whole, however often it is replaced meanwhile: it is opened once, and looked at and read through that.
 */
import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

export type PublicFile = {
  readonly handle: FileHandle;
  /** Bytes. */
  readonly size: number;
  /** When it was last changed, in whole seconds since 1970. */
  readonly modified: number;
  /** Another one for every version of every file. */
  readonly stamp: string;
};

export type OpenResult = PublicFile | 'not-there' | 'folder';

/** Reasons that are the request's, not ours; anything else (too many open files, a failing disk) throws. */
const ABSENCES = new Set([
  'ENOENT',
  'ENOTDIR',
  'ELOOP',
  'ENAMETOOLONG',
  'EACCES',
  'EPERM',
  'EISDIR',
  'ENXIO',
  'EINVAL',
]);

/** `segments` come from `parsePath`. The caller closes the handle. */
export async function openPublicFile(folder: string, segments: readonly string[]): Promise<OpenResult> {
  try {
    const root = await realpath(folder);
    const path = await realpath(join(root, ...segments));
    if (!isShown(relative(root, path))) return 'not-there';
    // Not blocking, so that a FIFO holds nobody up; no link followed, for none is left in a real path.
    return await examine(await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW));
  } catch (error) {
    if (ABSENCES.has((error as NodeJS.ErrnoException).code ?? '')) return 'not-there';
    throw error;
  }
}

/** Links are followed only to where a request could have gone by itself. */
function isShown(inside: string): boolean {
  return inside === '' || inside.split(sep).every((name) => name !== '' && !name.startsWith('.'));
}

async function examine(handle: FileHandle): Promise<OpenResult> {
  const found = await handle.stat({ bigint: true });
  if (found.isFile()) {
    const { ino, size, mtimeNs, ctimeNs } = found;
    return {
      handle,
      size: Number(size),
      modified: Number(mtimeNs / 1_000_000_000n),
      stamp: `${ino} ${size} ${mtimeNs} ${ctimeNs}`,
    };
  }
  await handle.close();
  return found.isDirectory() ? 'folder' : 'not-there';
}
