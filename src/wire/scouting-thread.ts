/**
 * A thread that goes ahead of a publish: walks `posts/`, and then looks at every file of `public/`, while the main thread loads the program and recalls what it
 * knew. It writes nothing but what it remembers of folders.
 */
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { lookAtOutputs } from '../app/site/look-at-outputs.ts';
import { writerOf } from '../app/site/site-writer.ts';
import type { Problem } from '../domain/problem.ts';
import { recallFolders } from '../posts/folder-memory.ts';
import { walkPosts, type Walk } from '../posts/walk-posts.ts';
import { openCache } from '../store/open-cache.ts';

/** `now`: in milliseconds. */
export type ScoutOrders = { readonly root: string; readonly cache: string; readonly now: number };

export type ScoutReport =
  | { readonly kind: 'news' }
  | { readonly kind: 'walked'; readonly walk: WalkedLines | null; readonly writer: string | null }
  | { readonly kind: 'looked'; readonly outputs: ReturnType<typeof lookAtOutputs> };

/** A plain walk. One text goes between threads in a moment, where ten thousand values do not. */
export type WalkedLines = {
  readonly top: string;
  readonly mark: string;
  readonly problems: readonly Problem[];
  /** Path and stamp of each file, a line each: no name holds a line break. */
  readonly lines: string;
};

const { root, cache: file, now } = workerData as ScoutOrders;

function tell(report: ScoutReport): void {
  parentPort?.postMessage(report, []);
}

function writeLines({ files, isPlain, isThere, top, mark, problems }: Walk): WalkedLines | null {
  if (!isPlain || !isThere) return null;
  return { top, mark, problems, lines: files.map(({ path, stamp }) => `${path}\n${stamp}`).join('\n') };
}

const cache = openCache(file);
const folders = recallFolders(cache, now, () => tell({ kind: 'news' }));
const writer = writerOf(cache);
tell({ kind: 'walked', walk: writeLines(await walkPosts(root, folders)), writer });
tell({ kind: 'looked', outputs: lookAtOutputs(cache, join(root, 'public')) });
folders.keep(cache);
cache.close();
