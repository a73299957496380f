/** What it costs to make the feeds and pages of a large publication: from nothing against Hugo, and for one new post. */
import { existsSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import packageJson from '../package.json' with { type: 'json' };
import { publishRound } from '../src/app/publish.ts';
import { SiteMemory } from '../src/app/site/site-memory.ts';
import { openRenga } from '../src/wire/open-renga.ts';
import { type Bench, boundedFigure, type Figure, figure, median, staysWithinFigure } from './figure.ts';
import { generatePost, writePosts } from './generate-posts.ts';
import { makeHugoSite, measureHugo } from './hugo-folder.ts';
import { measureNode, RENGA } from './measure-process.ts';

const NEW_POSTS = 5;
/** The sizes of the curve, up to the number that was asked for. */
const SIZES = [1_000, 10_000, 100_000];
/** Against Hugo no more are measured: the rest of an hour is better spent. */
const MOST_FOR_HUGO = 10_000;

export const bench: Bench = {
  title: `feeds and pages of generated posts of 8 kB: from nothing against Hugo, and after one new post (median of ${NEW_POSTS})`,
  run: async ({ posts, only }) => {
    const figures: Figure[] = [];
    if (only === null || only === 'hugo')
      figures.push(...(await compareWithHugo(Math.min(posts, MOST_FOR_HUGO))));
    if (only === null || only === 'new') figures.push(...(await measureCurve(posts)));
    return figures;
  },
};

async function inPublication<T>(posts: number, work: (root: string) => Promise<T>): Promise<T> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'renga-bench-')));
  try {
    await writePosts(root, posts);
    await measureNode([RENGA, 'init', root], { withPeak: false });
    return await work(root);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function compareWithHugo(posts: number): Promise<readonly Figure[]> {
  return await inPublication(posts, async (root) => {
    const site = join(root, 'hugo');
    await makeHugoSite(root, site);
    const hugo = await measureHugo(site);
    const all = await measureCold(root);
    await appendFile(join(root, 'config', 'renga.yaml'), '\npages:\n  enabled: false\n');
    const feeds = await measureCold(root);
    return [
      figure(`${posts} posts from nothing, hugo`, seconds(hugo)),
      staysWithinFigure('  renga, feeds and pages', seconds(all), all / hugo, 1),
      staysWithinFigure('  renga, feeds alone', seconds(feeds), feeds / hugo, 0.3),
    ];
  });
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

/** What was made before is laid aside, to be removed with the folder: ext4 is slow to make files where many were removed in the last minutes. */
async function measureCold(root: string): Promise<number> {
  const aside = await mkdtemp(join(root, 'made-before-'));
  for (const made of ['public', 'var', 'renga.journal'])
    if (existsSync(join(root, made))) await rename(join(root, made), join(aside, made));
  return (await measureNode([RENGA, '-C', root, 'publish'], { withPeak: false })).milliseconds;
}

/** What grows with the number of posts, and how. */
async function measureCurve(posts: number): Promise<readonly Figure[]> {
  const sizes = [...SIZES.filter((size) => size < posts), posts];
  const figures: Figure[] = [];
  let smaller: { readonly posts: number; readonly cold: Cold } | null = null;
  for (const size of sizes) {
    const measured = await measureSize(size);
    figures.push(coldFigure(size, measured.cold, smaller), ...measured.figures);
    smaller = { posts: size, cold: measured.cold };
  }
  return figures;
}

type Cold = { readonly milliseconds: number; readonly peakMegabytes: number };

/** Ten times the posts may take twelve times as long. */
const STEEPEST = 1.2;

function coldFigure(
  posts: number,
  { milliseconds }: Cold,
  smaller: { readonly posts: number; readonly cold: Cold } | null,
): Figure {
  const what = `${posts} posts from nothing, pages too`;
  if (!smaller) return figure(what, seconds(milliseconds));
  const most = (posts / smaller.posts) * STEEPEST;
  const ratio = milliseconds / smaller.cold.milliseconds;
  return staysWithinFigure(`${what}, against ${smaller.posts}`, seconds(milliseconds), ratio, most);
}

const LARGEST_MEMORY_MEGABYTES = 600;

/** In milliseconds. */
function longestRound(posts: number): number {
  return posts > 10_000 ? 400 : 150;
}

async function measureColdWithPeak(root: string): Promise<Cold> {
  const { milliseconds, peakMegabytes } = await measureNode([RENGA, '-C', root, 'publish'], {
    withPeak: true,
  });
  return { milliseconds, peakMegabytes: peakMegabytes ?? Number.NaN };
}

async function measureSize(
  posts: number,
): Promise<{ readonly cold: Cold; readonly figures: readonly Figure[] }> {
  return await inPublication(posts, async (root) => {
    const cold = await measureColdWithPeak(root);
    const fresh: number[] = [];
    for (let count = 0; count < NEW_POSTS; count += 1) {
      await writeNewPost(root, posts + count);
      fresh.push((await measureNode([RENGA, '-C', root, 'publish'], { withPeak: false })).milliseconds);
    }
    const rounds = await measureRounds(root, posts + NEW_POSTS);
    const figures = [
      boundedFigure('  its memory at the highest', cold.peakMegabytes, LARGEST_MEMORY_MEGABYTES, 'MB'),
      boundedFigure('  one new post, `renga publish`', median(fresh), 400, 'ms'),
      boundedFigure('  one new post, a round of `renga serve`', median(rounds), longestRound(posts), 'ms'),
    ];
    return { cold, figures };
  });
}

/** Newer than all others, so that front page, feeds and a neighbour change as well. */
async function writeNewPost(root: string, number: number): Promise<string> {
  const { markdown } = generatePost(number);
  const file = join(root, 'posts', 'new', `post-${number}.md`);
  await mkdir(dirname(file), { recursive: true });
  const date = Temporal.PlainDate.from('2026-01-01').add({ days: number % 300 });
  await writeFile(file, `---\ntitle: "New ${number}"\ndate: ${date.toString()}\n---\n\n${markdown}`);
  return file;
}

/** From the moment the folder's watch tells to the last file in place, in one program that runs on. */
async function measureRounds(root: string, first: number): Promise<readonly number[]> {
  // The version that published: another would make every page anew in its first round.
  const { renga, close } = await openRenga(root, packageJson.version, () => undefined, null);
  try {
    const memory = new SiteMemory();
    const options = { trustStamps: true, allowEmpty: false };
    await publishRound(renga, options, memory, null);
    const times: number[] = [];
    for (let count = 0; count <= NEW_POSTS; count += 1) {
      const place = await writeNewPost(root, first + count);
      const started = performance.now();
      await publishRound(renga, options, memory, [place]);
      times.push(performance.now() - started);
    }
    // The first of them loads what renders.
    return times.slice(1);
  } finally {
    await close();
  }
}
