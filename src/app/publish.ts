/**
 * The verb `publish`: finishes what is open, reads the posts, writes feeds and pages, freezes the digests that are due, delivers,
 * and says what it did and what comes next. Run twice it does nothing the second time, and finds that out without reading a post.
 */
import type { DeliveryCounts } from '../domain/delivery.ts';
import type { Problem } from '../domain/problem.ts';
import type { Series } from '../domain/publication.ts';
import { slotByHand } from '../domain/slot.ts';
import { deliver, type DeliverReport } from './delivery/deliver.ts';
import { findRefusal } from './delivery/keep-journal.ts';
import { forecastNext, type Forecast } from './digests/forecast.ts';
import { handOutOnce } from './notices/keep-notices.ts';
import { keepSlots, openSeries, type SlotReport } from './digests/keep-slots.ts';
import { type HeldPost, listHeld } from './identity/list-held.ts';
import { listMailable } from './entries/list-mailable.ts';
import { passTime } from './digests/pass-time.ts';
import type { SiteReport } from './site/publish-site.ts';
import type { PreparedEntry } from './entries/prepare-entries.ts';
import type { Renga } from './renga.ts';
import { type SharedReport, sharePublished } from './sharing/share-published.ts';
import type { Scout } from './site/scout.ts';
import { findImprint, type FoundImprint } from './site/site-imprint.ts';
import {
  meetSite,
  type Published,
  publishFeedsAndPages,
  publishRecalled,
  publishRound,
  type SiteChoice,
  tellSite,
} from './publish-feeds-and-pages.ts';

export { publishFeedsAndPages, publishRound };

export type PublishOptions = SiteChoice & {
  /** The series to send now, besides those that are due; null for none. */
  readonly byHand: Series | null;
  readonly signal: AbortSignal;
  /** Who went ahead, just before. */
  readonly scout?: Scout | undefined;
};

export type PublishReport = {
  readonly posts: { readonly published: number; readonly held: readonly HeldPost[] };
  readonly files: SiteReport['files'];
  readonly entries: SiteReport['entries'];
  /** The targets and hubs; null where there are none. */
  readonly shared: SharedReport | null;
  readonly digests: readonly SlotReport[];
  readonly delivered: DeliverReport['settled'];
  readonly open: readonly { readonly digest: number; readonly counts: DeliveryCounts }[];
  readonly nextDue: Temporal.Instant | null;
  readonly pausedBecause: string | null;
  readonly next: readonly Forecast[];
  readonly problems: readonly Problem[];
};

export async function publish(renga: Renga, options: PublishOptions): Promise<PublishReport> {
  const refusal = await findRefusal(renga);
  if (refusal) {
    // Readers of feeds and pages need not wait for a person.
    await publishFeedsAndPages(renga, options);
    await sharePublished(renga, options.signal);
    throw refusal;
  }
  await handOutOnce(renga, options.signal);
  const finished = await deliver(renga, options.signal);
  // What the scout saw before mail went out is old.
  const scout = options.trustStamps && isNothing(finished.settled) ? options.scout : undefined;
  const met = await meetSite(renga, options, scout);
  const imprint =
    options.trustStamps && !options.byHand && !options.allowReflood
      ? await findImprint(renga, met.walk, scout)
      : null;
  if (imprint && (await passTime(renga, imprint.mailable)))
    return await reportImprint(renga, imprint, finished, options.signal);
  return await publishRecalled(renga, options, met, async (published) =>
    goOn(renga, options, published, finished),
  );
}

/** What comes after the site: where it is carried, and the digests. */
async function goOn(
  renga: Renga,
  options: PublishOptions,
  { gathered, site }: Published,
  finished: DeliverReport,
): Promise<PublishReport> {
  // Before the digests: their links lead to where the pages are carried.
  const carried = await sharePublished(renga, options.signal);
  const digests = [...(await keepSlots(renga, site.prepared))];
  if (options.byHand) digests.push(await freezeByHand(renga, options.byHand, site.prepared));
  // Each mail links to its digest's own page, too.
  const isFrozen = digests.some(({ result }) => result.kind === 'frozen');
  const shared = isFrozen ? await sharePublished(renga, options.signal) : carried;
  const delivered = await deliver(renga, options.signal);
  return {
    posts: { published: site.prepared.length, held: listHeld(gathered) },
    files: site.files,
    entries: site.entries,
    shared,
    digests,
    ...(await reportDelivered(renga, delivered, listMailable(site.prepared))),
    delivered: addSettled(finished.settled, delivered.settled),
    problems: [...gathered.problems, ...site.problems],
  };
}

/** Nothing to publish: the report of a run that changed no file. */
async function reportImprint(
  renga: Renga,
  imprint: FoundImprint,
  finished: DeliverReport,
  signal: AbortSignal,
): Promise<PublishReport> {
  const { published, mailable, held, outputs, problems } = imprint;
  const files = outputs.map((path) => ({ path, change: 'unchanged' }) as const);
  tellSite(renga, { published, problems, files });
  return {
    posts: { published, held },
    files,
    entries: { added: [], changed: [], removed: [] },
    shared: await sharePublished(renga, signal),
    digests: [],
    ...(await reportDelivered(renga, finished, mailable)),
    problems,
  };
}

async function reportDelivered(
  renga: Renga,
  { settled: delivered, nextDue, pausedBecause }: DeliverReport,
  mailable: readonly string[],
): Promise<Pick<PublishReport, 'delivered' | 'nextDue' | 'pausedBecause' | 'open' | 'next'>> {
  const open = await listOpen(renga);
  return { delivered, nextDue, pausedBecause, open, next: await forecastNext(renga, mailable) };
}

/** A digest asked for by hand sends what there is: the series' minimum is for its schedule. */
export async function freezeByHand(
  renga: Renga,
  series: Series,
  prepared: readonly PreparedEntry[],
): Promise<SlotReport> {
  await openSeries(renga, series, prepared);
  const { freezeDigest } = await import('./digests/freeze-digest.ts');
  const slot = slotByHand(series.name, renga.clock(), series.zone);
  // Asked for twice: nothing is made of it, not even a page of a digest that will never be.
  const known = (await renga.store.digests.all()).find((digest) => digest.slot === slot.name);
  if (known) return { slot: slot.name, result: { kind: 'already-frozen', number: known.number } };
  return { slot: slot.name, result: await freezeDigest(renga, series, slot, prepared, 1) };
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

function isNothing(settled: DeliverReport['settled']): boolean {
  return Object.values(settled).every((count) => count === 0);
}

function addSettled(a: DeliverReport['settled'], b: DeliverReport['settled']): DeliverReport['settled'] {
  return {
    accepted: a.accepted + b.accepted,
    deferred: a.deferred + b.deferred,
    rejected: a.rejected + b.rejected,
    'in-doubt': a['in-doubt'] + b['in-doubt'],
  };
}
