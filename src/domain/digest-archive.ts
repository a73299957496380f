/** The part of the store that holds the frozen digests, and how one comes to be frozen. Obligations as in `store.ts`. */
import type { Digest, FrozenContent } from './digest.ts';
import type { Slot } from './slot.ts';

export type FreezeRequest = {
  readonly slot: Slot;
  readonly subject: string;
  readonly posts: readonly { readonly id: string; readonly title: string }[];
  readonly contents: readonly FrozenContent[];
  readonly now: Temporal.Instant;
};

export type FreezeResult =
  | { readonly kind: 'frozen'; readonly number: number; readonly deliveries: number }
  /** The slot has its digest already: nothing was done. */
  | { readonly kind: 'slot-taken'; readonly number: number }
  /** Somebody froze one of these posts into another digest of the series meanwhile: draft again. */
  | { readonly kind: 'posts-taken'; readonly ids: readonly string[] };

export interface DigestArchive {
  /**
   * The number the next digest will have if nobody freezes one before. Contents are made with it (it is in Feedback-ID and
   * the text); when it was taken meanwhile, `freeze` answers `number-taken` and they are made again.
   */
  nextNumber(): Promise<number>;
  /**
   * One transaction: the digest, its contents, its posts as carried, its slot as `taken`, and one `due` delivery for each
   * subscriber who is active and takes the series. All of it or nothing.
   */
  freeze(number: number, request: FreezeRequest): Promise<FreezeResult | { readonly kind: 'number-taken' }>;
  /** Newest first. */
  all(): Promise<readonly Digest[]>;
  find(number: number): Promise<Digest | null>;
  content(number: number, key: string): Promise<FrozenContent | null>;
  contentKeys(number: number): Promise<readonly string[]>;
}
