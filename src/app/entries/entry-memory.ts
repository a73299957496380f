/** The entries of the last round, for a program that runs on: a post that is the same value has the same entry, unless the files it shows may have changed. */
import type { Post } from '../../domain/post.ts';
import { compareEnds, type Succession } from '../../domain/succession.ts';
import type { OneEntry, PreparedEntry } from './prepared-entry.ts';

export class EntryMemory {
  readonly #entries = new WeakMap<Post, OneEntry>();
  /** Paths of posts whose entry is another than was kept. */
  readonly touched = new Set<string>();
  /** Whether files beside posts may have changed since. */
  areFilesInDoubt = true;

  /** All that were published, newest first. */
  last: readonly PreparedEntry[] | null = null;
  /** The posts of these entries, each with its own; null where something was wrong with one, or may be otherwise the next time. */
  lastPosts: readonly Post[] | null = null;

  /** How many posts at both ends are certain to have the same entries as the last time. */
  compare(posts: readonly Post[]): Pick<Succession<Post>, 'head' | 'tail'> {
    return this.lastPosts && !this.areFilesInDoubt
      ? compareEnds(this.lastPosts, posts)
      : { head: 0, tail: 0 };
  }

  /** What is certain to be prepared the same again. */
  recall(post: Post): OneEntry | null {
    const known = this.#entries.get(post);
    return known && !(known.showsFiles && this.areFilesInDoubt) ? known : null;
  }

  /** The entry of a post, if it had one that lasts. */
  known(post: Post): OneEntry | undefined {
    return this.#entries.get(post);
  }

  /** An entry as it was left. */
  set(post: Post, entry: OneEntry): void {
    this.#entries.set(post, entry);
  }

  /** Keeps an entry, and gives the one it had where that says the same. */
  keep(post: Post, entry: OneEntry): OneEntry {
    const known = this.#entries.get(post);
    if (known && isSame(known, entry)) return known;
    this.touched.add(post.path);
    if (entry.isSettled) this.#entries.set(post, entry);
    else this.#entries.delete(post);
    return entry;
  }
}

function isSame(a: OneEntry, b: OneEntry): boolean {
  return (
    b.isSettled &&
    a.entry?.fingerprint === b.entry?.fingerprint &&
    JSON.stringify(a.problems) === JSON.stringify(b.problems)
  );
}
