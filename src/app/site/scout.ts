/** The scout: somebody who looks at all that is there, posts and outputs, while the program is still being loaded and recalls what it knew. */
import type { Walk } from '../../posts/walk-posts.ts';

export type Scout = {
  /** Resolves as soon as it met a name that is new, or missed one; false when it went everywhere and did not. What it saw may have been published already. */
  readonly hasNews: () => Promise<boolean>;
  /** Of after the program began; null where it takes another walk to tell. */
  readonly walk: () => Promise<ScoutedWalk | null>;
  /** Null where each output is to be looked at. */
  readonly doubts: () => Promise<Doubts | null>;
};

export type ScoutedWalk = {
  readonly walk: Walk;
  /** Who had written `public/` before it. */
  readonly writer: string | null;
};

/** What came of a look at all files of `public/`. */
export type Doubts = {
  /** Of the kept memory, by which it knew how they were left. */
  readonly head: string;
  /** Of outputs that are not as they were left. */
  readonly paths: ReadonlySet<string>;
};
