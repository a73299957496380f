/** Where in a post's file its author wrote something, for who is to mend it. */
import { join } from 'node:path';
import { readFileBytes } from './read-file-bytes.ts';

/** From 1; null where the file has it in other letters, or cannot be read, or was asked too often. */
export type LineFinder = (written: string) => number | null;

/** A post with thousands of broken links is told of, and not looked through for each. */
const MOST_ASKED = 20;

/** `path`: below `root`. The file is read when the first line is asked for, and once. */
export function openLineFinder(root: string, path: string): LineFinder {
  let lines: readonly string[] | null = null;
  let asked = 0;
  return (written) => {
    asked += 1;
    if (asked > MOST_ASKED) return null;
    lines ??= readLines(join(root, ...path.split('/')));
    const forms = [
      ...new Set([written, encodeURI(written.toWellFormed()), written.replaceAll('&', '&amp;')]),
    ];
    const index = lines.findIndex((line) => forms.some((form) => line.includes(form)));
    return index < 0 ? null : index + 1;
  };
}

function readLines(file: string): readonly string[] {
  const read = readFileBytes(file);
  return read.kind === 'read' ? new TextDecoder().decode(read.bytes).split(/\r\n?|\n/) : [];
}
