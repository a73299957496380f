/** What stands in the main feed, and which volumes hold its history. Cheap: it looks at no body, only at what each weighs. */
import { succeed } from '../../domain/succession.ts';
import { type ClosedVolumes, closeLoose, type Volume } from '../../domain/volume.ts';
import { HEAD_WEIGHT, weighEntry } from '../../render/feeds/weigh-entry.ts';
import type { PreparedEntry } from '../entries/prepare-entries.ts';
import type { Renga } from '../renga.ts';
import { VolumeMemory } from './sort-into-volumes.ts';

/** What a feed may weigh: every reader fetches it whole, again and again. */
export const FEED_BYTES = 100_000;

export type FeedPlan = {
  /** The main feed, newest first. */
  readonly newest: readonly PreparedEntry[];
  /** All volumes, those of `closing` among them, by number. */
  readonly volumes: readonly Volume[];
  /** To be kept in the store before any document shows them. */
  readonly closing: readonly Volume[];
  /** Address that the ids of all feeds are made from. */
  readonly base: string;
};

type Planner = Pick<Renga, 'settings' | 'publication'>;

/** As many of `candidates`, newest first, as fit the feed's bytes; at least one. */
export function fitFeed(renga: Planner, candidates: readonly PreparedEntry[]): readonly PreparedEntry[] {
  let room = FEED_BYTES - HEAD_WEIGHT;
  const count = candidates.findIndex((entry) => {
    room -= weigh(renga, entry);
    return room < 0;
  });
  return count < 0 ? candidates : candidates.slice(0, Math.max(1, count));
}

/** `newest`: those of `prepared` that the main feed has; `closed`: the volumes that the store knows. */
export function planFeeds(
  renga: Planner,
  prepared: readonly PreparedEntry[],
  newest: readonly PreparedEntry[],
  base: string,
  closed: readonly Volume[],
  memory = new VolumeMemory(),
): FeedPlan {
  const inFeed = new Set(newest);
  const loose = memory.sort(prepared, closed).get(null) ?? [];
  const closing = closeLoose(
    loose.map((entry) => ({
      id: entry.post.id,
      isInFeed: inFeed.has(entry),
      year: entry.post.publishedAt.year,
      weight: weigh(renga, entry),
    })),
    closed,
  );
  return { newest, volumes: succeed(closed, [...closed, ...closing]), closing, base };
}

/** Besides the body, of entries as long as they last: each is weighed several times, and in a program that runs on again each round. */
const weights = new WeakMap<PreparedEntry, number>();

function weigh({ settings: { feeds }, publication }: Planner, entry: PreparedEntry): number {
  const weight = weights.get(entry) ?? weighEntry(entry, feeds.content, publication.author);
  weights.set(entry, weight);
  return feeds.content === 'full' ? weight + entry.bodyWeight : weight;
}

/** Keeps the volumes that are to be closed. `taken`: another program was first, so that it must be planned again. */
export async function keepVolumes({ store }: Pick<Renga, 'store'>, plan: FeedPlan): Promise<ClosedVolumes> {
  return await store.volumes.close(plan.closing);
}
