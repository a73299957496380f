/** The plan: exactly what `publish` would do now, found out with the same code and nothing changed anywhere (`publish --dry-run`). */
import type { Problem } from '../domain/problem.ts';
import type { Series } from '../domain/publication.ts';
import type { SubscriberState } from '../domain/subscriber.ts';
import { isFlood } from './feeds/find-flood.ts';
import { type Forecast, forecastNext } from './digests/forecast.ts';
import { type GatherOptions, gatherPosts } from './identity/gather-posts.ts';
import { listMailable } from './entries/list-mailable.ts';
import { runningPause } from './delivery/pause-delivery.ts';
import { type HeldPost, listHeld } from './identity/list-held.ts';
import { type PlannedDigest, planDigests } from './digests/plan-digests.ts';
import { publishSite, type SiteOptions, type SiteReport } from './site/publish-site.ts';
import { type SharingStatus, showSharing } from './sharing/show-sharing.ts';
import type { Renga } from './renga.ts';

/** Gmail shows "[Message clipped]" for HTML above this many bytes. */
export const GMAIL_CLIP_BYTES = 102_400;

export type { PlannedDigest } from './digests/plan-digests.ts';

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
  /** As it stands before; null where there are neither targets nor hubs. */
  readonly sharing: SharingStatus | null;
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
    digests.push(...(await planDigests(renga, series, site.prepared, options.byHand, digests.length)));
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
      listMailable(site.prepared),
      new Map(site.prepared.map(({ post }) => [post.id, post.publishedAt])),
    ),
    sharing: await showSharing(renga),
    problems: [...gathered.problems, ...site.problems],
  };
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
