/**
 * Our own posts for measuring, the same for the same number: about 8 kB of Markdown each, in haiku-named folders, one a day back from the end of 2025.
 *
 * The mix: every third has a code block (25 lines); every fourth a list of eight; every fifth a quote; every sixth a table of ten rows; every seventh a
 * picture beside it (a PNG of one pixel); every eighth links to others; every tenth a third of its paragraphs in Japanese; half have front
 * matter with tags and a summary, half are plain with a date line. All have three to six headings and paragraphs of 40 to 120
 * words with some emphasis and inline code.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export type GeneratedPost = {
  /** Below the publication's folder: `posts/a-/-b-/-c.md`. */
  readonly path: string;
  readonly slug: string;
  readonly title: string;
  readonly haiku: readonly [string, string, string];
  /** `2025-12-31`. */
  readonly date: string;
  /** What stands before the body: front matter, or haiku, title and date as text. */
  readonly head: string;
  readonly markdown: string;
};

const TARGET_BYTES = 8000;
const LATEST = Date.UTC(2025, 11, 31);
const DAY = 86_400_000;

const WORDS =
  `the a this that our one old new small long slow quiet server disk cable fan log backup key lamp rack room morning
  night update release test branch queue index packet clock switch port cache table record script timer daemon window terminal
  was is had has found lost kept wrote read moved broke held waited answered failed started stopped remembered
  and but so then because while when after before until again still never always almost only just
  in on under over behind beside without with for from through at by into`.split(/\s+/);
const JAPANESE = '静かな夜に古い計算機の音を聞く。記録は毎朝読み返し、壊れたものを一つずつ直す。';

const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
);

/** Numbers in [0, 1) that only look random (mulberry32), one sequence for each post, so that post 7 is the same among 10 and 10,000. */
function createRandom(seed: number): () => number {
  let state = Math.imul(seed + 1, 0x9e3779b1);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Writer = { readonly random: () => number; readonly number: number };

function pick<T>({ random }: Writer, values: readonly T[]): T {
  const value = values[Math.floor(random() * values.length)];
  if (value === undefined) throw new Error('there is nothing to pick from');
  return value;
}

function pickWords(writer: Writer, count: number): string {
  return Array.from({ length: count }, () => pick(writer, WORDS)).join(' ');
}

function between({ random }: Writer, low: number, high: number): number {
  return low + Math.floor(random() * (high - low + 1));
}

const capitalise = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function writeSentence(writer: Writer): string {
  const words = pickWords(writer, between(writer, 6, 16)).split(' ');
  const place = between(writer, 0, words.length - 1);
  const ornament = writer.random();
  if (ornament < 0.1) words[place] = `*${words[place]}*`;
  else if (ornament < 0.2) words[place] = `\`${words[place]}\``;
  return `${capitalise(words.join(' '))}.`;
}

function writeParagraph(writer: Writer): string {
  if (writer.number % 10 === 0 && writer.random() < 1 / 3) return JAPANESE.repeat(between(writer, 2, 5));
  return Array.from({ length: between(writer, 4, 8) }, () => writeSentence(writer)).join(' ');
}

function writeCode(writer: Writer): string {
  const lines = Array.from(
    { length: 25 },
    (_, line) => `${'  '.repeat(line % 3)}${pickWords(writer, 4).replaceAll(' ', '_')}(<"${line}">);`,
  );
  return ['```js', ...lines, '```'].join('\n');
}

function writeTable(writer: Writer): string {
  const rows = Array.from(
    { length: 10 },
    () => `| ${pickWords(writer, 2)} | ${between(writer, 1, 999)} | ${pickWords(writer, 3)} |`,
  );
  return ['| what | how many | note |', '|---|--:|---|', ...rows].join('\n');
}

const list = (writer: Writer): string =>
  Array.from({ length: 8 }, () => `- ${writeSentence(writer)}`).join('\n');
const quote = (writer: Writer): string => `> ${writeSentence(writer)}\n> ${writeSentence(writer)}`;
const picture = (writer: Writer): string => `![${pickWords(writer, 5)}](pixel.png)`;
const links = (writer: Writer): string =>
  Array.from(
    { length: 3 },
    (_, at) => `[${pickWords(writer, 3)}](https://example.org/${writer.number}/${at})`,
  ).join(', ');

/** Which extra piece every n-th post has. */
const EXTRAS: readonly (readonly [every: number, write: (writer: Writer) => string])[] = [
  [3, writeCode],
  [4, list],
  [5, quote],
  [6, writeTable],
  [7, picture],
  [8, links],
];

function writeBody(writer: Writer): string {
  const extras = EXTRAS.filter(([every]) => writer.number % every === 0).map(([, write]) => write(writer));
  const pieces: string[] = [];
  let bytes = extras.reduce((sum, extra) => sum + Buffer.byteLength(extra), 0);
  while (bytes < TARGET_BYTES) {
    const heading = pieces.length % 4 === 3 ? `## ${capitalise(pickWords(writer, 4))}\n\n` : '';
    const piece = `${heading}${writeParagraph(writer)}`;
    bytes += Buffer.byteLength(piece) + 2;
    pieces.push(piece, ...extras.splice(0, 1));
  }
  return `${[...pieces, ...extras].join('\n\n')}\n`;
}

/** `number` counts from 0, the newest post. */
export function generatePost(number: number): GeneratedPost {
  const writer: Writer = { random: createRandom(number), number };
  const haiku = [pickWords(writer, 4), pickWords(writer, 5), `${pickWords(writer, 3)} ${number}`] as const;
  const title = capitalise(pickWords(writer, between(writer, 3, 8)));
  const date = new Date(LATEST - number * DAY).toISOString().slice(0, 10);
  const file = haiku.map((line) => line.replaceAll(' ', '-')).join('-/-');
  const markdown = writeBody(writer);
  const head =
    number % 2 === 0
      ? frontMatter(writer, { title, date, haiku })
      : `${haiku.join(' / ')}\n\n# ${title}\n\n${date}\n\n`;
  return { path: `posts/${file}.md`, slug: file.replace(/[-/]+/g, '-'), title, haiku, date, head, markdown };
}

function frontMatter(writer: Writer, post: Pick<GeneratedPost, 'title' | 'date' | 'haiku'>): string {
  const tags = [pick(writer, ['disks', 'night', 'tests']), pick(writer, ['care', 'network'])];
  return [
    '---',
    `title: ${JSON.stringify(post.title)}`,
    `date: ${post.date}`,
    `haiku: ${JSON.stringify(post.haiku.join(' / '))}`,
    `tags: ${JSON.stringify(tags)}`,
    `summary: ${JSON.stringify(writeSentence(writer).replaceAll(/[*`]/g, ''))}`,
    '---\n\n',
  ].join('\n');
}

/** Writes `count` posts below the publication's folder. */
export async function writePosts(root: string, count: number): Promise<void> {
  for (let number = 0; number < count; number += 1) {
    const post = generatePost(number);
    const file = join(root, post.path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, `${post.head}${post.markdown}`);
    if (number % 7 === 0) await writeFile(join(dirname(file), 'pixel.png'), PIXEL);
  }
}
