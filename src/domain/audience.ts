/**
 * Who gets which posts of a draft: those they want and have not had. People who get the same posts are one group, with one content, so that a digest costs
 * something for each group and never for each subscriber. A post reaches nobody twice, and nobody misses one they take, while there are at most
 * `MOST_CONTENTS` different digests to be made of one; beyond that see `shareOut`.
 */
import { tagKey } from './tag.ts';

/** A post, as far as it matters to who gets it. */
export type Carried = { readonly id: string; readonly tags?: readonly string[] };

/** What some subscribers of an audience want, all of them the same. */
export type Want = {
  /** Ids of posts they had in other digests. */
  readonly had: ReadonlySet<string>;
  /** Keys of the tags they take; null for every post. */
  readonly tags: ReadonlySet<string> | null;
  readonly subscribers: number;
};

/** Those of an audience who get the same posts. */
export type Group = {
  /** Ids, in the order of the draft; never empty. */
  readonly posts: readonly string[];
  readonly subscribers: number;
};

export type Audience = {
  /** How many take the series; more than all groups together when some have had everything, or take other tags. */
  readonly subscribers: number;
  /** The greatest first. */
  readonly groups: readonly Group[];
  /** There were too many different groups: the smallest ones get posts they did not ask for. */
  readonly isFolded: boolean;
};

/** Each content is rendered, compiled and kept: a hundred take some seconds and megabytes. The whole digest is one of them. */
export const MOST_CONTENTS = 100;
/** The rest of them is for the smallest groups, with their tags left aside. */
const MOST_EXACT = 80;

/** Ids of the posts for a want, in the order of the draft. */
function chooseFor({ had, tags }: Want, posts: readonly Carried[]): readonly string[] {
  const takes = (post: Carried): boolean =>
    tags === null || (post.tags ?? []).some((tag) => tags.has(tagKey(tag)));
  return posts.filter((post) => !had.has(post.id) && takes(post)).map(({ id }) => id);
}

const keyOf = (ids: readonly string[]): string => JSON.stringify(ids);

/**
 * For each want, in order, which of the `contents` (each as its posts' ids) is theirs: an index, or null for those who get nothing. `none` when
 * a content is missing. Under folding a want whose own content was not made gets all that they have not had, and where that was not made
 * either, the whole (the first): rather a post twice than never.
 */
export function shareOut(
  wants: readonly Want[],
  posts: readonly Carried[],
  contents: readonly (readonly string[])[],
  isFolded: boolean,
): readonly (number | null)[] | 'none' {
  const places = new Map<string, number>();
  for (const [place, ids] of contents.entries()) if (!places.has(keyOf(ids))) places.set(keyOf(ids), place);
  const shares: (number | null)[] = [];
  for (const want of wants) {
    const own = chooseFor(want, posts);
    const place = own.length === 0 ? null : places.get(keyOf(own));
    if (place !== undefined) shares.push(place);
    else if (isFolded) shares.push(places.get(keyOf(chooseFor({ ...want, tags: null }, posts))) ?? 0);
    else return 'none';
  }
  return shares;
}

/** Puts the wants of an audience together into groups, and folds them where they are too many. */
export function groupAudience(wants: readonly Want[], posts: readonly Carried[]): Audience {
  const subscribers = wants.reduce((sum, want) => sum + want.subscribers, 0);
  const whole = posts.map(({ id }) => id);
  const exact = greatestFirst(wants.map((want) => [chooseFor(want, posts), want.subscribers]));
  const isFolded = exact.length > MOST_CONTENTS;
  if (!isFolded) return { subscribers, groups: exact, isFolded };
  const kept = exact.slice(0, MOST_EXACT);
  const keptKeys = new Set(kept.map((group) => keyOf(group.posts)));
  const others = wants.filter((want) => !keptKeys.has(keyOf(chooseFor(want, posts))));
  const wide = greatestFirst(
    others.map((want) => [chooseFor({ ...want, tags: null }, posts), want.subscribers]),
  );
  const contents = [whole, ...[...kept, ...wide].slice(0, MOST_CONTENTS - 1).map((group) => group.posts)];
  const shares = shareOut(wants, posts, contents, true);
  if (shares === 'none') throw new Error('Under folding everybody has a content');
  const groups = greatestFirst(
    wants.flatMap((want, index) => {
      const share = shares[index] ?? null;
      return share === null ? [] : [[contents[share] ?? whole, want.subscribers] as const];
    }),
  );
  return { subscribers, groups, isFolded };
}

function greatestFirst(counted: readonly (readonly [readonly string[], number])[]): readonly Group[] {
  const groups = new Map<string, { readonly posts: readonly string[]; subscribers: number }>();
  for (const [posts, subscribers] of counted) {
    if (posts.length === 0) continue;
    const group = groups.get(keyOf(posts));
    if (group) group.subscribers += subscribers;
    else groups.set(keyOf(posts), { posts, subscribers });
  }
  // Groups of one size by their posts, so that the order never depends on the database.
  return [...groups]
    .toSorted(([a, one], [b, other]) => other.subscribers - one.subscribers || (a < b ? -1 : 1))
    .map(([, group]) => group);
}
