/**
 * Which posts the main feed has: the newest, and never one that left it before. A reader who came later would see that one as new, whether
 * a removed post made room for it, the feed was made longer, or its date was changed.
 */
import type { PostRecord } from '../domain/post.ts';

export type FeedWindow<Entry> = {
  /** Newest first. */
  readonly entries: readonly Entry[];
  /** How many stay out that there would be room for. */
  readonly keptOut: number;
};

/** `prepared`: newest first. `isOpen`: those that left may come back. */
export function chooseFeedWindow<Entry extends { readonly post: { readonly id: string } }>(
  prepared: readonly Entry[],
  records: readonly PostRecord[],
  options: { readonly length: number; readonly isOpen: boolean },
): FeedWindow<Entry> {
  const { length, isOpen } = options;
  if (isOpen) return { entries: prepared.slice(0, length), keptOut: 0 };
  const left = new Set(records.flatMap(({ id, showing }) => (showing && !showing.isInFeed ? [id] : [])));
  const entries = prepared.filter(({ post }) => !left.has(post.id)).slice(0, length);
  return { entries, keptOut: Math.min(length, prepared.length) - entries.length };
}
