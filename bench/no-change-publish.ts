/** What `renga publish` costs on a large publication when nothing has changed, which is what it does most days. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bench, boundedFigure, figure, median } from './figure.ts';
import { writePosts } from './generate-posts.ts';
import { measureNode, RENGA } from './measure-process.ts';

const RUNS = 5;

export const bench: Bench = {
  title: `\`renga publish\` of generated posts of 8 kB: the first time, then without any change (median of ${RUNS})`,
  run: async ({ posts }) => {
    const root = await mkdtemp(join(tmpdir(), 'renga-bench-'));
    const publish = [RENGA, '-C', root, 'publish'];
    try {
      await writePosts(root, posts);
      await measureNode([RENGA, 'init', root], { withPeak: false });
      const first = await measureNode(publish, { withPeak: true });
      const again: number[] = [];
      for (let run = 0; run < RUNS; run += 1)
        again.push((await measureNode(publish, { withPeak: false })).milliseconds);
      const { peakMegabytes } = await measureNode(publish, { withPeak: true });
      return [
        figure(`${posts} posts, first publish`, `${(first.milliseconds / 1000).toFixed(1)} s`),
        figure('  its peak memory', `${(first.peakMegabytes ?? Number.NaN).toFixed(0)} MB`),
        boundedFigure(`${posts} posts, nothing changed`, median(again), 1000, 'ms'),
        boundedFigure('  its peak memory', peakMegabytes ?? Number.NaN, 300, 'MB'),
      ];
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  },
};
