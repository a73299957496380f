/**
 * Which posts the main feed has: the newest, and never one that left it before. A reader who came later would see that one as new, whether
 * a removed post made room for it, the feed was made longer, or its date was changed. One that was published without the feeds (`feed: false`) never
 * was in them: once its author lets it in, it comes, if it is among the newest.
 */
import type { Post, SeenPost } from '../../domain/post.ts';
import type { Volume } from '../../domain/volume.ts';
import { numbersOf } from './sort-into-volumes.ts';
import type { Witnessed } from '../../domain/witness.ts';

type Past = {
  readonly records: Iterable<SeenPost>;
  /** One of them, by id. */
  readonly recordOf: (id: string) => SeenPost | undefined;
  readonly before: readonly Witnessed[];
  readonly closed: readonly Volume[];
};

type Windowed = { readonly post: Pick<Post, 'id' | 'publishedAt'> };

/** Newest first, as `prepared`; `before`: the feed as readers have it. `isOpen`: those that left may come back. */
export function chooseFeedWindow<Entry extends Windowed>(
  prepared: readonly Entry[],
  past: Past,
  options: { readonly length: number; readonly isOpen: boolean },
): readonly Entry[] {
  const { length, isOpen } = options;
  if (isOpen) return prepared.slice(0, length);
  const isOut = openPast(past, new Set(prepared.slice(0, length).map(({ post }) => post.id)));
  const entries: Entry[] = [];
  // Of ten thousand, the first few are enough.
  for (const entry of prepared) {
    if (entries.length === length) break;
    if (!isOut(entry.post)) entries.push(entry);
  }
  return entries;
}

/**
 * Where the store does not know what was shown, the feed itself tells. A store from before showings knows at least which posts are old; where it is new
 * or lost, what is older than the newest that readers have is taken for old.
 */
function openPast(
  { records, recordOf, before, closed }: Past,
  eligible: ReadonlySet<string>,
): (post: Windowed['post']) => boolean {
  if (hasShown(records)) {
    // All that was in feeds, and not in the main feed alone, is in a volume.
    const isBound = (id: string): boolean => !eligible.has(id) || numbersOf(closed).has(id);
    return ({ id }) => recordOf(id)?.showing?.isInFeed === false && isBound(id);
  }
  if (before.length === 0) return () => false;
  const had = new Set(before.map(({ id }) => id));
  const known = new Set(Array.from(records, ({ id }) => id));
  const newest = before.reduce((last, { publishedAt }) => Math.max(last, publishedAt.epochMilliseconds), 0);
  const isOld = ({ id, publishedAt }: Windowed['post']): boolean =>
    known.size > 0 ? known.has(id) : publishedAt.epochMilliseconds < newest;
  return (post) => !had.has(post.id) && isOld(post);
}

/** Most often the first is. */
function hasShown(records: Iterable<SeenPost>): boolean {
  for (const { showing } of records) if (showing !== null) return true;
  return false;
}
