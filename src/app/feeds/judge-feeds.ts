/** Keeps a feed document that is not fit for readers from being published: the one before stays, and the post at fault is named. */
import type { Problem } from '../../domain/problem.ts';
import type { FeedFault } from '../../render/feeds/check/checked-feed.ts';
import type { FeedFiles, FeedJob } from '../../render/feeds/feed-job.ts';
import type { PreparedEntry } from '../entries/prepare-entries.ts';
import type { Renga } from '../renga.ts';

export type FeedJudge = {
  /** The three formats of a document, which lie in `folder` below `public/`; null where they may not be published. */
  readonly make: (
    folder: string,
    entries: readonly PreparedEntry[],
    compose: () => Promise<Omit<FeedJob, 'now'>>,
  ) => Promise<FeedFiles | null>;
  /** Whether the document in `folder` was kept back. */
  readonly hasRefused: (folder: string) => boolean;
  /** Why others may not, so far. */
  readonly problems: () => readonly Problem[];
};

/** Of one document no more is told: what comes after the first faults is mostly their echo. */
const MOST_TOLD = 3;

export function openFeedJudge({ workshop }: Pick<Renga, 'workshop'>, now: Temporal.Instant): FeedJudge {
  /** In the order the documents were asked for, whichever was made first. */
  const told: (readonly Problem[])[] = [];
  const refused = new Set<string>();
  return {
    make: async (folder, entries, compose) => {
      const place = told.push([]) - 1;
      const result = await workshop.feeds({ ...(await compose()), now: now.epochMilliseconds });
      if (result.kind === 'fit') return result.files;
      const paths = new Map(entries.map(({ post }) => [post.id, post.path]));
      told[place] = result.faults.slice(0, MOST_TOLD).map((fault) => describeFault(fault, folder, paths));
      refused.add(folder);
      return null;
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
