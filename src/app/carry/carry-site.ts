/**
 * Carries what changed of `public/` to each target: pages, then feeds, then what is to be removed, so that no feed there ever names a page that
 * is missing. What a target has is kept in the cache, and what it may have before it is carried: killed at any moment, the next run completes it.
 */
import type { Cache } from '../../domain/cache.ts';
import { OperatorError } from '../../domain/operator-error.ts';
import type { Target } from '../../domain/target.ts';
import type { Renga } from '../renga.ts';
import { keepFailure, kindOf } from './carried-files.ts';
import type { Carrier } from './carrier.ts';
import { openCommandCarrier } from './command-carrier.ts';
import { openFolderCarrier } from './folder-carrier.ts';
import { isFeed, type PublicFiles } from './read-public.ts';

export type CarryRenga = Pick<Renga, 'root' | 'cache' | 'targets' | 'runCommand' | 'report'>;

export type CarryReport = {
  /** Places that have all of it now. */
  readonly done: number;
  /** What went wrong at others; what they have is as good as it was, and they are tried again. */
  readonly failures: readonly OperatorError[];
};

/** A target that fails keeps no other from being carried to. */
export async function carrySite(
  renga: CarryRenga,
  files: PublicFiles,
  signal: AbortSignal,
): Promise<CarryReport> {
  const failures: OperatorError[] = [];
  for (const target of renga.targets) {
    try {
      const carrier = await openCarrier(renga, target);
      const counts = await carryTo(renga.cache, kindOf(target), carrier, files, signal);
      keepFailure(renga.cache, target, null);
      if (counts.written + counts.removed > 0) renga.report({ kind: 'carried', ...counts });
    } catch (error) {
      const failure = asOperatorError(error);
      failures.push(failure);
      // Stopped by us, it may go well next time.
      if (!signal.aborted) keepFailure(renga.cache, target, failure.message);
    }
  }
  return { done: renga.targets.length - failures.length, failures };
}

async function openCarrier({ root, runCommand }: CarryRenga, target: Target): Promise<Carrier> {
  return target.kind === 'folder'
    ? await openFolderCarrier(root, target.folder)
    : openCommandCarrier(root, target, runCommand);
}

function asOperatorError(error: unknown): OperatorError {
  if (error instanceof OperatorError) return error;
  const words = error instanceof Error ? error.message : String(error);
  return new OperatorError(`publish.to failed: ${words}`, 'It is tried again with the next publish.', {
    cause: error,
  });
}

async function carryTo(
  cache: Cache,
  kind: string,
  carrier: Carrier,
  files: PublicFiles,
  signal: AbortSignal,
): Promise<{ readonly written: number; readonly removed: number }> {
  const carried = cache.all(kind);
  const changed = new Map<string, string>();
  for (const [path, hash] of files) {
    if (carried.get(path) !== hash || !(await carrier.has(path))) changed.set(path, hash);
  }
  for (const stage of ['pages', 'feeds'] as const) {
    const batch = new Map([...changed].filter(([path]) => isFeed(path) === (stage === 'feeds')));
    if (batch.size === 0) continue;
    // From now on it may be there, whatever becomes of us: so that it will be removed one day.
    cache.put(kind, new Map([...batch.keys()].map((path) => [path, ''])));
    await carrier.put(stage, batch, signal);
    cache.put(kind, batch);
  }
  const gone = new Map([...carried].filter(([path]) => !files.has(path)));
  if (gone.size > 0) {
    await carrier.remove(gone, signal);
    cache.put(kind, new Map([...gone.keys()].map((path) => [path, null])));
  }
  return { written: changed.size, removed: gone.size };
}
