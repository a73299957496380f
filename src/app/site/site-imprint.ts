/**
 * The imprint: what a publish leaves in the cache when it is complete, so that the next one can tell in a moment that there is nothing to do. It
 * holds while all that the site is made from is as it was (folder, config, templates, program, records), no held post's time has
 * come, and every file of `public/` is as it was left. A broken imprint costs time, never a change that goes unnoticed.
 */
import { hash } from 'node:crypto';
import { join } from 'node:path';
import type { Post } from '../../domain/post.ts';
import type { Problem } from '../../domain/problem.ts';
import type { Walk } from '../../posts/walk-posts.ts';
import type { Gathered } from '../identity/gather-posts.ts';
import { type HeldPost, listHeld } from '../identity/list-held.ts';
import { listMailable } from '../entries/list-mailable.ts';
import { HEAD, type Head, KIND as SITE } from './kept-site.ts';
import { lookAtOutputs, recallPaths } from './look-at-outputs.ts';
import type { Scout } from './scout.ts';
import { writerOf } from './site-writer.ts';
import type { Renga } from '../renga.ts';

export type Imprint = {
  /** Hash of all that the site is made from but the records. */
  readonly key: string;
  /** The store's mark of posts. */
  readonly records: string;
  /** Between these times the same posts are shown: that of the newest, and that of the next; in milliseconds, null where there is none. */
  readonly from: number | null;
  readonly until: number | null;
  /** Who wrote `public/`: the outputs are in its sheet. */
  readonly writer: string;
  /** What the next digest would have been called: its page and the list of digests are part of the site. */
  readonly nextDigest: number;
  /** How many posts are published. */
  readonly published: number;
  /** Ids of those that digests may carry, newest first. */
  readonly mailable: readonly string[];
  readonly held: readonly HeldPost[];
  readonly problems: readonly Problem[];
};

export type FoundImprint = Imprint & {
  /** Their paths. */
  readonly outputs: readonly string[];
};

type Printer = Pick<
  Renga,
  'root' | 'version' | 'publication' | 'settings' | 'websub' | 'templates' | 'cache'
>;

/** Counted up whenever a publication gives other files, or another imprint, than before. */
const FORM = 9;
const KIND = 'imprint';
const WHOLE = 'site';
/** Of the imprint's key alone: after a change it tells at once that the rest need not be read. */
const KEY = 'key';

/** To be called before `public/` is touched. */
export function dropImprint({ cache }: Pick<Renga, 'cache'>): void {
  cache.put(
    KIND,
    new Map([
      [KEY, null],
      [WHOLE, null],
    ]),
  );
}

/** Of a site that was just written. */
export type PublishedSite = {
  /** From when it would be another without any change, in milliseconds. */
  readonly validUntil?: number | null;
  /** False when something of it was in the middle of a change. */
  readonly isSettled: boolean;
  /** Who wrote it; null where the cache has no memory of it. */
  readonly writer: string | null;
  /** The store's mark of posts that it was made from; null where that is not known. */
  readonly records: string | null;
  /** As it was before the digests were looked at. */
  readonly nextDigest: number;
  readonly prepared: readonly { readonly post: Pick<Post, 'id' | 'inDigests'> }[];
  readonly problems: readonly Problem[];
};

/** Keeps the imprint of a site that was published whole; does nothing when it was not settled. */
export function keepImprint(renga: Printer, walk: Walk, gathered: Gathered, site: PublishedSite): void {
  // Whether an empty folder is meant must be asked each time.
  const { isSettled, writer, records } = site;
  if (!isSettled || writer === null || records === null || gathered.posts.length === 0) return;
  const key = keyOf(renga, walk);
  const imprint: Imprint = {
    key,
    records,
    from: gathered.published[0]?.publishedAt.epochMilliseconds ?? null,
    until: earlierOf(nextTime(gathered), site.validUntil ?? null),
    writer,
    nextDigest: site.nextDigest,
    published: site.prepared.length,
    mailable: listMailable(site.prepared),
    held: listHeld(gathered),
    problems: [...gathered.problems, ...site.problems],
  };
  renga.cache.put(
    KIND,
    new Map([
      [KEY, key],
      [WHOLE, JSON.stringify(imprint)],
    ]),
  );
}

/** The imprint, if it holds: then publishing would change no file and no record. `scout`: who looks at `public/` meanwhile. */
export async function findImprint(
  renga: Printer & Pick<Renga, 'store' | 'clock'>,
  walk: Walk,
  scout?: Scout,
): Promise<FoundImprint | null> {
  const imprint = readImprint(renga, keyOf(renga, walk));
  if (!imprint || !isTimely(imprint, renga.clock().epochMilliseconds)) return null;
  if (imprint.nextDigest !== (await renga.store.digests.nextNumber())) return null;
  if (imprint.records !== (await renga.store.posts.mark())) return null;
  const outputs = await findOutputs(renga, imprint, scout);
  return outputs && { ...imprint, outputs };
}

/** Paths of all outputs, if each is as it was left by who wrote the site that the imprint is of. */
async function findOutputs(
  { cache, root }: Pick<Renga, 'cache' | 'root'>,
  { writer }: Imprint,
  scout: Scout | undefined,
): Promise<readonly string[] | null> {
  const head = cache.get(SITE, HEAD);
  const paths = head === null ? null : recallPaths(cache, head);
  if (head === null || !paths || writer !== writerOf(cache) || writer !== tokenOf(head)) return null;
  const doubts = await scout?.doubts();
  const looked = doubts?.head === head ? doubts : lookAtOutputs(cache, join(root, 'public'));
  return looked?.head === head && [...looked.paths].length === 0 ? paths : null;
}

function tokenOf(head: string): string {
  return (JSON.parse(head) as Head).token;
}

/** A clock that was set back takes posts away again, as it would without an imprint. */
function isTimely({ from, until }: Imprint, now: number): boolean {
  return (from === null || from <= now) && (until === null || now < until);
}

function readImprint({ cache }: Pick<Renga, 'cache'>, key: string): Imprint | null {
  const text = cache.get(KIND, KEY) === key ? cache.get(KIND, WHOLE) : null;
  const imprint = text === null ? null : (JSON.parse(text) as Imprint);
  // Another program may have written between the two looks.
  return imprint?.key === key ? imprint : null;
}

function keyOf(renga: Printer, walk: Walk): string {
  const { version, publication, settings, websub, templates } = renga;
  const { feeds, pages } = settings;
  const made = [FORM, version, publication, feeds, pages, websub.hubs, [...templates], walk.mark];
  return hash('sha256', JSON.stringify(made));
}

function earlierOf(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}

function nextTime({ posts, published }: Gathered): number | null {
  const shown = new Set(published);
  const waiting = posts.filter((post: Post) => !post.draft && !shown.has(post));
  const times = waiting.map((post) => post.publishedAt.epochMilliseconds);
  return times.length === 0 ? null : times.reduce((first, time) => Math.min(first, time));
}
