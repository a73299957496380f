/** A look at all files of `public/`: which of them are not as the last program left them. For a thread: nothing else is loaded. */
import type { Cache } from '../../domain/cache.ts';
import { HEAD, type Head, KIND, type OutputRow, OUTPUTS } from './kept-site.ts';
import { readRows } from './kept-rows.ts';
import { isAsWritten } from './output-stamp.ts';

/** `folder`: `public/`. Null where it is not known how they were left. */
export function lookAtOutputs(
  cache: Pick<Cache, 'get'>,
  folder: string,
): { readonly head: string; readonly paths: readonly string[] } | null {
  const head = cache.get(KIND, HEAD);
  if (head === null) return null;
  const { writing } = JSON.parse(head) as Head;
  const values = { get: (key: string) => cache.get(KIND, key) ?? undefined };
  const rows = readRows(values, { prefix: OUTPUTS, writing }) as readonly OutputRow[] | null;
  // Who writes rows writes another head with them.
  if (!rows || cache.get(KIND, HEAD) !== head) return null;
  const changed = rows.filter(
    ([path, size, modified, changed]) => !isAsWritten(`${folder}/${path}`, { size, modified, changed }),
  );
  return { head, paths: changed.map(([path]) => path) };
}
