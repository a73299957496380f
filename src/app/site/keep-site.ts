/**
 * What a publish leaves in the cache of its memory, so that the next program begins where this one ended. It is whole or not there at all: it names who
 * wrote `public/` last, and the store's mark of posts, and holds while both are the same.
 */
import { hash } from 'node:crypto';
import { Forgotten } from '../../domain/forgotten.ts';
import type { Look } from '../../posts/post-memory.ts';
import { seedOf } from '../../render/pages/page-context.ts';
import type { PostFile } from '../../domain/post.ts';
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
import type { KnownPast } from './plan-shown.ts';
import type { SiteMemory } from './site-memory.ts';

/** Counted up whenever something else is kept, or a publication gives another site than before. */
const FORM = 1;
export const KIND = 'site';
export const HEAD = 'head';
export const PAST = 'past';
export const FREE = 'free';
export const POSTS = 'posts';
export const OUTPUTS = 'outputs';

export type Head = {
  /** Hash of all that entries and pages are made from besides posts. */
  readonly key: string;
  /** Who wrote `public/`. */
  readonly token: string;
  /** The store's mark of posts. */
  readonly mark: string;
  /** Where `posts/` lies in truth. */
  readonly top: string;
  /** What every page depends on. */
  readonly seed: string;
  /** Hash of the ids of all that readers were shown, in order. */
  readonly order: string;
};

export type OutputRow = readonly [
  path: string,
  size: number,
  modified: number,
  changed: number,
  fingerprint: string,
];

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

/** To be called under the lock, when all is written. `past`: as the store has it now. */
export function keepSite(
  renga: SiteMaker,
  memory: SiteMemory,
  prepared: readonly PreparedEntry[],
  past: KnownPast,
): void {
  const { identities, walk, token } = memory;
  const { mark } = identities;
  if (!walk?.isPlain || mark === null || token === null) {
    memory.isKept = false;
    return;
  }
  const changes = new Map([...rowsOfPosts(renga, memory, prepared), ...rowsOfOutputs(renga, memory)]);
  if (memory.isPastNew) changes.set(PAST, writePast(past));
  if (identities.isFreeTouched)
    changes.set(FREE, JSON.stringify(identities.free.map((record) => writeRecord(record, null))));
  const order = orderOf(prepared.map(({ post }) => post.id));
  const head: Head = { key: keyOfSite(renga), token, mark, top: walk.top, seed: seedOf(renga), order };
  changes.set(HEAD, JSON.stringify(head));
  renga.cache.put(KIND, changes);
  memory.wasKept();
}

type WrittenPast = {
  readonly closed: KnownPast['closed'];
  readonly left: readonly (readonly [slug: string, post: string, until: number])[];
};

function writePast({ closed, left }: KnownPast): string {
  const written: WrittenPast = {
    closed,
    left: left.map(({ slug, post, until }) => [slug, post, until.epochMilliseconds]),
  };
  return JSON.stringify(written);
}

export function readPast(text: string | undefined): KnownPast {
  if (text === undefined) throw new Forgotten(PAST);
  const { closed, left } = JSON.parse(text) as WrittenPast;
  return {
    closed,
    left: left.map(([slug, post, until]) => ({
      slug,
      post,
      until: Temporal.Instant.fromEpochMilliseconds(until),
    })),
  };
}

function rowsOfOutputs({ cache }: SiteMaker, memory: SiteMemory): ReadonlyMap<string, string> {
  const written = memory.outputs.written ?? new Map<string, never>();
  const rowOf = (path: string): KeptRow | null => {
    const known = written.get(path);
    return known ? [path, known.size, known.modified, known.changed, known.fingerprint] : null;
  };
  return composeRows(cache, OUTPUTS, memory.isKept ? memory.outputs.touched : null, written.keys(), rowOf);
}

function rowsOfPosts(
  { cache }: SiteMaker,
  memory: SiteMemory,
  prepared: readonly PreparedEntry[],
): ReadonlyMap<string, string> {
  const shown = new Set(prepared.map(({ post }) => post.id));
  const { posts, identities, entries, pages } = memory;
  const touched = memory.isKept
    ? [posts, identities, entries, pages].reduce(
        (all, { touched: some }) => all.union(some),
        new Set<string>(),
      )
    : null;
  const rowOf = (path: string): KeptRow | null => {
    const look = posts.get(path);
    return look?.isSettled ? rowOfFile(memory, look, shown) : null;
  };
  return composeRows(cache, POSTS, touched, posts.paths(), rowOf);
}

/** `touched`: null where all is to be written anew. */
function composeRows(
  cache: SiteMaker['cache'],
  prefix: string,
  touched: ReadonlySet<string> | null,
  all: Iterable<string>,
  rowOf: (path: string) => KeptRow | null,
): ReadonlyMap<string, string> {
  if (!touched)
    return writeRows(
      prefix,
      Array.from(all, rowOf).filter((row) => row !== null),
    );
  return changeRows(cache, KIND, prefix, new Map(Array.from(touched, (path) => [path, rowOf(path)])));
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
  ];
}

function marksOf({ draft, inDigests, inFeeds }: PostFile): number {
  return (draft ? DRAFT : 0) + (inDigests ? IN_DIGESTS : 0) + (inFeeds ? IN_FEEDS : 0);
}

function entryOf({ pages }: SiteMemory, one: OneEntry | undefined): EntryPart {
  if (!one?.entry) return [0, 0, 0, 0];
  const { entry, problems } = one;
  const page = pages.pages.get(entry)?.fingerprint ?? 0;
  return [entry.fingerprint, orZero(entry.assets), orZero(problems), page];
}
