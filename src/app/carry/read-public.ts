/**
 * What `public/` holds, by path and hash, as of one moment between two publishes: a page that a feed names is there too. Hashes are kept in the cache by
 * stamp, so that a file is read once.
 */
import { createHash } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Cache } from '../../domain/cache.ts';
import { mapInFlight } from '../map-in-flight.ts';

export type PublicFiles = ReadonlyMap<string, string>;

/** What writing and carrying keep for themselves. */
const OWN_NAME = /(?:^|\/)\.renga-/u;
const KIND = 'public';
const IN_FLIGHT = 16;
const TRIES = 5;

/** Feeds and what else lists pages; written after the pages, and before any of them is removed. */
export function isFeed(path: string): boolean {
  return /\.(?:xml|json|opml)(?:\.(?:br|gz|zst))?$/u.test(path);
}

/** Null while it changes each time it is looked at, and when nothing is there: that is a publish that went wrong, and no wish to remove everything. */
export async function readPublic(
  folder: string,
  cache: Cache,
  isWanted: (path: string) => boolean = () => true,
): Promise<PublicFiles | null> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const files = await stampBetween(folder, isWanted).catch(ignoreGone);
    if (files?.size === 0) return null;
    if (files) return await hashAll(folder, cache, files, isWanted);
  }
  return null;
}

/** Feeds are written after their pages, and before pages are removed: while they are the same before and after, so is what they name. */
async function stampBetween(folder: string, isWanted: (path: string) => boolean): Promise<Stamps | null> {
  const isWantedFeed = (path: string): boolean => isFeed(path) && isWanted(path);
  const before = await stampAll(folder, isWantedFeed);
  const files = await stampAll(folder, isWanted);
  return areSame(before, await stampAll(folder, isWantedFeed)) ? files : null;
}

/** A folder that went away while it was read. */
function ignoreGone(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}

type Stamps = ReadonlyMap<string, string>;

async function stampAll(folder: string, isWanted: (path: string) => boolean): Promise<Stamps> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.flatMap((entry) => {
    const path = relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/');
    // A list has one name a line.
    return entry.isFile() && !OWN_NAME.test(path) && !/\p{Cc}/u.test(path) && isWanted(path) ? [path] : [];
  });
  const stamps = await mapInFlight(paths, IN_FLIGHT, async (path) => {
    const stats = await stat(join(folder, path)).catch(() => null);
    return stats && ([path, renderStamp(stats)] as const);
  });
  return new Map(stamps.filter((stamp) => stamp !== null));
}

function renderStamp({ size, mtimeMs, ctimeMs, ino }: Stats): string {
  return `${size} ${mtimeMs} ${ctimeMs} ${ino}`;
}

function areSame(one: Stamps, other: Stamps): boolean {
  return one.size === other.size && [...one].every(([path, stamp]) => other.get(path) === stamp);
}

type Known = { readonly stamp: string; readonly hash: string };

async function hashAll(
  folder: string,
  cache: Cache,
  files: Stamps,
  isWanted: (path: string) => boolean,
): Promise<PublicFiles> {
  const known = cache.all(KIND);
  const changes = new Map<string, string | null>();
  for (const path of known.keys()) if (isWanted(path) && !files.has(path)) changes.set(path, null);
  const hashes = await mapInFlight([...files], IN_FLIGHT, async ([path, stamp]) => {
    const text = known.get(path);
    const kept = text === undefined ? null : (JSON.parse(text) as Known);
    if (kept?.stamp === stamp) return [path, kept.hash] as const;
    const hash = await hashFile(join(folder, path)).catch(() => null);
    if (hash !== null) changes.set(path, JSON.stringify({ stamp, hash } satisfies Known));
    return hash === null ? null : ([path, hash] as const);
  });
  if (changes.size > 0) cache.put(KIND, changes);
  return new Map(hashes.filter((one) => one !== null));
}

/** Hexadecimal SHA-256. */
export async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
