/** Sends the scout ahead of a publish: a thread, where there is so much to look at that it is worth one. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Doubts, Scout, ScoutedWalk } from '../app/site/scout.ts';
import { type FoundFile, plainFile } from '../posts/found-file.ts';
import type { Walk } from '../posts/walk-posts.ts';
import { now } from './clock.ts';
import type { ScoutOrders, ScoutReport, WalkedLines } from './scouting-thread.ts';

/** Bytes of a cache. A post makes some 14,000: fewer than about three thousand are looked at in less time than a thread takes to start. */
const WORTH_IT = 40_000_000;

const THREAD = new URL(
  import.meta.url.endsWith('.ts') ? './scouting-thread.ts' : './scouting-thread.js',
  import.meta.url,
);

/** `worthIt`: for tests. Undefined where nobody is sent. It never fails: what it cannot tell is looked at again. */
export function openScout(root: string, worthIt: number = WORTH_IT): Scout | undefined {
  const cache = join(root, 'var', 'cache.db');
  if (sizeOf(cache) < worthIt) return undefined;
  const orders: ScoutOrders = { root, cache, now: now().epochMilliseconds };
  const [news, walk, doubts] = [
    Promise.withResolvers<boolean>(),
    Promise.withResolvers<ScoutedWalk | null>(),
    Promise.withResolvers<Doubts | null>(),
  ];
  const worker = new Worker(THREAD, { workerData: orders, env: environment(), execArgv: [] });
  const end = (): void => {
    news.resolve(false);
    walk.resolve(null);
    doubts.resolve(null);
  };
  worker.on('message', (report: ScoutReport) => {
    if (report.kind === 'news') news.resolve(true);
    if (report.kind === 'walked') {
      news.resolve(false);
      walk.resolve(report.walk && { walk: readLines(report.walk), writer: report.writer });
    }
    if (report.kind === 'looked')
      doubts.resolve(report.outputs && { head: report.outputs.head, paths: new Set(report.outputs.paths) });
  });
  worker.on('error', end);
  worker.on('exit', end);
  return {
    hasNews: async () => await news.promise,
    walk: async () => await walk.promise,
    doubts: async () => await doubts.promise,
  };
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch {
    // Whoever needs it will say what is wrong.
    return -1;
  }
}

/** Nothing of ours, but for where compiled code is kept. */
function environment(): NodeJS.ProcessEnv {
  const folder = process.env['NODE_COMPILE_CACHE'];
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: folder };
}

function readLines({ top, mark, problems, lines }: WalkedLines): Walk {
  const files: FoundFile[] = [];
  const texts = lines === '' ? [] : lines.split('\n');
  for (let at = 0; at < texts.length; at += 2) {
    files.push(plainFile(top, texts[at] ?? '', texts[at + 1] ?? ''));
  }
  return { files, problems, isThere: true, mark, top, isPlain: true };
}
