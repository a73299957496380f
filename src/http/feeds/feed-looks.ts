/** A look at a file without opening it: enough to tell whether it was replaced since. */
import { statSync } from 'node:fs';
import { join } from 'node:path';

/** Null: there was no such file. */
export type Look = {
  readonly ino: number;
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
} | null;

/** Synchronous, for it takes two millionths of a second, and a turn through the thread pool fifty. */
export function lookAt(file: string): Look {
  try {
    return statSync(file, { throwIfNoEntry: false }) ?? null;
  } catch {
    // Not to be looked at is not there; opening it will say more.
    return null;
  }
}

export function isSameLook(a: Look, b: Look | undefined): boolean {
  if (a === null || b === null || b === undefined) return a === b;
  return a.ino === b.ino && a.size === b.size && a.mtimeMs === b.mtimeMs && a.ctimeMs === b.ctimeMs;
}

/** Looks at each file at most once in a turn of the event loop, however many ask for it in that turn. */
export function openLooks(folder: string): (path: string) => Look {
  const looks = new Map<string, Look>();
  return (path) => {
    const known = looks.get(path);
    if (known !== undefined) return known;
    if (looks.size === 0) setImmediate(() => looks.clear());
    const look = lookAt(join(folder, path));
    looks.set(path, look);
    return look;
  };
}
