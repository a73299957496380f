/**
 * What a program that runs on keeps of the last round, so that a round costs what has changed and not what there is. It may be thrown away at any
 * moment, and is when a round fails, and when another program wrote the same `public/`: then the next round looks at everything.
 */
import { randomUUID } from 'node:crypto';
import type { Cache } from '../../domain/cache.ts';
import { isPostName } from '../../posts/ignore-names.ts';
import { PostMemory } from '../../posts/post-memory.ts';
import type { Walk } from '../../posts/walk-posts.ts';
import { PageMemory } from '../../render/pages/page-outputs.ts';
import { EntryMemory } from '../entries/entry-memory.ts';
import { FeedMemory } from '../feeds/feed-memory.ts';
import { IdentityMemory } from '../identity/identity-memory.ts';
import type { Sheet, WrittenSheet } from './kept-sheet.ts';
import type { LastShown } from './plan-shown.ts';
import { OutputMemory } from './output-memory.ts';
import { markWriter, writerOf } from './site-writer.ts';

export type KeptSite = {
  /** Name of the sheets' writing. */
  readonly writing: string;
  readonly posts: WrittenSheet;
  readonly outputs: WrittenSheet;
};

export class SiteMemory {
  walk: Walk | null = null;
  posts: PostMemory;
  identities = new IdentityMemory();
  entries = new EntryMemory();
  feeds = new FeedMemory();
  shown: LastShown | null = null;
  pages = new PageMemory();
  outputs = new OutputMemory();
  #token: string | null = null;
  /** Where the cache has all of this, as it was before what was touched since; null where it has not. */
  kept: KeptSite | null = null;
  /** What was recalled, and is read from the cache as it is asked for. */
  sheets: readonly Sheet[] = [];

  /** `holdsAll`: for where the cache keeps nothing, posts are held whole. */
  constructor(holdsAll = false) {
    this.posts = new PostMemory(holdsAll);
  }

  /** Who wrote `public/` last: this program, while it is in the cache. */
  get token(): string | null {
    return this.#token;
  }

  /** As the last program left it. */
  recall(token: string, walk: Walk): void {
    this.#token = token;
    this.walk = walk;
  }

  /** The cache has all of it now. */
  wasKept(kept: KeptSite): void {
    for (const part of [this.posts, this.identities, this.entries, this.pages, this.outputs])
      part.touched.clear();
    this.identities.isFreeTouched = false;
    this.feeds.areVolumesTouched = false;
    this.kept = kept;
  }

  /** Goes on from another memory, which nobody else may use from now on. */
  adopt(other: SiteMemory): void {
    Object.assign(this, other);
    this.#token = other.#token;
  }

  forget(holdsAll = false): void {
    this.adopt(new SiteMemory(holdsAll));
  }

  /**
   * Before a round. `places`: where something happened since the last; null when that is not known. True when all else may be taken as it was;
   * else the round looks at everything, and what turns out to be the same is still not made again.
   */
  begin(cache: Cache, places: readonly string[] | null): boolean {
    if (this.#token !== null && writerOf(cache) !== this.#token) this.forget();
    const isPart = this.#token !== null && places !== null;
    this.outputs.areFilesInDoubt = !isPart;
    this.entries.areFilesInDoubt = !isPart || places.some((place) => !isPostName(place));
    return isPart;
  }

  /** Under the lock, before `public/` is touched: whether another program wrote since the round began. */
  claim(cache: Cache): void {
    if (this.#token !== null && writerOf(cache) !== this.#token) {
      this.outputs = new OutputMemory();
      this.kept = null;
    }
    this.#token = randomUUID();
    markWriter(cache, this.#token);
  }
}
