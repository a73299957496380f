/** The entries of the last round, for a program that runs on: a post that is the same value has the same entry, unless the files it shows may have changed. */
import type { Post } from '../../domain/post.ts';
import { compareEnds, type Succession } from '../../domain/succession.ts';
import type { OneEntry, PreparedEntry } from './prepared-entry.ts';

export class EntryMemory {
  /** Null for one that does not last. */
  readonly #entries = new WeakMap<Post, OneEntry | null>();
  /** As the last program left it. */
  #recalled: (post: Post) => OneEntry | undefined = () => undefined;
  /** Paths of posts whose entry is another than was kept. */
  readonly touched = new Set<string>();
  /** Whether files beside posts may have changed since. */
  areFilesInDoubt = true;

  /** All that were published, newest first. */
  last: readonly PreparedEntry[] | null = null;
  /** The posts of these entries, each with its own; null where something was wrong with one, or may be otherwise the next time. */
  lastPosts: readonly Post[] | null = null;

  /** Of posts that link to others: the files that decide where. */
  readonly #linking = new Map<Post, readonly string[]>();
  /** The posts that readers could see the last time, and all of them. */
  #seen: { readonly shown: readonly Post[]; readonly all: readonly Post[] } | null = null;
  /** Those whose links may lead elsewhere than they did, until they are composed anew. */
  readonly #relinked = new Set<Post>();

  /** Before the posts of a round are asked for: `shown`, among `all`. */
  notice(shown: readonly Post[], all: readonly Post[]): void {
    const changed = this.#seen && this.#linking.size > 0 ? this.#changedSince(this.#seen, shown, all) : null;
    this.#seen = { shown, all };
    const isOther = (path: string): boolean => changed?.has(path) === true;
    const linking = changed && changed.size > 0 ? this.#linking : [];
    for (const [post, paths] of linking) if (paths.some(isOther)) this.#relinked.add(post);
  }

  /** Paths of posts that came, went, are other values, or are shown now where they were not, or no longer. */
  #changedSince(
    last: { readonly shown: readonly Post[]; readonly all: readonly Post[] },
    shown: readonly Post[],
    all: readonly Post[],
  ): ReadonlySet<string> {
    const [there, seen] = [changesOf(last.all, all), changesOf(last.shown, shown)];
    for (const post of there.gone) {
      this.#linking.delete(post);
      this.#relinked.delete(post);
    }
    return new Set([...there.gone, ...there.come, ...seen.gone, ...seen.come].map(({ path }) => path));
  }

  /** How many posts at both ends are certain to have the same entries as the last time. */
  compare(posts: readonly Post[]): Pick<Succession<Post>, 'head' | 'tail'> {
    return this.lastPosts && !this.areFilesInDoubt && this.#relinked.size === 0
      ? compareEnds(this.lastPosts, posts)
      : { head: 0, tail: 0 };
  }

  /** What is certain to be prepared the same again. */
  recall(post: Post): OneEntry | null {
    const known = this.known(post);
    if (!known || this.#relinked.has(post)) return null;
    return known.showsFiles && this.areFilesInDoubt ? null : known;
  }

  /** The entry of a post, if it had one that lasts. */
  known(post: Post): OneEntry | undefined {
    const entry = this.#entries.get(post);
    return entry === undefined ? this.#recalled(post) : (entry ?? undefined);
  }

  /** All as it was left: `shown` among `all`, newest first, and of each that was shown its entry, always the same value. */
  recalled(
    shown: readonly Post[],
    all: readonly Post[],
    entryOf: (post: Post) => OneEntry | undefined,
  ): void {
    this.notice(shown, all);
    this.#recalled = entryOf;
    const entries: PreparedEntry[] = [];
    for (const post of shown) {
      const one = entryOf(post);
      if (one && one.linksTo.length > 0) this.#linking.set(post, one.linksTo);
      if (one?.entry && one.problems.length === 0) entries.push(one.entry);
    }
    if (entries.length < shown.length) return;
    this.last = entries;
    this.lastPosts = shown;
  }

  /** Keeps an entry, and gives the one it had where that says the same. */
  keep(post: Post, entry: OneEntry): OneEntry {
    const known = this.known(post);
    this.#relinked.delete(post);
    if (known && isSame(known, entry)) return known;
    this.touched.add(post.path);
    this.#entries.set(post, entry.isSettled ? entry : null);
    if (entry.isSettled && entry.linksTo.length > 0) this.#linking.set(post, entry.linksTo);
    return entry;
  }
}

/** Values that are in one list alone. */
function changesOf(
  before: readonly Post[],
  after: readonly Post[],
): { readonly come: ReadonlySet<Post>; readonly gone: ReadonlySet<Post> } {
  const { added, removed } = compareEnds(before, after);
  const [come, gone] = [new Set(added), new Set(removed)];
  return { come: come.difference(gone), gone: gone.difference(come) };
}

function isSame(a: OneEntry, b: OneEntry): boolean {
  return (
    b.isSettled &&
    a.entry?.fingerprint === b.entry?.fingerprint &&
    JSON.stringify(a.problems) === JSON.stringify(b.problems)
  );
}
