/** The part of the store that holds the frozen digests, and how one comes to be frozen. Obligations as in `store.ts`. */
import type { Audience, Carried } from './audience.ts';
import type { Correction } from './correction.ts';
import type { Digest, FrozenContent } from './digest.ts';
import type { Slot } from './slot.ts';

export type FreezeRequest = {
  readonly slot: Slot;
  readonly subject: string;
  /** Oldest first; `tags` as the post has them. */
  readonly posts: readonly {
    readonly id: string;
    readonly title: string;
    readonly tags?: readonly string[];
  }[];
  /** The whole digest first, then one for each group that gets less of it. */
  readonly contents: readonly FrozenContent[];
  /** As `groups` answered. */
  readonly isFolded?: boolean;
  /** What it opens with, noted as told. */
  readonly corrections?: readonly Correction[];
  readonly now: Temporal.Instant;
};

export type FreezeResult =
  | { readonly kind: 'frozen'; readonly number: number; readonly deliveries: number }
  /** The slot has its digest already: nothing was done. */
  | { readonly kind: 'slot-taken'; readonly number: number }
  /** Somebody froze one of these posts into another digest of the series meanwhile: draft again. */
  | { readonly kind: 'posts-taken'; readonly ids: readonly string[] }
  /** Somebody chose, joined or got one of these posts meanwhile, so that a content is missing: nothing was done; ask for the groups again. */
  | { readonly kind: 'audience-changed' };

export interface DigestArchive {
  /**
   * The number the next digest will have if nobody freezes one before. Contents are made with it (it is in Feedback-ID and
   * the text); when it was taken meanwhile, `freeze` answers `number-taken` and they are made again.
   */
  nextNumber(): Promise<number>;
  /** Who would get which of these posts from a digest that is frozen at `now`. Reads the list where anybody has had one of them or chose tags. */
  groups(order: {
    readonly series: string;
    readonly posts: readonly Carried[];
    readonly now: Temporal.Instant;
  }): Promise<Audience>;
  /**
   * One transaction: the digest, its contents, its posts as carried, its slot as `taken`, and one `due` delivery for each
   * subscriber who takes the series and for whom it has a post they have not had. All of it or nothing.
   */
  freeze(number: number, request: FreezeRequest): Promise<FreezeResult | { readonly kind: 'number-taken' }>;
  /** Newest first. */
  all(): Promise<readonly Digest[]>;
  find(number: number): Promise<Digest | null>;
  content(number: number, key: string): Promise<FrozenContent | null>;
  contentKeys(number: number): Promise<readonly string[]>;
}
