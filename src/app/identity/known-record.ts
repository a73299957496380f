/** What is known of a record, and what of it readers see. */
import type { Post, PostFile, PostRecord, SeenPost } from '../../domain/post.ts';

export type Known = { readonly record: SeenPost; readonly post: Post };

/** A post with the file it was read from and its record, as they were left. */
export type RecalledIdentity = Known & { readonly file: PostFile };

/** Whether it is all that the store has. */
export function isWhole(record: SeenPost): record is PostRecord {
  return 'contentHash' in record;
}

export function isSameToReaders(a: SeenPost, b: SeenPost): boolean {
  return (
    a.id === b.id &&
    a.firstSeenAt.epochMilliseconds === b.firstSeenAt.epochMilliseconds &&
    a.changedAt?.epochMilliseconds === b.changedAt?.epochMilliseconds
  );
}
