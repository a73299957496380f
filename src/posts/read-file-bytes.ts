/**
 * Reads a file whole, or says why not: only regular files are opened for reading, nothing above the limit is read, and a file that
 * changes while it is read is read again, so that half a post is never taken for a whole one.
 */
import { closeSync, constants, fstatSync, openSync, readSync, type BigIntStats } from 'node:fs';

/** The largest post. */
export const POST_LIMIT = 2 * 1024 * 1024;

export type FileBytes =
  | { readonly kind: 'read'; readonly bytes: Uint8Array; readonly stamp: string }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'not-a-file' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'changing' }
  /** `code` is the system's: `EACCES`. */
  | { readonly kind: 'unreadable'; readonly code: string };

const ROUNDS = 3;

/** What tells that a file is still the one that was read: size, times in nanoseconds, and which file it is. */
export function stampOf(stats: BigIntStats): string {
  // Joined it is one string; as a template it would be a tree of five, of each of a hundred thousand files.
  return [stats.size, stats.mtimeNs, stats.ctimeNs, stats.ino].join(' ');
}

export function readFileBytes(file: string, limit: number = POST_LIMIT): FileBytes {
  return withOpenFile(file, (descriptor) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const result = readOnce(descriptor, limit);
      if (result.kind !== 'changing') return result;
    }
    return { kind: 'changing' };
  });
}

/** The first bytes of a file, at most `count`; null when it is no regular file or cannot be read. */
export function readFirstBytes(file: string, count: number): Uint8Array | null {
  const result = withOpenFile(file, (descriptor) => {
    const stats = fstatSync(descriptor, { bigint: true });
    if (!stats.isFile()) return { kind: 'not-a-file' };
    return { kind: 'read', bytes: readUpTo(descriptor, count), stamp: stampOf(stats) };
  });
  return result.kind === 'read' ? result.bytes : null;
}

function withOpenFile(file: string, read: (descriptor: number) => FileBytes): FileBytes {
  try {
    // Without O_NONBLOCK, opening a pipe that took a file's place would wait for ever.
    const descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      return read(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    const code = errorCode(error);
    return code === 'ENOENT' ? { kind: 'gone' } : { kind: 'unreadable', code };
  }
}

function readOnce(descriptor: number, limit: number): FileBytes {
  const before = fstatSync(descriptor, { bigint: true });
  if (!before.isFile()) return { kind: 'not-a-file' };
  if (before.size > BigInt(limit)) return { kind: 'too-large' };
  const bytes = readUpTo(descriptor, Number(before.size) + 1);
  const stamp = stampOf(before);
  const isWhole = BigInt(bytes.length) === before.size;
  const isSame = stampOf(fstatSync(descriptor, { bigint: true })) === stamp;
  return isWhole && isSame ? { kind: 'read', bytes, stamp } : { kind: 'changing' };
}

function readUpTo(descriptor: number, count: number): Uint8Array {
  const buffer = Buffer.allocUnsafe(count);
  let length = 0;
  while (length < count) {
    const got = readSync(descriptor, buffer, length, count - length, length);
    if (got === 0) break;
    length += got;
  }
  return buffer.subarray(0, length);
}

/** The system's code of an error (`EACCES`); anything else is a bug and is thrown on. */
export function errorCode(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  throw error;
}
