/** The mark of post records: equal while they say the same of every post but what it is kin to and what readers are shown. */
import { hash } from 'node:crypto';
import type { PostRecord } from './post.ts';

/** A record as it is hashed, with times in milliseconds. */
export type MarkedRecord = Pick<PostRecord, 'id' | 'path' | 'slug' | 'fileHash' | 'contentHash'> & {
  readonly firstSeenAt: number;
  readonly changedAt: number | null;
};

/** SHA-256 (hex), the same for any order. */
export function markRecords(records: readonly MarkedRecord[]): string {
  const lines = records.map(
    ({ id, path, slug, fileHash, contentHash, firstSeenAt, changedAt }) =>
      `\n${id}\n${path}\n${slug}\n${fileHash}\n${contentHash}\n${firstSeenAt} ${changedAt}`,
  );
  return hash('sha256', lines.sort().join(''));
}

export function toMarked(record: PostRecord): MarkedRecord {
  const { firstSeenAt, changedAt } = record;
  return {
    ...record,
    firstSeenAt: firstSeenAt.epochMilliseconds,
    changedAt: changedAt?.epochMilliseconds ?? null,
  };
}
