/**
 * The verb `publish`: finishes what is open, reads the posts, writes feeds and pages, freezes the digests that are due, delivers,
 * and says what it did and what comes next. Run twice it does nothing the second time, and finds that out without reading a post.
 */
import type { DeliveryCounts } from '../domain/delivery.ts';
import type { Problem } from '../domain/problem.ts';
import type { Series } from '../domain/publication.ts';
import { slotByHand } from '../domain/slot.ts';
import { recallFolders } from '../posts/folder-memory.ts';
import { walkChanges } from '../posts/walk-changes.ts';
import { openDates } from '../render/pages/page-data.ts';
import { walkPosts, type Walk } from '../posts/walk-posts.ts';
import { deliver, type DeliverReport } from './delivery/deliver.ts';
import { findRefusal } from './delivery/keep-journal.ts';
import { forecastNext, type Forecast } from './digests/forecast.ts';
import type { Gathered, GatherOptions } from './identity/gather-posts.ts';
import { handOutOnce } from './notices/keep-notices.ts';
import { keepSlots, openSeries, type SlotReport } from './digests/keep-slots.ts';
import { type HeldPost, listHeld } from './identity/list-held.ts';
import { listMailable } from './entries/list-mailable.ts';
import { passTime } from './digests/pass-time.ts';
import type { SiteOptions, SiteReport } from './site/publish-site.ts';
import type { PreparedEntry } from './entries/prepare-entries.ts';
import type { Renga } from './renga.ts';
import { type SharedReport, sharePublished } from './sharing/share-published.ts';
import { SiteMemory } from './site/site-memory.ts';
import { findImprint, type Imprint, keepImprint } from './site/site-imprint.ts';

export type SiteChoice = GatherOptions & Pick<SiteOptions, 'allowReflood'>;

export type PublishOptions = SiteChoice & {
  /** The series to send now, besides those that are due; null for none. */
  readonly byHand: Series | null;
  readonly signal: AbortSignal;
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
  const walk = await walkRemembering(renga, options);
  const imprint =
    options.trustStamps && !options.byHand && !options.allowReflood ? await findImprint(renga, walk) : null;
  if (imprint && (await passTime(renga, imprint.mailable)))
    return await reportImprint(renga, imprint, finished, options.signal);
  const { gathered, site } = await publishWalked(renga, options, walk, new SiteMemory());
  // Before the digests: their links lead to where the pages are carried.
  const shared = await sharePublished(renga, options.signal);
  const digests = [...(await keepSlots(renga, site.prepared))];
  if (options.byHand) digests.push(await freezeByHand(renga, options.byHand, site.prepared));
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
  imprint: Imprint,
  finished: DeliverReport,
  signal: AbortSignal,
): Promise<PublishReport> {
  const { published, mailable, held, outputs, problems } = imprint;
  const files = outputs.map(({ path }) => ({ path, change: 'unchanged' }) as const);
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

/** Where stamps are not trusted, those of folders are not either. */
async function walkRemembering(
  renga: Pick<Renga, 'root' | 'cache' | 'clock'>,
  { trustStamps }: Pick<GatherOptions, 'trustStamps'>,
): Promise<Walk> {
  if (!trustStamps) return await walkPosts(renga.root);
  const memory = recallFolders(renga.cache, renga.clock().epochMilliseconds);
  const walk = await walkPosts(renga.root, memory);
  memory.keep(renga.cache);
  return walk;
}

/** The publishing half: posts to `public/`. Identities are durable before any document shows them. */
export async function publishFeedsAndPages(renga: Renga, options: SiteChoice): Promise<Published> {
  return await publishWalked(renga, options, await walkRemembering(renga, options), new SiteMemory());
}

type Published = { readonly gathered: Gathered; readonly site: SiteReport };

/** The same for a program that runs on. `places`: where something happened since the last round, or null when that is not known. */
export async function publishRound(
  renga: Renga,
  options: SiteChoice,
  memory: SiteMemory,
  places: readonly string[] | null,
): Promise<Published> {
  try {
    const isPart = memory.begin(renga.cache, options.trustStamps ? places : null);
    const part = isPart && memory.walk && places ? walkChanges(memory.walk, places) : null;
    memory.walk = part ?? (await walkRemembering(renga, options));
    return await publishWalked(renga, options, memory.walk, memory);
  } catch (error) {
    memory.forget();
    throw error;
  }
}

async function publishWalked(
  renga: Renga,
  options: SiteChoice,
  walk: Walk,
  memory: SiteMemory,
): Promise<Published> {
  // Something changed, so there is something to render: its thread starts while this one finds out what. (A program that runs on may have one.)
  if (memory.walk === null) renga.workshop.warmUp();
  // Loaded here: most days find the site unchanged, and need none of it.
  const { gatherPosts } = await import('./identity/gather-posts.ts');
  const { gatherRendering } = await import('./entries/render-ahead.ts');
  const gathered = await gatherRendering(renga, async (listener) => {
    const found = await gatherPosts(renga, { ...options, listener }, walk, memory);
    await loadSite(renga);
    return found;
  });
  const { publishSite } = await import('./site/publish-site.ts');
  const { allowReflood = false } = options;
  const { tryDigestTemplate } = await import('./digests/try-digest-template.ts');
  const nextDigest = await renga.store.digests.nextNumber();
  const written = await publishSite(renga, gathered, { dryRun: false, allowReflood, memory });
  const broken = await tryDigestTemplate(renga, written.prepared[0]);
  const records = memory.identities.mark;
  const site = { ...written, records, nextDigest, problems: [...written.problems, ...broken] };
  // A round that looked at a part only knows no stamps of the rest.
  if (memory.outputs.areFilesInDoubt) keepImprint(renga, walk, gathered, site);
  const problems = [...gathered.problems, ...site.problems];
  tellSite(renga, { published: site.prepared.length, problems, files: site.files });
  return { gathered, site };
}

/** Loads what writes the site, and makes the dates of its pages, which is as costly: while the workshop renders what was read. */
async function loadSite({ publication }: Pick<Renga, 'publication'>): Promise<void> {
  await import('./site/publish-site.ts');
  openDates(publication);
}

function tellSite(
  renga: Pick<Renga, 'report'>,
  site: {
    readonly published: number;
    readonly problems: readonly Problem[];
    readonly files: SiteReport['files'];
  },
): void {
  const { published, problems, files } = site;
  const count = (...changes: readonly string[]): number =>
    files.filter((file) => changes.includes(file.change)).length;
  renga.report({ kind: 'posts-read', published, problems });
  renga.report({
    kind: 'site-written',
    written: count('added', 'changed'),
    removed: count('removed'),
    unchanged: count('unchanged'),
  });
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

function addSettled(a: DeliverReport['settled'], b: DeliverReport['settled']): DeliverReport['settled'] {
  return {
    accepted: a.accepted + b.accepted,
    deferred: a.deferred + b.deferred,
    rejected: a.rejected + b.rejected,
    'in-doubt': a['in-doubt'] + b['in-doubt'],
  };
}
