/** Removes pages of posts that are gone where the cache, which knows all that was written, was lost: the store knows them too. */
import { rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cache } from '../../domain/cache.ts';
import type { OutputChange } from './write-outputs.ts';

/** The page of a post, below `public/`. */
export const pagePath = (slug: string): string => `${slug}/index.html`;

/**
 * To be asked before outputs are written: then the cache still knows its own. A page was ours as long as its post was shown, so what lies there
 * in the very publish that takes the post away is ours too.
 */
export function findOrphans(
  cache: Pick<Cache, 'get'>,
  leaving: ReadonlySet<string>,
  isWanted: (path: string) => boolean,
): readonly string[] {
  const unknown = [...leaving].map(pagePath).filter((path) => cache.get('output', path) === null);
  return unknown.filter((path) => !isWanted(path));
}

export async function removeOrphans(
  place: { readonly folder: string; readonly dryRun: boolean },
  orphans: readonly string[],
): Promise<readonly OutputChange[]> {
  const removed: OutputChange[] = [];
  for (const path of orphans) {
    if (place.dryRun) continue;
    const isRemoved = await unlink(join(place.folder, path)).then(
      () => true,
      () => false,
    );
    if (!isRemoved) continue;
    await rmdir(join(place.folder, path, '..')).catch(() => undefined);
    removed.push({ path, change: 'removed' });
  }
  return removed;
}
