/**
 * The publishing half of `publish`, and the rounds of `serve`: from the folder to `public/`, with what the last program or the last round
 * knew where that holds.
 */
import { Forgotten } from '../domain/forgotten.ts';
import type { Problem } from '../domain/problem.ts';
import { hasTopChanged, recallFolders } from '../posts/folder-memory.ts';
import { walkChanges } from '../posts/walk-changes.ts';
import { openDates } from '../render/pages/page-data.ts';
import { walkPosts, type Walk } from '../posts/walk-posts.ts';
import { inBoundedHeap } from './bound-heap.ts';
import type { Gathered, GatherOptions } from './identity/gather-posts.ts';
import { inShortRun } from './in-short-run.ts';
import type { Renga } from './renga.ts';
import type { SiteOptions, SiteReport } from './site/publish-site.ts';
import type { Scout } from './site/scout.ts';
import { keepImprint } from './site/site-imprint.ts';
import { SiteMemory } from './site/site-memory.ts';
import { writerOf } from './site/site-writer.ts';

export type SiteChoice = GatherOptions & Pick<SiteOptions, 'allowReflood'>;

/** Where stamps are not trusted, those of folders are not either. */
export async function walkRemembering(
  renga: Pick<Renga, 'root' | 'cache' | 'clock'>,
  { trustStamps }: Pick<GatherOptions, 'trustStamps'>,
  last: Walk | null = null,
): Promise<Walk> {
  if (!trustStamps) return await walkPosts(renga.root, undefined, last?.files);
  const memory = recallFolders(renga.cache, renga.clock().epochMilliseconds);
  const walk = await walkPosts(renga.root, memory, last?.files);
  memory.keep(renga.cache);
  return walk;
}

/** The publishing half: posts to `public/`. Identities are durable before any document shows them. */
export async function publishFeedsAndPages(renga: Renga, options: SiteChoice): Promise<Published> {
  const met = await meetSite(renga, options);
  return await publishRecalled(renga, options, met, async (published) => Promise.resolve(published));
}

/** A site that is to be published: what a walk of this moment met, and what the last program kept, or null where that does not hold; undefined where nobody asked yet. */
export type MetSite = {
  readonly walk: Walk;
  readonly recalled?: SiteMemory | null;
  readonly scout?: Scout | undefined;
};

/** While the scout still walks, what was known is recalled already, where there seems to be a use for it. */
export async function meetSite(renga: Renga, options: SiteChoice, scout?: Scout): Promise<MetSite> {
  // Where nobody has published, all is to be rendered: its thread starts while this one walks.
  if (writerOf(renga.cache) === null) renga.workshop.warmUp();
  const walking = walkWith(renga, options, scout);
  const isUrgent = scout !== undefined && (hasTopChanged(renga.cache, renga.root) || (await scout.hasNews()));
  if (!isUrgent) return { walk: await walking, scout };
  const met = async () => await Promise.all([walking, recall(renga, walking, scout)]);
  const [walk, recalled] = await inShortRun(met);
  return { walk, recalled };
}

async function walkWith(renga: Renga, options: SiteChoice, scout: Scout | undefined): Promise<Walk> {
  const scouted = await scout?.walk();
  // Who published meanwhile may have published posts that it did not meet.
  const isCurrent = scouted?.writer === writerOf(renga.cache);
  return scouted && isCurrent ? scouted.walk : await walkRemembering(renga, options);
}

async function recall(
  renga: Renga,
  walking: Walk | Promise<Walk>,
  scout?: Scout,
): Promise<SiteMemory | null> {
  // Something changed, so there is something to render: its thread starts while this one finds out what.
  renga.workshop.warmUp();
  const { recallSite } = await import('./site/recall-site.ts');
  return await recallSite(renga, walking, scout);
}

/** With what the last program kept, where that holds; and once more without the cache's help, should it turn out to keep less than is needed. */
export async function publishRecalled<T>(
  renga: Renga,
  options: SiteChoice,
  { walk, recalled: early, scout }: MetSite,
  goOn: (published: Published) => Promise<T>,
): Promise<T> {
  const recalled =
    early === undefined && options.trustStamps ? await recall(renga, walk, scout) : (early ?? null);
  const begin = async (memory: SiteMemory): Promise<T> => {
    const isShort = memory.posts.differsLittle(walk.files);
    memory.walk = walk;
    const publishIt = async () => await publishWalked(renga, options, walk, memory);
    return await goOn(await inBoundedHeap(async () => await (isShort ? inShortRun(publishIt) : publishIt())));
  };
  try {
    return await begin(recalled ?? new SiteMemory());
  } catch (error) {
    if (!(error instanceof Forgotten)) throw error;
    return await begin(new SiteMemory(true));
  }
}

export type Published = { readonly gathered: Gathered; readonly site: SiteReport };

/** The same for a program that runs on. `places`: where something happened since the last round, or null when that is not known. */
export async function publishRound(
  renga: Renga,
  options: SiteChoice,
  memory: SiteMemory,
  places: readonly string[] | null,
): Promise<Published> {
  try {
    return await tryRound(renga, options, memory, places, true);
  } catch (error) {
    memory.forget(error instanceof Forgotten);
    if (!(error instanceof Forgotten)) throw error;
  }
  try {
    return await tryRound(renga, options, memory, null, false);
  } catch (error) {
    memory.forget();
    throw error;
  }
}

async function tryRound(
  renga: Renga,
  options: SiteChoice,
  memory: SiteMemory,
  places: readonly string[] | null,
  mayRecall: boolean,
): Promise<Published> {
  const isPart = memory.begin(renga.cache, options.trustStamps ? places : null);
  const part = isPart && memory.walk && places ? walkChanges(memory.walk, places) : null;
  const walk = part ?? (await walkRemembering(renga, options, memory.walk));
  return await inBoundedHeap(async () => {
    // A program that begins, or has lost what it knew, goes on from what the last one kept.
    const mayBegin = mayRecall && options.trustStamps && memory.token === null;
    const recalled = mayBegin ? await recall(renga, walk) : null;
    if (recalled) memory.adopt(recalled);
    memory.walk = walk;
    return await publishWalked(renga, options, walk, memory);
  });
}

async function publishWalked(
  renga: Renga,
  options: SiteChoice,
  walk: Walk,
  memory: SiteMemory,
): Promise<Published> {
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
  const writer = memory.kept && memory.token;
  const site = { ...written, records, writer, nextDigest, problems: [...written.problems, ...broken] };
  // A round that looked at a part only does not know how the rest is.
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

export function tellSite(
  renga: Pick<Renga, 'report'>,
  site: {
    readonly published: number;
    readonly problems: readonly Problem[];
    readonly files: SiteReport['files'];
  },
): void {
  const { published, problems, files } = site;
  const counts = { added: 0, changed: 0, removed: 0, unchanged: 0 };
  for (const { change } of files) counts[change] += 1;
  renga.report({ kind: 'posts-read', published, problems });
  renga.report({
    kind: 'site-written',
    written: counts.added + counts.changed,
    removed: counts.removed,
    unchanged: counts.unchanged,
  });
}
