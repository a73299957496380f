/**
 * What readers would see as new although it is old. A feed reader knows an entry by its id alone: an id that is replaced, or a post of the past that
 * comes in, is a new post to it, for everybody at once, and nobody can take that back.
 */
import { OperatorError } from '../../domain/operator-error.ts';
import type { SeenPost } from '../../domain/post.ts';
import { slugOfUrl, type Witnessed } from '../../domain/witness.ts';

export type FeedEntryFacts = {
  readonly post: {
    readonly id: string;
    readonly title: string;
    readonly publishedAt: Temporal.ZonedDateTime;
  };
  readonly url: string;
};

export type OldEntry = {
  readonly id: string;
  readonly title: string;
  /**
   * `other-id`: readers have it under another id. `older`: it is older than all they have, and was never published. `late`: it was published
   * without the feeds, and now comes into them.
   */
  readonly reason: 'other-id' | 'older' | 'late';
};

export type Flood = {
  /** Old posts that readers would see as new. */
  readonly old: readonly OldEntry[];
  /** Ids of entries that keep their ids and get another link: new to the few readers that know entries by that. */
  readonly readdressed: readonly string[];
};

/** One post that comes back is no flood: it is what somebody did by hand. */
const BEARABLE = 1;
/** Nobody follows a publication yet that began less than a day ago: its author is still filling it. */
const FIRST_DAY_HOURS = 24;

export function findFlood(facts: {
  /** The main feed as readers have it. */
  readonly before: readonly Witnessed[];
  /** As it would be. */
  readonly after: readonly FeedEntryFacts[];
  /** Whether a post of this id is published. */
  readonly isPublished: (id: string) => boolean;
  readonly records: Iterable<SeenPost>;
  /** By id, with those that are new. */
  readonly recordOf: (id: string) => SeenPost | undefined;
  readonly now: Temporal.Instant;
}): Flood {
  const { before, after, isPublished, recordOf } = facts;
  const had = new Map(before.map((entry) => [entry.id, entry]));
  // An entry whose post is still there under its id cannot be the one that is new.
  const lost = before.filter(({ id }) => !isPublished(id));
  const lostClues = new Set(
    lost.flatMap(({ url, title, publishedAt }) => cluesOf(slugOfUrl(url), title, publishedAt)),
  );
  const oldest = before.reduce(
    (first, { publishedAt }) => Math.min(first, publishedAt.epochMilliseconds),
    Infinity,
  );
  const hasReaders = openHasReaders(facts);
  const reasonFor = ({ post, url }: FeedEntryFacts): OldEntry['reason'] | null => {
    if (cluesOf(slugOfUrl(url), post.title, post.publishedAt).some((clue) => lostClues.has(clue)))
      return 'other-id';
    const record = recordOf(post.id);
    if (record && wasWithoutFeeds(record)) return hasReaders() ? 'late' : null;
    const isOlder = record?.showing === null && post.publishedAt.epochMilliseconds < oldest;
    return isOlder && hasReaders() ? 'older' : null;
  };
  const added = after.filter(({ post }) => !had.has(post.id));
  return {
    old: added.flatMap((entry) => {
      const reason = reasonFor(entry);
      return reason ? [{ id: entry.post.id, title: entry.post.title, reason }] : [];
    }),
    readdressed: after.flatMap(({ post, url }) => {
      const link = had.get(post.id)?.url;
      return link !== undefined && link !== new URL(url).href ? [post.id] : [];
    }),
  };
}

const wasWithoutFeeds = ({ showing }: SeenPost): boolean => showing?.until === null && !showing.isInFeed;

function cluesOf(slug: string, title: string, at: { readonly epochMilliseconds: number }): readonly string[] {
  return [`slug ${slug}`, `date ${Math.floor(at.epochMilliseconds / 1000)} ${title}`];
}

/** Whether there is anybody yet who would see it, which is not so while the publication is new. Asked of few, for to tell it may take a look at all records. */
function openHasReaders({
  before,
  records,
  now,
}: Pick<Parameters<typeof findFlood>[0], 'before' | 'records' | 'now'>): () => boolean {
  let answer: boolean | null = null;
  // In milliseconds: a sum of moments for each of ten thousand records takes its time.
  const aDayAgo = now.subtract({ hours: FIRST_DAY_HOURS }).epochMilliseconds;
  return () => (answer ??= before.length > 0 && isKnownLong(records, aDayAgo));
}

function isKnownLong(records: Iterable<SeenPost>, since: number): boolean {
  for (const { showing, firstSeenAt } of records)
    if (showing !== null && firstSeenAt.epochMilliseconds < since) return true;
  return false;
}

export const isFlood = ({ old }: Flood): boolean => old.length > BEARABLE;

/** To be called before anything is recorded or written. */
export function refuseFlood(flood: Flood): void {
  if (!isFlood(flood)) return;
  const { old } = flood;
  const named = old.slice(0, 3).map(({ title }) => `“${title}”`);
  const more = old.length > named.length ? ` and ${old.length - named.length} more` : '';
  throw new OperatorError(
    `Readers would see ${old.length} old posts as new: ${named.join(', ')}${more}. Nothing was changed, and the feeds stay as they are.`,
    old.every(({ reason }) => reason !== 'other-id')
      ? 'If they are to be announced, let them in one at a time, or say renga publish --allow-reflood once; or date them before publishing, or keep them as drafts.'
      : 'Bring back their ids (front matter "id", or the database of before); or say renga publish --allow-reflood once, if it is meant.',
  );
}
