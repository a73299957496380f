/** Where in the cache the memory of a site is kept, and what stands at its head. Threads read it too: it loads nothing. */

export const KIND = 'site';
export const HEAD = 'head';
export const VOLUMES = 'volumes';
export const FREE = 'free';
export const POSTS = 'posts';
export const OUTPUTS = 'outputs';

export type Head = {
  /** Hash of all that entries and pages are made from besides posts. */
  readonly key: string;
  /** Who wrote `public/`. */
  readonly token: string;
  /** Name of the rows' writing. */
  readonly writing: string;
  /** The store's mark of posts. */
  readonly mark: string;
  /** Where `posts/` lies in truth. */
  readonly top: string;
  /** What every page depends on. */
  readonly seed: string;
  /** Hash of the ids of all that readers were shown, in order. */
  readonly order: string;
};

export type OutputRow = readonly [
  path: string,
  size: number,
  modified: number,
  changed: number,
  fingerprint: string,
];
