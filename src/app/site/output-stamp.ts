/** The stamp of a file of `public/`: while it is the same, the file is what its output wrote. */
import { type Stats, statSync } from 'node:fs';

export type OutputStamp = {
  /** Below `public/`, with `/`. */
  readonly path: string;
  readonly size: number;
  /** When its bytes, and when anything about it, last changed: milliseconds, with fractions. */
  readonly modified: number;
  readonly changed: number;
};

export function outputStampOf({ size, mtimeMs, ctimeMs }: Stats): Omit<OutputStamp, 'path'> {
  return { size, modified: mtimeMs, changed: ctimeMs };
}

/** The last of the three tells of those who put the others back. */
export function isAsWritten(file: string, { size, modified, changed }: Omit<OutputStamp, 'path'>): boolean {
  const present = statSync(file, { throwIfNoEntry: false });
  return present?.size === size && present.mtimeMs === modified && present.ctimeMs === changed;
}
