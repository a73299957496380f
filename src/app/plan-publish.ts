/** The plan: exactly what `publish` would do now, found out with the same code and nothing changed anywhere (`publish --dry-run`). */
import { parseSchedule } from '../domain/cron.ts';
import type { Group } from '../domain/audience.ts';
import type { FrozenContent } from '../domain/digest.ts';
import type { Problem } from '../domain/problem.ts';
import type { Series } from '../domain/publication.ts';
import type { SubscriberState } from '../domain/subscriber.ts';
import { isFlood } from './find-flood.ts';
import { findCorrections } from './find-corrections.ts';
import { type Forecast, forecastNext } from './forecast.ts';
import { draftNext, groupDraft } from './freeze-digest.ts';
import { type GatherOptions, gatherPosts } from './gather-posts.ts';
import { slotsBetween } from './keep-slots.ts';
import { runningPause } from './pause-delivery.ts';
import { loadEntry, type PreparedEntry } from './prepare-entries.ts';
import { type HeldPost, listHeld } from './list-held.ts';
import { publishSite, type SiteOptions, type SiteReport } from './publish-site.ts';
import { renderContents } from './render-contents.ts';
import type { Renga } from './renga.ts';

/** Gmail shows "[Message clipped]" for HTML above this many bytes. */
export const GMAIL_CLIP_BYTES = 102_400;

/** Why a digest has not got a post. */
const MAILED = 'mailed by this series already';
const BACKLOG = "older than the series' first run, not mailed";

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

export type Plan = {
  /** Whether `publish` with the same options would change anything. */
  readonly changes: boolean;
  readonly files: SiteReport['files'];
  readonly entries: SiteReport['entries'];
  readonly flood: SiteReport['flood'];
  /** Whether `publish` would refuse, for readers would see old posts as new. */
  readonly isRefused: boolean;
  readonly keptOut: number;
  readonly held: readonly HeldPost[];
  readonly digests: readonly PlannedDigest[];
  readonly subscribers: Readonly<Record<SubscriberState, number>>;
  /** Deliveries of earlier digests that would be tried now. */
  readonly openDeliveries: number;
  readonly next: readonly Forecast[];
  readonly problems: readonly Problem[];
};

export async function planPublish(
  renga: Renga,
  options: GatherOptions & Pick<SiteOptions, 'allowReflood'> & { readonly byHand: Series | null },
): Promise<Plan> {
  const gathered = await gatherPosts(renga, options);
  const { allowReflood = false } = options;
  const site = await publishSite(renga, gathered, { dryRun: true, allowReflood });
  const digests: PlannedDigest[] = [];
  for (const series of renga.series)
    digests.push(await planDigest(renga, series, site.prepared, options.byHand));
  const openDeliveries = await countOpen(renga);
  const changes =
    site.files.some((file) => file.change !== 'unchanged') ||
    digests.some((digest) => digest.goesOutNow) ||
    openDeliveries > 0;
  return {
    changes,
    files: site.files,
    entries: site.entries,
    flood: site.flood,
    isRefused: !allowReflood && isFlood(site.flood),
    keptOut: site.keptOut,
    held: listHeld(gathered),
    digests,
    subscribers: await renga.store.subscribers.counts(),
    openDeliveries,
    next: await forecastNext(
      renga,
      site.prepared.map((entry) => entry.post.id),
    ),
    problems: [...gathered.problems, ...site.problems],
  };
}

async function planDigest(
  renga: Renga,
  series: Series,
  prepared: readonly PreparedEntry[],
  byHand: Series | null,
): Promise<PlannedDigest> {
  const isOpen = await renga.store.series.isOpen(series.name);
  const skipsBacklog = !isOpen && series.backlog === 'skip';
  const draft = skipsBacklog ? { series, posts: [], leftOut: [] } : await draftNext(renga, series, prepared);
  const chosen = new Set(draft.posts.map((post) => post.id));
  const leftOut = prepared.filter((entry) => !chosen.has(entry.post.id)).map(({ post }) => post);
  const mailed = await listMailed(renga, series);
  const content = await renderPlanned(renga, series, prepared, chosen);
  const slot = await findDueSlot(renga, series);
  const { groups, subscribers: audience } = await groupDraft(renga, draft);
  const reached = groups.reduce((sum, group) => sum + group.subscribers, 0);
  const subscribers = chosen.size === 0 ? audience : reached;
  const isEnough = chosen.size >= (byHand?.name === series.name ? 1 : series.minimum);
  return {
    series: series.name,
    slot,
    goesOutNow: (slot !== null || byHand?.name === series.name) && isEnough && subscribers > 0,
    posts: draft.posts.map(({ id, title, path }) => ({ id, title, path })),
    leftOut: leftOut.map(({ id, title, path }) => ({
      title,
      path,
      reason: mailed.has(id) ? MAILED : BACKLOG,
    })),
    subject: content?.subject ?? null,
    htmlBytes: content ? Buffer.byteLength(content.html) : null,
    subscribers,
    groups,
  };
}

/** Ids of the posts that digests of a series had. The others that it will not carry were its backlog. */
async function listMailed({ store }: Pick<Renga, 'store'>, series: Series): Promise<ReadonlySet<string>> {
  const digests = await store.digests.all();
  const own = digests.filter((digest) => digest.series === series.name);
  return new Set(own.flatMap(({ posts }) => posts.map(({ id }) => id)));
}

async function renderPlanned(
  renga: Renga,
  series: Series,
  prepared: readonly PreparedEntry[],
  chosen: ReadonlySet<string>,
): Promise<FrozenContent | null> {
  if (chosen.size === 0) return null;
  const oldestFirst = prepared.filter((entry) => chosen.has(entry.post.id)).toReversed();
  const entries = await Promise.all(oldestFirst.map(loadEntry));
  const number = await renga.store.digests.nextNumber();
  const { told } = await findCorrections(renga, series.name, prepared, chosen);
  const [content] = await renderContents(renga, series, number, entries, { corrections: told });
  return content ?? null;
}

/** The slot that `keepSlots` would run now: recorded or not yet, and within the grace time. */
async function findDueSlot(renga: Renga, series: Series): Promise<string | null> {
  if (parseSchedule(series.schedule) === null) return null;
  const now = renga.clock();
  const since = await renga.store.series.consideredUntil(series.name);
  const recorded = await renga.store.series.slots({ series: series.name, state: 'due' });
  const fresh = since === null ? [] : slotsBetween(series, since, now);
  const newest = [...recorded, ...fresh]
    .toSorted((a, b) => Temporal.Instant.compare(a.dueAt, b.dueAt))
    .at(-1);
  if (!newest) return null;
  const isLate = Temporal.Instant.compare(newest.dueAt.add(renga.settings.delivery.grace), now) < 0;
  return isLate ? null : newest.name;
}

/** While sending is paused nothing is tried; what is in doubt is tried again only where config says so. */
async function countOpen(renga: Renga): Promise<number> {
  const { inDoubt } = renga.settings.delivery;
  const nextDue = await renga.store.ledger.nextDue(inDoubt);
  if (nextDue === null || Temporal.Instant.compare(nextDue, renga.clock()) > 0) return 0;
  if ((await runningPause(renga)) !== null) return 0;
  let open = 0;
  for (const { number } of await renga.store.digests.all()) {
    const counts = await renga.store.ledger.counts(number);
    open += counts.due + counts.deferred + counts.claimed + (inDoubt === 'retry' ? counts['in-doubt'] : 0);
  }
  return open;
}
