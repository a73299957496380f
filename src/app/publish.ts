/**
 * The verb `publish`: finishes what is open, reads the posts, writes feeds and pages, freezes the digests that are due, delivers,
 * and says what it did and what comes next. Run twice it does nothing the second time.
 */
import type { DeliveryCounts } from '../domain/delivery.ts';
import type { Problem } from '../domain/problem.ts';
import type { Series } from '../domain/publication.ts';
import { slotByHand } from '../domain/slot.ts';
import { deliver, type DeliverReport } from './deliver.ts';
import { freezeDigest } from './freeze-digest.ts';
import { type Gathered, type GatherOptions, gatherPosts, recordPosts } from './gather-posts.ts';
import { keepSlots, openSeries, type SlotReport } from './keep-slots.ts';
import { forecastNext, type Forecast } from './forecast.ts';
import { publishSite, type SiteReport } from './publish-site.ts';
import type { PreparedEntry } from './prepare-entries.ts';
import type { Renga } from './renga.ts';

export type PublishOptions = GatherOptions & {
  /** The series to send now, besides those that are due; null for none. */
  readonly byHand: Series | null;
  readonly signal: AbortSignal;
};

export type PublishReport = {
  readonly posts: { readonly published: number; readonly held: readonly HeldPost[] };
  readonly files: SiteReport['files'];
  readonly entries: SiteReport['entries'];
  readonly digests: readonly SlotReport[];
  readonly delivered: DeliverReport['settled'];
  readonly open: readonly { readonly digest: number; readonly counts: DeliveryCounts }[];
  readonly nextDue: Temporal.Instant | null;
  readonly pausedBecause: string | null;
  readonly next: readonly Forecast[];
  readonly problems: readonly Problem[];
};

/** A post that readers do not see yet, and why. */
export type HeldPost = { readonly path: string; readonly title: string; readonly reason: string };

export async function publish(renga: Renga, options: PublishOptions): Promise<PublishReport> {
  const finished = await deliver(renga, options.signal);
  const { gathered, site } = await publishFeedsAndPages(renga, options);
  const digests = [...(await keepSlots(renga, site.prepared))];
  if (options.byHand) digests.push(await freezeByHand(renga, options.byHand, site.prepared));
  const delivered = await deliver(renga, options.signal);
  return {
    posts: { published: site.prepared.length, held: listHeld(gathered) },
    files: site.files,
    entries: site.entries,
    digests,
    delivered: addSettled(finished.settled, delivered.settled),
    open: await listOpen(renga),
    nextDue: delivered.nextDue,
    pausedBecause: delivered.pausedBecause,
    next: await forecastNext(renga, site.prepared),
    problems: [...gathered.problems, ...site.problems],
  };
}

/** The publishing half: posts to `public/`. Identities are durable before any document shows them. */
export async function publishFeedsAndPages(
  renga: Renga,
  options: GatherOptions,
): Promise<{ readonly gathered: Gathered; readonly site: SiteReport }> {
  const gathered = await gatherPosts(renga, options);
  await recordPosts(renga, gathered);
  const { problems } = gathered;
  const site = await publishSite(renga, gathered, { dryRun: false });
  renga.report({
    kind: 'posts-read',
    published: site.prepared.length,
    problems: [...problems, ...site.problems],
  });
  const count = (...changes: readonly string[]): number =>
    site.files.filter((file) => changes.includes(file.change)).length;
  renga.report({
    kind: 'site-written',
    written: count('added', 'changed'),
    removed: count('removed'),
    unchanged: count('unchanged'),
  });
  return { gathered, site };
}

/** A digest asked for by hand sends what there is: the series' minimum is for its schedule. */
export async function freezeByHand(
  renga: Renga,
  series: Series,
  prepared: readonly PreparedEntry[],
): Promise<SlotReport> {
  await openSeries(renga, series, prepared);
  const slot = slotByHand(series.name, renga.clock(), series.zone);
  return { slot: slot.name, result: await freezeDigest(renga, series, slot, prepared, 1) };
}

export function listHeld(gathered: Gathered): readonly HeldPost[] {
  const published = new Set(gathered.published);
  return gathered.posts
    .filter((post) => !published.has(post))
    .map((post) => ({
      path: post.path,
      title: post.title,
      reason: post.draft
        ? 'draft'
        : `held back until ${post.publishedAt.toString({ timeZoneName: 'never' })}`,
    }));
}

/** Digests with deliveries that are not settled yet. */
async function listOpen(
  renga: Renga,
): Promise<readonly { readonly digest: number; readonly counts: DeliveryCounts }[]> {
  const open: { readonly digest: number; readonly counts: DeliveryCounts }[] = [];
  for (const digest of await renga.store.digests.all()) {
    const counts = await renga.store.ledger.counts(digest.number);
    if (counts.due + counts.claimed + counts['handing-over'] + counts.deferred + counts['in-doubt'] > 0) {
      open.push({ digest: digest.number, counts });
    }
  }
  return open;
}

function addSettled(a: DeliverReport['settled'], b: DeliverReport['settled']): DeliverReport['settled'] {
  return {
    accepted: a.accepted + b.accepted,
    deferred: a.deferred + b.deferred,
    rejected: a.rejected + b.rejected,
    'in-doubt': a['in-doubt'] + b['in-doubt'],
  };
}
