/** Publishes: from gathered posts to the files of `public/`, and what changes for those who read the feeds. */
import { join } from 'node:path';
import type { Output } from '../../domain/output.ts';
import type { Problem } from '../../domain/problem.ts';
import type { Witnessed } from '../../domain/witness.ts';
import { redirectOutputs } from '../../render/pages/redirect-outputs.ts';
import { assetOutputs } from './asset-outputs.ts';
import { compareEntries, type EntryChanges, NO_CHANGE } from './compare-entries.ts';
import { describePages } from './describe-pages.ts';
import { digestOutputs } from './digest-outputs.ts';
import { feedGroups, inFeeds } from '../feeds/feed-outputs.ts';
import { keepTags } from '../entries/offer-tags.ts';
import { hostOutputs } from './host-outputs.ts';
import { openFeedJudge } from '../feeds/judge-feeds.ts';
import { findFlood, type Flood, refuseFlood } from '../feeds/find-flood.ts';
import { type Gathered, recordPosts } from '../identity/gather-posts.ts';
import { requireKnownAddress } from './known-address.ts';
import { type FeedPlan, keepVolumes, planFeeds } from '../feeds/plan-feeds.ts';
import { type PreparedEntry, prepareEntries } from '../entries/prepare-entries.ts';
import { endOfTombstones } from '../feeds/list-tombstones.ts';
import { readWitness } from '../identity/read-witness.ts';
import { findOrphans, removeOrphans } from './remove-orphans.ts';
import type { Renga } from '../renga.ts';
import { settleFeedBase } from '../feeds/settle-feed-ids.ts';
import { keepSite } from './keep-site.ts';
import { keepPlaces, planShown, type Shown } from './plan-shown.ts';
import type { SiteMemory } from './site-memory.ts';
import { markWriter } from './site-writer.ts';
import { dropImprint } from './site-imprint.ts';
import { type OutputChange, writeOutputs } from './write-outputs.ts';

/** How long another program may take to write the same folder before we say so. */
const LOCK_WAIT_MILLISECONDS = 120_000;

export type SiteReport = {
  readonly files: readonly OutputChange[];
  readonly entries: EntryChanges;
  /** What of it readers would take for new although it is old. */
  readonly flood: Flood;
  /** Posts that stay out of the main feed though there is room: they left it before. */
  readonly keptOut: number;
  readonly problems: readonly Problem[];
  /** All published posts as entries, newest first. */
  readonly prepared: readonly PreparedEntry[];
  /** Whether what they are made from is certain not to have changed meanwhile; false with `dryRun`. */
  readonly isSettled: boolean;
  /** From when the same posts give other files, in milliseconds; null where no time does that. */
  readonly validUntil: number | null;
};

export type SiteOptions = {
  readonly dryRun: boolean;
  /** True: readers may see old posts as new. */
  readonly allowReflood?: boolean;
  /** Of the last round of a program that runs on. */
  readonly memory?: SiteMemory | undefined;
};

/**
 * Writes what changed; with `dryRun` it only says what would. Identities are durable before a document shows them, and what readers are shown is
 * recorded once they can see it. Throws OperatorError, with nothing changed anywhere, for what would flood them.
 */
export async function publishSite(
  renga: Renga,
  gathered: Gathered,
  options: SiteOptions,
): Promise<SiteReport> {
  requireKnownAddress(renga.publication);
  const { dryRun, allowReflood = false, memory } = options;
  const { published, trustStamps } = gathered;
  const preparing = await prepareEntries(renga, published, gathered, memory?.entries, trustStamps);
  const { entries: prepared } = preparing;
  const isSame = gathered.isSettled && preparing.isSettled && !dryRun;
  const write = async (): Promise<SiteReport> => {
    const before = readWitness(renga.root);
    const shown = await planShown(renga, gathered, preparing, before, { isOpen: allowReflood, memory });
    const { flood, newest, keptOut } = { ...shown, flood: floodOf(renga, gathered, before, shown) };
    if (!dryRun && !allowReflood) refuseFlood(flood);
    if (!dryRun) for (const step of await recordPosts(renga, gathered)) memory?.identities.pass(step);
    if (!dryRun) claimSite(renga, memory);
    const plan = await settleFeeds(renga, prepared, shown, options);
    const judge = openFeedJudge(renga, renga.clock());
    const news = { hubs: renga.websub.hubs, deleted: shown.deleted };
    const groups = [
      [...assetOutputs(renga.root, prepared), ...hostOutputs(renga)],
      ...describePages(renga, prepared, memory?.pages),
      redirectsOf(renga, shown, prepared),
      ...feedGroups(renga, prepared, plan, judge, news, memory?.feeds),
      await digestOutputs(renga),
    ];
    const files = await writeSite(renga, groups, shown, options);
    const isFeedOld = judge.hasRefused('');
    if (!dryRun) {
      await recordShown(renga, gathered, shown, { prepared, isFeedOld, memory });
      keepTags(renga.cache, prepared);
    }
    const entries = isFeedOld ? NO_CHANGE : compareEntries(before, newest);
    const refused = judge.problems();
    const isSettled = isSame && refused.length === 0;
    const validUntil = endOfTombstones(shown.deleted);
    const problems = [...preparing.problems, ...refused];
    return { files, entries, flood, keptOut, problems, prepared, isSettled, validUntil };
  };
  return dryRun ? await write() : await renga.publishLock.hold(LOCK_WAIT_MILLISECONDS, write);
}

/** What readers are shown, now that they can see it. */
async function recordShown(
  renga: Renga,
  gathered: Gathered,
  shown: Shown,
  site: { readonly prepared: readonly PreparedEntry[]; readonly isFeedOld: boolean } & Pick<
    SiteOptions,
    'memory'
  >,
): Promise<void> {
  const { prepared, isFeedOld, memory } = site;
  const { newest, kept, gone } = shown;
  const changes = isFeedOld ? keepPlaces(shown.changes, gathered.records) : shown.changes;
  const step = await renga.store.posts.show(changes);
  if (!memory) return;
  memory.identities.pass(step);
  memory.identities.show(changes);
  memory.shown = isFeedOld ? null : { prepared, newest, kept, gone };
  // A round that looked at a part only leaves it to the next that looks at everything.
  if (memory.outputs.areFilesInDoubt) keepSite(renga, memory, prepared);
}

async function writeSite(
  renga: Renga,
  groups: readonly (readonly Output[])[],
  { leaving }: Pick<Shown, 'leaving'>,
  { dryRun, memory }: SiteOptions,
): Promise<readonly OutputChange[]> {
  const folder = join(renga.root, 'public');
  const place = { folder, cache: renga.cache, dryRun, memory: memory?.outputs };
  const isWanted = (path: string): boolean => groups.some((group) => group.some((one) => one.path === path));
  const orphans = findOrphans(renga.cache, leaving, isWanted);
  const changes = await writeOutputs(place, groups);
  return [...changes, ...(await removeOrphans(place, orphans))];
}

function floodOf(
  renga: Renga,
  gathered: Gathered,
  before: readonly Witnessed[],
  { newest }: Pick<Shown, 'newest'>,
): Flood {
  const { eachRecord: records, recordOf } = gathered;
  const isPublished = openPublished(before, gathered.published);
  return findFlood({ before, after: newest, isPublished, records, recordOf, now: renga.clock() });
}

/** Asked of what readers have, which is little. */
function openPublished(
  before: readonly Witnessed[],
  published: Gathered['published'],
): (id: string) => boolean {
  const asked = new Set(before.map(({ id }) => id));
  const found = new Set<string>();
  for (const { id } of published) {
    if (asked.has(id)) found.add(id);
    if (found.size === asked.size) break;
  }
  return (id) => found.has(id);
}

function redirectsOf(
  renga: Renga,
  { moves }: Pick<Shown, 'moves'>,
  prepared: readonly PreparedEntry[],
): readonly Output[] {
  if (!renga.settings.pages.enabled || moves.length === 0) return [];
  const entries = new Map(prepared.map((entry) => [entry.post.id, entry]));
  const targets = moves.flatMap(({ slug, post }) => {
    const entry = entries.get(post);
    return entry ? [{ slug, url: entry.url, title: entry.post.title }] : [];
  });
  return redirectOutputs(renga.publication, targets);
}

/** Which post is in which document. Volumes are closed, and ids of feeds fixed, before a file shows them. */
async function settleFeeds(
  renga: Renga,
  prepared: readonly PreparedEntry[],
  { newest, closed }: Pick<Shown, 'newest' | 'closed'>,
  { dryRun, memory }: SiteOptions,
): Promise<FeedPlan> {
  const base = await settleFeedBase(renga, dryRun);
  for (let known = closed; ; known = await renga.store.volumes.all()) {
    const plan = planFeeds(renga, inFeeds(prepared), newest, base, known, memory?.feeds.sorting);
    if (dryRun) return plan;
    const { kind, step } = await keepVolumes(renga, plan);
    memory?.identities.pass(step);
    if (kind !== 'closed') continue;
    memory?.feeds.learn(plan.volumes);
    return plan;
  }
}

function claimSite(renga: Pick<Renga, 'cache'>, memory: SiteMemory | undefined): void {
  dropImprint(renga);
  if (memory) memory.claim(renga.cache);
  else markWriter(renga.cache);
}
