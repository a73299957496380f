/** What SQLite and the file system say, turned into what a person can do about it. Errors that are our own fault pass through unchanged. */
import { OperatorError } from '../domain/operator-error.ts';
import { extendedCodeOf, primaryCodeOf } from './sqlite-code.ts';

type Explanation = { readonly problem: string; readonly hint: string };

const MAY_NOT_WRITE: Explanation = {
  problem: 'cannot be written',
  hint: 'Give the user that runs renga the right to write the file and its folder.',
};
const DISK_FULL: Explanation = {
  problem: 'cannot grow: the disk is full',
  hint: 'Make room, then run it again.',
};
const NO_FILE: Explanation = {
  problem: 'cannot be opened',
  hint: 'See that its folder is there and may be written (is its disk mounted read-only?), and that the path names a file.',
};
const MOVED: Explanation = {
  problem: 'was moved or deleted while in use',
  hint: 'Put it back, or restore a backup, before anything is sent.',
};

/** By SQLite's result code: https://sqlite.org/rescode.html */
const BY_RESULT_CODE: Readonly<Record<number, Explanation>> = {
  3: MAY_NOT_WRITE,
  8: MAY_NOT_WRITE,
  10: { problem: 'cannot be read or written: the disk failed', hint: 'See the system log for the disk.' },
  11: { problem: 'is damaged', hint: 'Restore the newest backup.' },
  13: DISK_FULL,
  14: NO_FILE,
  26: { problem: 'is not a database', hint: 'Move the file away, or name another one.' },
  1032: MOVED,
  // SQLITE_CONSTRAINT_TRIGGER: the only triggers there are, see `refuseWrites`.
  1811: {
    problem: 'was moved into another database',
    hint: 'Start renga again with the new one as `database` in config/renga.yaml.',
  },
};

const BY_SYSTEM_CODE: Readonly<Record<string, Explanation>> = {
  EACCES: MAY_NOT_WRITE,
  EPERM: MAY_NOT_WRITE,
  EROFS: MAY_NOT_WRITE,
  ENOSPC: DISK_FULL,
  EDQUOT: DISK_FULL,
  ENOENT: NO_FILE,
  ENOTDIR: NO_FILE,
  EISDIR: NO_FILE,
  EEXIST: NO_FILE,
};

/** The OperatorError for `error`, or `error` itself. */
export function explainSqliteError(error: unknown, file: string): unknown {
  const explanation = findExplanation(error);
  return explanation === undefined
    ? error
    : new OperatorError(`${file} ${explanation.problem}`, explanation.hint, { cause: error });
}

function findExplanation(error: unknown): Explanation | undefined {
  const extended = extendedCodeOf(error);
  if (extended !== null) return BY_RESULT_CODE[extended] ?? BY_RESULT_CODE[primaryCodeOf(error) ?? 0];
  const system = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof system === 'string' ? BY_SYSTEM_CODE[system] : undefined;
}
