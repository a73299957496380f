/** Where in a post's file its author wrote a reference, for who is to mend it. */
import { join } from 'node:path';
import { readFileBytes } from './read-file-bytes.ts';

/** From 1; null where the file has it in other letters, or cannot be read. `path`: below `root`. */
export function findLine(root: string, path: string, reference: string): number | null {
  const forms = new Set([reference, encodeURI(reference), reference.replaceAll('&', '&amp;')]);
  const read = readFileBytes(join(root, ...path.split('/')));
  if (read.kind !== 'read') return null;
  const lines = new TextDecoder().decode(read.bytes).split(/\r\n?|\n/);
  const index = lines.findIndex((line) => [...forms].some((form) => line.includes(form)));
  return index < 0 ? null : index + 1;
}
