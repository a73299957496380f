/** A look at all files of `public/`: which of them are not as the last program left them. For a thread: nothing else is loaded. */
import type { Cache } from '../../domain/cache.ts';
import { openSheet } from './kept-sheet.ts';
import { CHANGED, HEAD, type Head, KIND, MODIFIED, outputsPlace, PATH, SIZE } from './kept-site.ts';
import { isAsWritten } from './output-stamp.ts';

/** `folder`: `public/`. Null where it is not known how they were left. */
export function lookAtOutputs(
  cache: Pick<Cache, 'get'>,
  folder: string,
): { readonly head: string; readonly paths: readonly string[] } | null {
  const head = cache.get(KIND, HEAD);
  if (head === null) return null;
  const { writing } = JSON.parse(head) as Head;
  const sheet = openSheet(cache, outputsPlace(writing));
  if (!sheet) return null;
  const [paths, sizes] = [sheet.column(PATH), sheet.column(SIZE)];
  const [modified, changed] = [sheet.column(MODIFIED), sheet.column(CHANGED)];
  // Who writes a sheet writes another head with it.
  if (cache.get(KIND, HEAD) !== head) return null;
  const changes: string[] = [];
  for (const row of sheet.rows) {
    const path = paths[row] as string;
    const stamp = {
      size: sizes[row] as number,
      modified: modified[row] as number,
      changed: changed[row] as number,
    };
    if (!isAsWritten(`${folder}/${path}`, stamp)) changes.push(path);
  }
  return { head, paths: changes };
}

/** The paths of all outputs; null where they are not known. */
export function recallPaths(cache: Pick<Cache, 'get'>, head: string): readonly string[] | null {
  const { writing } = JSON.parse(head) as Head;
  const sheet = openSheet(cache, outputsPlace(writing));
  return sheet && sheet.rows.map((row) => sheet.column(PATH)[row] as string);
}
