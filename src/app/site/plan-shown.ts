/** What a publish shows to readers: the main feed, the pages that go, and those that lead elsewhere, from posts, records and what was shown before. */
import type { FormerPage, SeenPost } from '../../domain/post.ts';
import type { Volume } from '../../domain/volume.ts';
import type { Witnessed } from '../../domain/witness.ts';
import type { DeletedEntry } from '../../render/feeds/feed-document.ts';
import type { Gathered } from '../identity/gather-posts.ts';
import { inFeeds } from '../feeds/feed-outputs.ts';
import { chooseFeedWindow } from '../feeds/feed-window.ts';
import { listTombstones } from '../feeds/list-tombstones.ts';
import { fitFeed } from '../feeds/plan-feeds.ts';
import {
  applyShowings,
  collectFormerPages,
  listMoves,
  type PlannedShowings,
  planShowings,
} from './plan-showings.ts';
import type { PreparedEntries, PreparedEntry } from '../entries/prepare-entries.ts';
import type { Renga } from '../renga.ts';

export type Shown = PlannedShowings & {
  /** The entries of the main feed, newest first. */
  readonly newest: readonly PreparedEntry[];
  readonly keptOut: number;
  /** As it was before. */
  readonly past: KnownPast;
  /** Whether pages were left since. */
  readonly hasLeft: boolean;
  readonly moves: ReturnType<typeof listMoves>;
  readonly deleted: readonly DeletedEntry[];
};

/** What the store knows of pages and documents that are past. */
export type KnownPast = {
  readonly closed: readonly Volume[];
  /** Pages that were left. */
  readonly left: readonly FormerPage[];
};

/** To be asked under the lock. */
export async function readPast({ store }: Pick<Renga, 'store'>): Promise<KnownPast> {
  return { closed: await store.volumes.all(), left: await store.posts.formerPages() };
}

export function planShown(
  renga: Pick<Renga, 'settings' | 'clock'>,
  gathered: Gathered,
  { entries: prepared, problems }: PreparedEntries,
  before: readonly Witnessed[],
  isOpen: boolean,
  past: KnownPast,
): Shown {
  const { records } = gathered;
  const options = { length: renga.settings.feeds.entries, isOpen };
  const { closed, left } = past;
  const known = { records, before, closed };
  const { entries: window, keptOut } = chooseFeedWindow(inFeeds(prepared), known, options);
  const newest = fitFeed(renga, window);
  const errors = [...gathered.problems, ...problems].filter(({ severity }) => severity === 'error');
  const planned = planShowings({
    records,
    prepared,
    inFeed: new Set(newest.map(({ post }) => post.id)),
    broken: new Set(errors.map(({ path }) => path)),
    now: Temporal.Instant.fromEpochMilliseconds(renga.clock().epochMilliseconds),
  });
  const former = collectFormerPages(records, left, planned.changes);
  const after = applyShowings(records, planned.changes);
  const moves = listMoves(after, former, prepared);
  const hasLeft = former.length > left.length;
  return { ...planned, past, hasLeft, newest, keptOut, moves, deleted: listTombstones(renga, after) };
}

/** Of a publish whose main feed was kept back: pages came and went, but who is in the feed is as it was, for readers still have that one. */
export function keepPlaces(
  changes: PlannedShowings['changes'],
  records: readonly SeenPost[],
): PlannedShowings['changes'] {
  const places = new Map(records.map(({ id, showing }) => [id, showing?.isInFeed]));
  return changes.map(({ id, showing }) => ({
    id,
    showing: { ...showing, isInFeed: places.get(id) ?? showing.isInFeed },
  }));
}
