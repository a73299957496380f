/** What a publish shows to readers: the main feed, the pages that go, and those that lead elsewhere, from posts, records and what was shown before. */
import type { SeenPost } from '../../domain/post.ts';
import { compareEnds } from '../../domain/succession.ts';
import type { Volume } from '../../domain/volume.ts';
import type { Witnessed } from '../../domain/witness.ts';
import type { DeletedEntry } from '../../render/feeds/feed-document.ts';
import type { Gathered } from '../identity/gather-posts.ts';
import type { FeedMemory } from '../feeds/feed-memory.ts';
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
  type ShowingFacts,
} from './plan-showings.ts';
import type { PreparedEntries, PreparedEntry } from '../entries/prepare-entries.ts';
import type { Renga } from '../renga.ts';

export type Shown = PlannedShowings & {
  /** The entries of the main feed, newest first. */
  readonly newest: readonly PreparedEntry[];
  /** How many posts would fit the feed, were it not that readers had it without them. */
  readonly keptOut: number;
  /** Records of posts whose pages are taken away, now or before. */
  readonly gone: readonly SeenPost[];
  /** The volumes as they are. */
  readonly closed: readonly Volume[];
  readonly moves: ReturnType<typeof listMoves>;
  readonly deleted: readonly DeletedEntry[];
};

type ShownOptions = {
  readonly isOpen: boolean;
  readonly memory?: { readonly feeds: FeedMemory; readonly shown: LastShown | null } | undefined;
};

export async function planShown(
  renga: Pick<Renga, 'store' | 'settings' | 'clock' | 'publication'>,
  gathered: Gathered,
  { entries: prepared, problems }: PreparedEntries,
  before: readonly Witnessed[],
  { isOpen, memory }: ShownOptions,
): Promise<Shown> {
  const { eachRecord, recordOf, areRecordsKnown } = gathered;
  const options = { length: renga.settings.feeds.entries, isOpen };
  const closed = memory
    ? await memory.feeds.volumes(renga.store, areRecordsKnown)
    : await renga.store.volumes.all();
  const past = { records: eachRecord, recordOf, before, closed };
  const candidates = inFeeds(prepared);
  const newest = fitFeed(renga, chooseFeedWindow(candidates, past, options));
  const inFeed = new Set(newest);
  const fitting = fitFeed(renga, candidates.slice(0, options.length));
  const keptOut = fitting.filter((entry) => !inFeed.has(entry)).length;
  const errors = [...gathered.problems, ...problems].filter(({ severity }) => severity === 'error');
  const last = areRecordsKnown ? memory?.shown : null;
  const few = last && narrow(gathered, prepared, newest, last);
  const asked = few ?? { records: gathered.records, prepared };
  const planned = planShowings({
    ...asked,
    inFeed: new Set(newest.map(({ post }) => post.id)),
    broken: new Set(errors.map(({ path }) => path)),
    now: Temporal.Instant.fromEpochMilliseconds(renga.clock().epochMilliseconds),
  });
  const former = collectFormerPages(asked.records, await renga.store.posts.formerPages(), planned.changes);
  const known =
    few && last ? [...last.gone.filter(({ id }) => !few.ids.has(id)), ...few.records] : gathered.records;
  const gone = applyShowings(known, planned.changes).filter(({ showing }) => showing?.until);
  const kept = planned.kept.flatMap(({ id, showing }) =>
    showing ? [{ post: { id, slug: showing.slug } }] : [],
  );
  const shownNow = new Map(planned.changes.map(({ id, showing }) => [id, showing]));
  const isShown = (id: string): boolean => (shownNow.get(id) ?? recordOf(id)?.showing)?.until === null;
  const moves = listMoves(gone, former, [...prepared, ...kept], isShown);
  return { ...planned, closed, newest, keptOut, moves, gone, deleted: listTombstones(renga, gone) };
}

/** What the last round showed. */
export type LastShown = {
  readonly prepared: readonly PreparedEntry[];
  readonly newest: readonly PreparedEntry[];
  /** Posts that are shown though they are not published: their files cannot be read now. */
  readonly kept: readonly Pick<SeenPost, 'id'>[];
  /** Posts whose pages were taken away. */
  readonly gone: readonly SeenPost[];
};

/** Of all posts those that may be shown otherwise than they were: what came, went, joined or left the main feed, or could not be read. Null where it is not known which. */
function narrow(
  { recordOf }: Gathered,
  prepared: readonly PreparedEntry[],
  newest: readonly PreparedEntry[],
  last: LastShown,
): (Pick<ShowingFacts, 'records' | 'prepared'> & { readonly ids: ReadonlySet<string> }) | null {
  const change = compareEnds(last.prepared, prepared);
  if (change.added.length + change.removed.length > MOST_APART) return null;
  const gone = new Set(change.removed);
  const stayed = [...new Set(newest).symmetricDifference(new Set(last.newest))].filter(
    (entry) => !gone.has(entry),
  );
  const asked = new Set([...change.added, ...stayed]);
  const ids = new Set([...[...asked, ...gone].map(({ post }) => post.id), ...last.kept.map(({ id }) => id)]);
  return { ids, prepared: [...asked], records: [...ids].flatMap((id) => recordOf(id) ?? []) };
}

/** With more than these in between, it is no less work than all of them. */
const MOST_APART = 1000;

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
