/**
 * What a publish leaves in the cache of its memory, so that the next program begins where this one ended. It is whole or not there at all: it names who
 * wrote `public/` last, and the store's mark of posts, and holds while both are the same.
 */
import { hash, randomUUID } from 'node:crypto';
import type { Look } from '../../posts/post-memory.ts';
import { seedOf } from '../../render/pages/page-context.ts';
import type { PostFile, SeenPost } from '../../domain/post.ts';
import type { OneEntry, PreparedEntry } from '../entries/prepared-entry.ts';
import type { Renga } from '../renga.ts';
import { changeRows, type KeptRow, writeRows } from './kept-rows.ts';
import {
  DRAFT,
  type EntryPart,
  type FileRow,
  IN_DIGESTS,
  IN_FEEDS,
  orZero,
  PREPARED,
  SHOWS_FILES,
  writeRecord,
} from './post-rows.ts';
import { FREE, HEAD, type Head, KIND, type OutputRow, OUTPUTS, POSTS, VOLUMES } from './kept-site.ts';
import type { SiteMemory } from './site-memory.ts';

/** Counted up whenever something else is kept, or a publication gives another site than before. */
const FORM = 2;

export type SiteMaker = Pick<
  Renga,
  'root' | 'version' | 'publication' | 'settings' | 'templates' | 'cache' | 'store'
>;

export function keyOfSite({ version, publication, settings, templates }: SiteMaker): string {
  const { feeds, pages } = settings;
  return hash('sha256', JSON.stringify([FORM, version, publication, feeds, pages, [...templates]]));
}

export function orderOf(ids: readonly string[]): string {
  return hash('sha256', ids.join('\n'));
}

/** To be called under the lock, when all is written. */
export function keepSite(renga: SiteMaker, memory: SiteMemory, prepared: readonly PreparedEntry[]): void {
  const { identities, walk, token } = memory;
  const { mark } = identities;
  if (!walk?.isPlain || mark === null || token === null) {
    memory.writing = null;
    return;
  }
  const isWhole = memory.writing === null;
  const writing = memory.writing ?? randomUUID();
  const rows = { cache: renga.cache, kind: KIND, writing };
  const posts = { ...rows, prefix: POSTS, rowOf: openPostRows(memory, prepared) };
  const outputs = { ...rows, prefix: OUTPUTS, rowOf: (path: string) => rowOfOutput(memory, path) };
  if (isWhole) {
    writeRows(posts, memory.posts.paths());
    writeRows(outputs, memory.outputs.paths());
  }
  const changes = isWhole
    ? new Map<string, string>()
    : new Map([...changeRows(posts, touchedPosts(memory)), ...changeRows(outputs, memory.outputs.touched)]);
  if (memory.feeds.areVolumesTouched || isWhole) changes.set(VOLUMES, JSON.stringify(memory.feeds.known));
  if (identities.isFreeTouched || isWhole) changes.set(FREE, writeFree(identities.free));
  const order = orderOf(prepared.map(({ post }) => post.id));
  const key = keyOfSite(renga);
  const head: Head = { key, token, mark, writing, top: walk.top, seed: seedOf(renga), order };
  const text = JSON.stringify(head);
  changes.set(HEAD, text);
  // In one transaction: the cache may fail to write, and says nothing.
  renga.cache.put(KIND, changes);
  if (renga.cache.get(KIND, HEAD) === text) memory.wasKept(writing);
  else memory.writing = null;
}

function writeFree(free: readonly SeenPost[]): string {
  return JSON.stringify(free.map((record) => writeRecord(record, null)));
}

function rowOfOutput({ outputs }: SiteMemory, path: string): OutputRow | null {
  const known = outputs.fileAt(path);
  return known && [path, known.size, known.modified, known.changed, known.fingerprint];
}

function openPostRows(
  memory: SiteMemory,
  prepared: readonly PreparedEntry[],
): (path: string) => KeptRow | null {
  const shown = new Set(prepared.map(({ post }) => post.id));
  return (path) => {
    const look = memory.posts.get(path);
    return look?.isSettled ? rowOfFile(memory, look, shown) : null;
  };
}

function touchedPosts({ posts, identities, entries, pages }: SiteMemory): ReadonlySet<string> {
  return posts.touched.union(identities.touched).union(entries.touched).union(pages.touched);
}

/** Null for a post that is refused: it is read again. */
function rowOfFile(memory: SiteMemory, { from, parsed }: Look, shown: ReadonlySet<string>): FileRow | null {
  const { path, stamp } = from;
  if (parsed.kind !== 'post') return [path, stamp, parsed.kind === 'left-out' ? parsed.problems : 0];
  const { file } = parsed;
  const known = memory.identities.known(file);
  if (!known) return null;
  const { post, record } = known;
  const one = memory.entries.known(post);
  const shows = (shown.has(post.id) ? PREPARED : 0) + (one?.showsFiles ? SHOWS_FILES : 0);
  return [
    path,
    stamp,
    file.fileHash,
    file.id,
    file.slug,
    file.tags,
    marksOf(file) + shows,
    file.correction,
    orZero(file.problems),
    post.publishedAt.epochMilliseconds,
    post.updatedAt.epochMilliseconds,
    ...entryOf(memory, one),
    writeRecord(record, file),
    ...linksOf(one),
  ];
}

function linksOf(one: OneEntry | undefined): readonly [linksTo?: readonly string[]] {
  return one && one.linksTo.length > 0 ? [one.linksTo] : [];
}

function marksOf({ draft, inDigests, inFeeds }: PostFile): number {
  return (draft ? DRAFT : 0) + (inDigests ? IN_DIGESTS : 0) + (inFeeds ? IN_FEEDS : 0);
}

function entryOf({ pages }: SiteMemory, one: OneEntry | undefined): EntryPart {
  if (!one?.entry) return [0, 0, 0, 0];
  const { entry, problems } = one;
  const page = pages.outputs.get(entry)?.fingerprint ?? 0;
  return [entry.fingerprint, orZero(entry.assets), orZero(problems), page];
}
