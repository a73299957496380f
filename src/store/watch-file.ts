/** Tells when the file of an open database is no longer the one by that name: what is written to it then is lost, and who looks by name finds nothing of it. */
import { statSync } from 'node:fs';
import { OperatorError } from '../domain/operator-error.ts';

/** Which file it is, whatever it is called; null where there is none. */
export function identifyFile(file: string): string | null {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false });
  return found ? `${found.dev}:${found.ino}` : null;
}

export type WatchedFile = {
  /** Throws OperatorError once the file was moved, deleted or replaced; then always, for what happened meanwhile is not known. */
  readonly check: () => void;
};

export function watchFile(file: string, identity: string): WatchedFile {
  let isGone = false;
  return {
    check: () => {
      isGone ||= identifyFile(file) !== identity;
      if (isGone) throw refuseMoved(file);
    },
  };
}

export function refuseMoved(file: string): OperatorError {
  return new OperatorError(
    `${file} was moved or deleted while in use`,
    'Nothing more is sent. Put it back, or restore a backup, and start renga again.',
  );
}
