/** Tombstones (RFC 6721): entries that were taken away while the main feed had them, told in Atom for a while, so that readers can drop them too. */
import type { SeenPost } from '../../domain/post.ts';
import type { DeletedEntry } from '../../render/feeds/feed-document.ts';
import type { Renga } from '../renga.ts';

const DAYS = 30;
/** The newest: a feed is fetched again and again, and must stay small whatever was taken away. */
const MOST = 50;

/** Newest first, none unless the config asks for them. `records`: as they are once this publish is done. */
export function listTombstones(
  { settings, clock }: Pick<Renga, 'settings' | 'clock'>,
  records: readonly SeenPost[],
): readonly DeletedEntry[] {
  if (settings.feeds.tombstones !== true) return [];
  const since = clock().subtract({ hours: DAYS * 24 });
  const gone = records.flatMap(({ id, showing }) => {
    const at = showing?.isInFeed ? showing.until : null;
    return at && Temporal.Instant.compare(at, since) > 0 ? [{ id, deletedAt: at }] : [];
  });
  gone.sort((a, b) => Temporal.Instant.compare(b.deletedAt, a.deletedAt) || (a.id < b.id ? -1 : 1));
  return gone.slice(0, MOST);
}

/** When the first of them is told no more, in milliseconds; null where there is none. */
export function endOfTombstones(deleted: readonly DeletedEntry[]): number | null {
  const last = deleted.at(-1);
  return last ? last.deletedAt.epochMilliseconds + DAYS * 86_400_000 : null;
}
