/**
 * What a publish leaves in the cache of its memory, so that the next program begins where this one ended. It is whole or not there at all: it names who
 * wrote `public/` last, and the store's mark of posts, and holds while both are the same.
 */
import { hash } from 'node:crypto';
import { seedOf } from '../../render/pages/page-context.ts';
import type { PreparedEntry } from '../entries/prepared-entry.ts';
import type { Renga } from '../renga.ts';
import { keepSheets } from './keep-sheets.ts';
import { FREE, HEAD, type Head, KIND, VOLUMES } from './kept-site.ts';
import { writeFree } from './post-rows.ts';
import type { SiteMemory } from './site-memory.ts';

/** Counted up whenever something else is kept, or a publication gives another site than before. */
const FORM = 3;

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
  if (!walk || mark === null || token === null) {
    memory.kept = null;
    return;
  }
  const { kept, isWhole, texts } = keepSheets(renga.cache, memory, prepared);
  const changes = new Map(texts);
  if (memory.feeds.areVolumesTouched || isWhole) changes.set(VOLUMES, JSON.stringify(memory.feeds.known));
  if (identities.isFreeTouched || isWhole) changes.set(FREE, JSON.stringify(identities.free.map(writeFree)));
  const order = orderOf(prepared.map(({ post }) => post.id));
  const key = keyOfSite(renga);
  const { writing } = kept;
  const top = walk.isPlain ? walk.top : '';
  const head: Head = { key, token, mark, writing, top, seed: seedOf(renga), order };
  const text = JSON.stringify(head);
  changes.set(HEAD, text);
  // In one transaction: the cache may fail to write, and says nothing.
  renga.cache.put(KIND, changes);
  if (renga.cache.get(KIND, HEAD) === text) memory.wasKept(kept);
  else memory.kept = null;
}
