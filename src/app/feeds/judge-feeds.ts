/**
 * Keeps a feed document that is not fit for readers from being published: the one before stays, and the post at fault is named. A volume that was never there is published
 * without that post, for the feed leads to it (RFC 5005 §4).
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '../../domain/problem.ts';
import type { FeedFault } from '../../render/feeds/check/checked-feed.ts';
import { FEED_FILES } from '../../render/feeds/feed-document.ts';
import type { FeedFiles, FeedJob, FeedResult } from '../../render/feeds/feed-job.ts';
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

export function openFeedJudge(
  { workshop, root }: Pick<Renga, 'workshop' | 'root'>,
  now: Temporal.Instant,
): FeedJudge {
  /** In the order the documents were asked for, whichever was made first. */
  const told: (readonly Problem[])[] = [];
  const refused = new Set<string>();
  return {
    make: async (folder, entries, compose) => {
      const place = told.push([]) - 1;
      const make = async (without: ReadonlySet<string>): Promise<FeedResult> => {
        const job = await compose();
        const fit = job.entries.filter(({ post }) => !without.has(post.id));
        return await workshop.feeds({ ...job, entries: fit, now: now.epochMilliseconds });
      };
      const result = await make(NOBODY);
      if (result.kind === 'fit') return result.files;
      const files = isMissingVolume(root, folder) ? await makeWithout(result.faults, make) : null;
      const paths = new Map(entries.map(({ post }) => [post.id, post.path]));
      told[place] = result.faults
        .slice(0, MOST_TOLD)
        .map((fault) => describeFault(fault, folder, paths, files !== null));
      if (!files) refused.add(folder);
      return files;
    },
    hasRefused: (folder) => refused.has(folder),
    problems: () => told.flat(),
  };
}

const NOBODY: ReadonlySet<string> = new Set();

function isMissingVolume(root: string, folder: string): boolean {
  const paths = Object.values(FEED_FILES).map((name) => join(root, 'public', folder, name));
  return folder.startsWith('archive/') && paths.some((path) => !existsSync(path));
}

/** Without the entries at fault, as long as there are such; null where the document itself is. */
async function makeWithout(
  faults: readonly FeedFault[],
  make: (without: ReadonlySet<string>) => Promise<FeedResult>,
): Promise<FeedFiles | null> {
  const without = new Set<string>();
  for (let found = faults; ; ) {
    const { size } = without;
    for (const { entry } of found) if (entry !== null) without.add(entry);
    if (without.size === size) return null;
    const result = await make(without);
    if (result.kind === 'fit') return result.files;
    found = result.faults;
  }
}

function describeFault(
  { entry, reason }: FeedFault,
  folder: string,
  paths: ReadonlyMap<string, string>,
  isLeftOut: boolean,
): Problem {
  const feed = `public/${folder}`;
  const path = (entry === null ? undefined : paths.get(entry)) ?? feed;
  const subject = entry === null ? 'the feed' : 'its entry';
  const what = isLeftOut ? 'is published without it' : 'was left as it was';
  const message = `${subject} ${reason}, so the feed in ${feed} ${what}`;
  return { severity: 'error', path, line: null, message };
}
