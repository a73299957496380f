/** What the readers are held before: the four seeds, the sample publication, and four hundred posts in five scripts. */
import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { composeMany, MANY } from './many-posts.ts';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const BIN = at('../../../bin/renga.mjs');
const exec = promisify(execFile);

export type Held = {
  readonly name: string;
  readonly count: number;
  /** Makes its posts in the folder of a publication. */
  readonly fill: (blog: string) => Promise<unknown>;
};

export async function renga(blog: string, ...words: readonly string[]): Promise<string> {
  return (await exec(process.execPath, [BIN, '-C', blog, ...words], { maxBuffer: 64_000_000 })).stdout;
}

export const HELD: readonly Held[] = [
  {
    name: 'the four seeds',
    count: 4,
    fill: async (blog) => {
      const seeds = at('../../posts/fixtures/');
      await mkdir(join(blog, 'posts'), { recursive: true });
      return await renga(blog, 'import', ...(await readdir(seeds)).map((name) => join(seeds, name)));
    },
  },
  {
    name: 'the sample publication',
    count: 11,
    fill: async (blog) => await cp(at('../../../posts'), join(blog, 'posts'), { recursive: true }),
  },
  {
    name: 'four hundred posts in five scripts',
    count: MANY,
    fill: async (blog) => {
      for (const [path, text] of composeMany()) {
        await mkdir(dirname(join(blog, path)), { recursive: true });
        await writeFile(join(blog, path), text);
      }
    },
  },
];
