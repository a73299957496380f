/** Keeps a feed document that is not fit for readers from being published: the one before stays, and the post at fault is named. */
import type { Problem } from '../../domain/problem.ts';
import type { FeedFault } from '../../render/feeds/check/checked-feed.ts';
import type { RenderedFeeds } from '../../render/feeds/render-feeds.ts';
import type { PreparedEntry } from '../entries/prepare-entries.ts';
import type { Renga } from '../renga.ts';

export type FeedJudge = {
  /** Whether the three formats of a document, which lie in `folder` below `public/`, may be published. */
  readonly passes: (
    folder: string,
    feeds: RenderedFeeds,
    entries: readonly PreparedEntry[],
  ) => Promise<boolean>;
  /** Whether the document in `folder` was kept back. */
  readonly hasRefused: (folder: string) => boolean;
  /** Why others may not, so far. */
  readonly problems: () => readonly Problem[];
};

/** Of one document no more is told: what comes after the first faults is mostly their echo. */
const MOST_TOLD = 3;

export function openFeedJudge({ workshop }: Pick<Renga, 'workshop'>, now: Temporal.Instant): FeedJudge {
  /** In the order the documents were shown, whichever was judged first. */
  const told: (readonly Problem[])[] = [];
  const refused = new Set<string>();
  return {
    passes: async (folder, feeds, entries) => {
      const place = told.push([]) - 1;
      const faults = await workshop.check(feeds, now);
      const paths = new Map(entries.map(({ post }) => [post.id, post.path]));
      told[place] = faults.slice(0, MOST_TOLD).map((fault) => describeFault(fault, folder, paths));
      if (faults.length > 0) refused.add(folder);
      return faults.length === 0;
    },
    hasRefused: (folder) => refused.has(folder),
    problems: () => told.flat(),
  };
}

function describeFault(
  { entry, reason }: FeedFault,
  folder: string,
  paths: ReadonlyMap<string, string>,
): Problem {
  const feed = `public/${folder}`;
  const path = (entry === null ? undefined : paths.get(entry)) ?? feed;
  const subject = entry === null ? 'the feed' : 'its entry';
  const message = `${subject} ${reason}, so the feed in ${feed} was left as it was`;
  return { severity: 'error', path, line: null, message };
}
