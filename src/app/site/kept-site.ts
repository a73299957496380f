/** Where in the cache the memory of a site is kept, and what stands at its head. Threads read it too: little is loaded. */
import type { SheetPlace } from './kept-sheet.ts';

export const KIND = 'site';
export const HEAD = 'head';
export const VOLUMES = 'volumes';
export const FREE = 'free';

export type Head = {
  /** Hash of all that entries and pages are made from besides posts. */
  readonly key: string;
  /** Who wrote `public/`. */
  readonly token: string;
  /** Name of the sheets' writing. */
  readonly writing: string;
  /** The store's mark of posts. */
  readonly mark: string;
  /** Where `posts/` lies in truth; empty where links in it lead to files, so that only outputs can be recalled. */
  readonly top: string;
  /** What every page depends on. */
  readonly seed: string;
  /** Hash of the ids of all that readers were shown, in order. */
  readonly order: string;
};

export function postsPlace(writing: string): SheetPlace {
  return { kind: KIND, name: 'posts', writing, width: POST_WIDTH };
}

export function outputsPlace(writing: string): SheetPlace {
  return { kind: KIND, name: 'outputs', writing, width: OUTPUT_WIDTH };
}

/** The fingerprint last: who looks at files asks for the others. */
export type OutputRow = readonly [
  path: string,
  size: number,
  modified: number,
  changed: number,
  fingerprint: string,
];
export const [PATH, SIZE, MODIFIED, CHANGED, FINGERPRINT] = [0, 1, 2, 3, 4] as const;
const OUTPUT_WIDTH = 5;
/** See `post-rows.ts`. */
const POST_WIDTH = 13;
