/** Publishes: from gathered posts to the files of `public/`, and what changes for those who read the feeds. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Output } from '../domain/output.ts';
import type { Problem } from '../domain/problem.ts';
import { renderFeeds } from '../render/feeds/render-feeds.ts';
import { pageOutputs } from '../render/pages/page-outputs.ts';
import type { Gathered } from './gather-posts.ts';
import type { OutputStamp } from './output-stamp.ts';
import { requireKnownAddress } from './known-address.ts';
import { loadEntry, type PreparedEntry, prepareEntries } from './prepare-entries.ts';
import type { Renga } from './renga.ts';
import { dropImprint } from './site-imprint.ts';
import { type OutputChange, writeOutputs } from './write-outputs.ts';

/** How long another program may take to write the same folder before we say so. */
const LOCK_WAIT_MILLISECONDS = 120_000;

export type SiteReport = {
  readonly files: readonly OutputChange[];
  /** Entries as feed readers will see them against what was published before, by id. */
  readonly entries: {
    readonly added: readonly string[];
    readonly changed: readonly string[];
    readonly removed: readonly string[];
  };
  readonly problems: readonly Problem[];
  /** All published posts as entries, newest first. */
  readonly prepared: readonly PreparedEntry[];
  /** The files as they were left, or null when what they are made from may have changed meanwhile; null with `dryRun`. */
  readonly settled: readonly OutputStamp[] | null;
};

/** Writes what changed; with `dryRun` it only says what would. Identities must be recorded before (`recordPosts`). */
export async function publishSite(
  renga: Renga,
  gathered: Gathered,
  options: { readonly dryRun: boolean },
): Promise<SiteReport> {
  requireKnownAddress(renga.publication);
  const preparing = await prepareEntries(renga, gathered.published, gathered.markdownOf);
  const { entries: prepared, problems } = preparing;
  const isSettled = gathered.isSettled && preparing.isSettled && !options.dryRun;
  const groups = [assetOutputs(renga, prepared), pagesOf(renga, prepared), feedOutputs(renga, prepared)];
  const folder = join(renga.root, 'public');
  const write = async (): Promise<SiteReport> => {
    if (!options.dryRun) dropImprint(renga);
    const before = await readPublishedEntries(folder);
    const place = { folder, cache: renga.cache, dryRun: options.dryRun };
    const { changes: files, stamps } = await writeOutputs(place, groups);
    const entries = compareEntries(before, prepared.slice(0, renga.settings.feeds.entries));
    return { files, entries, problems, prepared, settled: isSettled ? stamps : null };
  };
  return options.dryRun ? await write() : await renga.publishLock.hold(LOCK_WAIT_MILLISECONDS, write);
}

function assetOutputs(renga: Renga, prepared: readonly PreparedEntry[]): readonly Output[] {
  const outputs = new Map<string, Output>();
  for (const { assets } of prepared) {
    for (const asset of assets) {
      const render = async (): Promise<Uint8Array> => await readFile(join(renga.root, asset.path));
      outputs.set(asset.publicPath, { path: asset.publicPath, fingerprint: asset.hash, render });
    }
  }
  return [...outputs.values()];
}

function pagesOf(renga: Renga, prepared: readonly PreparedEntry[]): readonly Output[] {
  if (!renga.settings.pages.enabled) return [];
  const { publication, templates, workshop, version } = renga;
  return pageOutputs({ publication, entries: prepared, templates, workshop, version });
}

/** The three documents come of one rendering, done when the first of them is asked for. */
function feedOutputs(renga: Renga, prepared: readonly PreparedEntry[]): readonly Output[] {
  const { publication, version, settings } = renga;
  const newest = prepared.slice(0, settings.feeds.entries);
  const complete = newest.length === prepared.length;
  let rendering: Promise<ReturnType<typeof renderFeeds>> | null = null;
  const render = async (): Promise<ReturnType<typeof renderFeeds>> => {
    const entries = await Promise.all(newest.map(loadEntry));
    return renderFeeds({ publication, entries, version, content: settings.feeds.content, complete });
  };
  const fingerprint = createHash('sha256')
    .update(
      JSON.stringify([
        version,
        publication,
        settings.feeds,
        complete,
        newest.map((entry) => entry.fingerprint),
      ]),
    )
    .digest('hex');
  const output = (path: string, key: 'rss' | 'atom' | 'json'): Output => ({
    path,
    fingerprint,
    render: async () => (await (rendering ??= render()))[key],
  });
  return [output('rss.xml', 'rss'), output('atom.xml', 'atom'), output('feed.json', 'json')];
}

type PublishedEntry = { readonly id: string; readonly date_modified?: string | undefined };

/** The entries of the feed as it stands: what readers have. A missing or foreign file means none. */
async function readPublishedEntries(folder: string): Promise<ReadonlyMap<string, PublishedEntry>> {
  try {
    const feed = JSON.parse(await readFile(join(folder, 'feed.json'), 'utf8')) as {
      items: readonly PublishedEntry[];
    };
    return new Map(feed.items.map((item) => [item.id, item]));
  } catch {
    return new Map();
  }
}

function compareEntries(
  before: ReadonlyMap<string, PublishedEntry>,
  after: readonly PreparedEntry[],
): SiteReport['entries'] {
  const ids = new Set(after.map((entry) => entry.post.id));
  const wasModified = (entry: PreparedEntry): boolean => {
    const modified = before.get(entry.post.id)?.date_modified;
    return modified !== undefined && !isSameInstant(modified, entry.post.updatedAt);
  };
  return {
    added: after.filter((entry) => !before.has(entry.post.id)).map((entry) => entry.post.id),
    changed: after.filter(wasModified).map((entry) => entry.post.id),
    removed: [...before.keys()].filter((id) => !ids.has(id)),
  };
}

function isSameInstant(text: string, moment: Temporal.ZonedDateTime): boolean {
  try {
    return Math.abs(Temporal.Instant.from(text).epochMilliseconds - moment.epochMilliseconds) < 1000;
  } catch {
    return false;
  }
}
