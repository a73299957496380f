/** `renga feeds check`: every feed document as it lies in `public/`, judged as it was before it was written, and whatever happened to it since. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkFeeds } from '../../render/feeds/check/check-feeds.ts';
import { FEED_FILES } from '../../render/feeds/feed-document.ts';
import type { Renga } from '../renga.ts';

export type FeedFinding = {
  /** `public/`, `public/archive/2025/`, `public/tags/night/`. */
  readonly folder: string;
  /** Whole sentences; none for a feed that is right. */
  readonly faults: readonly string[];
};

/** One finding for each feed, the main one first. */
export async function checkPublishedFeeds({
  root,
  clock,
}: Pick<Renga, 'root' | 'clock'>): Promise<readonly FeedFinding[]> {
  const findings: FeedFinding[] = [];
  for (const folder of await listFeedFolders(root)) {
    findings.push({ folder, faults: await judge(join(root, folder), clock()) });
  }
  return findings;
}

async function listFeedFolders(root: string): Promise<readonly string[]> {
  const below = await Promise.all(
    ['archive', 'tags'].map(async (name) => {
      const inside = await readdir(join(root, 'public', name), { withFileTypes: true }).catch(() => []);
      return inside.filter((entry) => entry.isDirectory()).map((entry) => `public/${name}/${entry.name}/`);
    }),
  );
  return ['public/', ...below.flat().toSorted()];
}

async function judge(folder: string, now: Temporal.Instant): Promise<readonly string[]> {
  const read = async (file: string): Promise<string | null> =>
    await readFile(join(folder, file), 'utf8').catch(() => null);
  const [rss, atom, json] = await Promise.all([
    read(FEED_FILES.rss),
    read(FEED_FILES.atom),
    read(FEED_FILES.json),
  ]);
  if (rss === null || atom === null || json === null)
    return ['A format is missing: `renga publish` writes it again.'];
  return checkFeeds({ rss, atom, json }, now).map(
    ({ entry, reason }) => `${entry === null ? 'The feed' : `The entry ${entry}`} ${reason}.`,
  );
}
