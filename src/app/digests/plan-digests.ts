/** The digests of a series that `publish` would freeze now, found as `keepSlots` and `freezeDigest` find them, and nothing changed anywhere. */
import type { Group } from '../../domain/audience.ts';
import { isBacklog } from '../../domain/backlog.ts';
import type { Draft, FrozenContent } from '../../domain/digest.ts';
import type { Post } from '../../domain/post.ts';
import type { Series } from '../../domain/publication.ts';
import type { Slot } from '../../domain/slot.ts';
import { findCorrections } from './find-corrections.ts';
import { draftNext, groupDraft } from './freeze-digest.ts';
import { areTooMany, findNewSlots, sortDue } from './keep-each.ts';
import { isLate, slotsBetween } from './keep-slots.ts';
import { loadEntry, type PreparedEntry } from '../entries/prepare-entries.ts';
import { renderContents } from './render-contents.ts';
import { leaveBacklog } from './leave-backlog.ts';
import type { Renga } from '../renga.ts';

/** Why a digest has not got a post. */
const MAILED = 'mailed by this series already';
const ELSEWHERE = 'mailed by another series, and not by this one';
const BACKLOG = 'there before the series first ran, so it is not mailed';
const PASSED = 'nobody wanted it when it was due, so it is not mailed';
const UNDECIDED = 'not sent by itself; renga slots tells what waits for a decision';

export type PlannedDigest = {
  readonly series: string;
  /** The slot that is due, or null when it is only asked for by hand or shown for the next one. */
  readonly slot: string | null;
  readonly goesOutNow: boolean;
  readonly posts: readonly { readonly id: string; readonly title: string; readonly path: string }[];
  readonly leftOut: readonly { readonly title: string; readonly path: string; readonly reason: string }[];
  readonly subject: string | null;
  /** Bytes of its HTML against Gmail's clip; null without posts. */
  readonly htmlBytes: number | null;
  /** Whom it would go to: all groups together; without posts, who takes the series. */
  readonly subscribers: number;
  /** Who would get which of the posts (ids), the greatest group first; one group with all of them while nobody chooses. */
  readonly groups: readonly Group[];
};

type Planned = {
  readonly draft: Draft;
  readonly slot: string | null;
  readonly isByHand: boolean;
  /** Fewest posts worth sending. */
  readonly minimum: number;
  readonly number: number;
};

/** `before`: how many other digests were planned, which take numbers first. At least one, which may have no post. */
export async function planDigests(
  renga: Renga,
  series: Series,
  prepared: readonly PreparedEntry[],
  byHand: Series | null,
  before: number,
): Promise<readonly PlannedDigest[]> {
  const isByHand = byHand?.name === series.name;
  const drafts = await draftAll(renga, series, prepared, isByHand);
  const chosen = new Set(drafts.flatMap(({ draft }) => draft.posts.map(({ id }) => id)));
  const first = (await renga.store.digests.nextNumber()) + before;
  const planned: PlannedDigest[] = [];
  for (const [index, one] of drafts.entries()) {
    const numbered = { ...one, isByHand, number: first + index };
    const isLast = index === drafts.length - 1;
    const leftOut = isLast ? prepared.filter(({ post }) => !chosen.has(post.id)).map(({ post }) => post) : [];
    planned.push(await planDigest(renga, series, prepared, numbered, leftOut));
  }
  return planned;
}

async function draftAll(
  renga: Renga,
  series: Series,
  prepared: readonly PreparedEntry[],
  isByHand: boolean,
): Promise<readonly Pick<Planned, 'draft' | 'slot' | 'minimum'>[]> {
  const isOpen = await renga.store.series.isOpen(series.name);
  const nothing: Draft = { series, posts: [], leftOut: [] };
  const entries = await leaveBacklog(renga, series, prepared);
  const draft = entries.length === 0 ? nothing : await draftNext(renga, series, entries);
  if (series.schedule.kind === 'cron') {
    const slot = await findDueSlot(renga, series);
    return [{ draft, slot, minimum: isByHand ? 1 : series.minimum }];
  }
  const slots = entries.length === 0 ? [] : await findDueEach(renga, series, entries, !isOpen);
  const drafts: { draft: Draft; slot: string; minimum: number }[] = [];
  for (const slot of slots) {
    const own = await draftNext(renga, series, entries, slot);
    drafts.push({ draft: { ...own, leftOut: draft.leftOut }, slot: slot.name, minimum: 1 });
  }
  const sent = new Set(drafts.flatMap(({ draft: { posts } }) => posts));
  const rest = { ...draft, posts: isByHand ? draft.posts.filter((post) => !sent.has(post)) : [] };
  return drafts.length > 0 && rest.posts.length === 0
    ? drafts
    : [...drafts, { draft: rest, slot: null, minimum: 1 }];
}

async function planDigest(
  renga: Renga,
  series: Series,
  prepared: readonly PreparedEntry[],
  { draft, slot, isByHand, minimum, number }: Planned,
  leftOut: readonly Post[],
): Promise<PlannedDigest> {
  const chosen = new Set(draft.posts.map((post) => post.id));
  const reasonFor = await openReasons(renga, series);
  const content = await renderPlanned(renga, series, prepared, chosen, number);
  const { groups, subscribers: audience } = await groupDraft(renga, draft);
  const reached = groups.reduce((sum, group) => sum + group.subscribers, 0);
  const subscribers = chosen.size === 0 ? audience : reached;
  return {
    series: series.name,
    slot,
    goesOutNow: (slot !== null || isByHand) && chosen.size >= minimum && subscribers > 0,
    posts: draft.posts.map(({ id, title, path }) => ({ id, title, path })),
    leftOut: leftOut.map((post) => {
      const said = draft.leftOut.find((one) => one.post.id === post.id);
      return { title: post.title, path: post.path, reason: said?.reason ?? reasonFor(post) };
    }),
    subject: content?.subject ?? null,
    htmlBytes: content ? Buffer.byteLength(content.html) : null,
    subscribers,
    groups,
  };
}

async function openReasons(
  { store }: Pick<Renga, 'store'>,
  series: Series,
): Promise<(post: Pick<Post, 'id' | 'publishedAt'>) => string> {
  const openedAt = await store.series.openedAt(series.name);
  const carried = await store.series.carried(series.name);
  const own = new Set<string>();
  const others = new Set<string>();
  for (const digest of await store.digests.all()) {
    const ids = digest.series === series.name ? own : others;
    for (const { id } of digest.posts) ids.add(id);
  }
  return ({ id, publishedAt }) => {
    if (own.has(id)) return MAILED;
    if (openedAt === null) return BACKLOG;
    if (!carried.has(id)) return UNDECIDED;
    if (others.has(id)) return ELSEWHERE;
    const wasThere = publishedAt.epochMilliseconds <= openedAt.epochMilliseconds;
    return wasThere && isBacklog(series.backlog, publishedAt) ? BACKLOG : PASSED;
  };
}

async function renderPlanned(
  renga: Renga,
  series: Series,
  prepared: readonly PreparedEntry[],
  chosen: ReadonlySet<string>,
  number: number,
): Promise<FrozenContent | null> {
  if (chosen.size === 0) return null;
  const oldestFirst = prepared.filter((entry) => chosen.has(entry.post.id)).toReversed();
  const entries = await Promise.all(oldestFirst.map(loadEntry));
  const { told } = await findCorrections(renga, series.name, prepared, chosen);
  const [content] = await renderContents(renga, series, number, entries, { corrections: told });
  return content ?? null;
}

/** The slot that `keepSlots` would run now: recorded or not yet, and within the grace time. */
async function findDueSlot(renga: Renga, series: Series): Promise<string | null> {
  const now = renga.clock();
  const since = await renga.store.series.consideredUntil(series.name);
  const recorded = await renga.store.series.slots({ series: series.name, state: 'due' });
  const fresh = since === null ? [] : slotsBetween(series, since, now);
  const newest = [...recorded, ...fresh]
    .toSorted((a, b) => Temporal.Instant.compare(a.dueAt, b.dueAt))
    .at(-1);
  return !newest || isLate(renga, newest) ? null : newest.name;
}

/** The same for a series that sends each post by itself. */
async function findDueEach(
  renga: Renga,
  series: Series,
  prepared: readonly PreparedEntry[],
  isOpening: boolean,
): Promise<readonly Slot[]> {
  const recorded = await renga.store.series.slots({ series: series.name, state: 'due' });
  const fresh = await findNewSlots(renga, series, prepared);
  const added = areTooMany(fresh, isOpening) ? [] : fresh;
  return sortDue(series, [...recorded, ...added], prepared).flatMap(({ slot, what }) =>
    what === 'run' && !isLate(renga, slot) ? [slot] : [],
  );
}
