/** A post on its way to be an entry: all but its body, which is loaded where it is shown. */
import type { Asset } from '../../domain/body.ts';
import type { Problem } from '../../domain/problem.ts';
import type { PageEntry } from '../../render/pages/page-outputs.ts';

/** An entry before its body is loaded. */
export type PreparedEntry = PageEntry & {
  readonly assets: readonly Asset[];
  /** Bytes its body takes in a feed, or a little more. */
  readonly bodyWeight: number;
};

/** What one post gave. */
export type OneEntry = {
  readonly entry: PreparedEntry | null;
  readonly problems: readonly Problem[];
  readonly isSettled: boolean;
  /** Whether it depends on files beside the post. */
  readonly showsFiles: boolean;
  /** Files that decide where its links to other posts lead. */
  readonly linksTo: readonly string[];
};
