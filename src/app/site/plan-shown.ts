/** What a publish shows to readers: the main feed, the pages that go, and those that lead elsewhere, from posts, records and what was shown before. */
import type { PostRecord } from '../../domain/post.ts';
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
  /** The volumes as they are. */
  readonly closed: readonly Volume[];
  readonly moves: ReturnType<typeof listMoves>;
  readonly deleted: readonly DeletedEntry[];
};

export async function planShown(
  renga: Pick<Renga, 'store' | 'settings' | 'clock'>,
  gathered: Gathered,
  { entries: prepared, problems }: PreparedEntries,
  before: readonly Witnessed[],
  isOpen: boolean,
): Promise<Shown> {
  const { records } = gathered;
  const options = { length: renga.settings.feeds.entries, isOpen };
  const closed = await renga.store.volumes.all();
  const past = { records, before, closed };
  const { entries: window, keptOut } = chooseFeedWindow(inFeeds(prepared), past, options);
  const newest = fitFeed(renga, window);
  const errors = [...gathered.problems, ...problems].filter(({ severity }) => severity === 'error');
  const planned = planShowings({
    records,
    prepared,
    inFeed: new Set(newest.map(({ post }) => post.id)),
    broken: new Set(errors.map(({ path }) => path)),
    now: Temporal.Instant.fromEpochMilliseconds(renga.clock().epochMilliseconds),
  });
  const former = collectFormerPages(records, await renga.store.posts.formerPages(), planned.changes);
  const after = applyShowings(records, planned.changes);
  const moves = listMoves(after, former, prepared);
  return { ...planned, closed, newest, keptOut, moves, deleted: listTombstones(renga, after) };
}

/** Of a publish whose main feed was kept back: pages came and went, but who is in the feed is as it was, for readers still have that one. */
export function keepPlaces(
  changes: PlannedShowings['changes'],
  records: readonly PostRecord[],
): PlannedShowings['changes'] {
  const places = new Map(records.map(({ id, showing }) => [id, showing?.isInFeed]));
  return changes.map(({ id, showing }) => ({
    id,
    showing: { ...showing, isInFeed: places.get(id) ?? showing.isInFeed },
  }));
}
