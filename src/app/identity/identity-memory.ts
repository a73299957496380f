/**
 * Who is who among the posts, for a program that runs on: only files that are new or changed are given their identity anew, and every other post is
 * the very same value as before. What it gives is what `identifyPosts` would over all files; where that is not certain, it does that.
 */
import {
  compareNewestFirst,
  type Post,
  type PostFile,
  type PostRecord,
  type Showing,
} from '../../domain/post.ts';
import { type MarkStep, passMark } from '../../domain/mark-step.ts';
import { identifyPosts, type Identified, type Identifying } from './identify-posts.ts';

type Known = { readonly record: PostRecord; readonly post: Post };

/** More than so many at once are sorted with all the others. */
const FEW = 500;

export class IdentityMemory {
  #known = new Map<PostFile, Known>();
  /** All records, by id. */
  #records = new Map<string, PostRecord>();
  /** Those of no file. */
  #free = new Map<string, PostRecord>();
  #newestFirst: readonly Post[] = [];
  #fileOf = new WeakMap<Post, PostFile>();
  /** Whether it knows the records as they were in the store under `mark`. */
  isCurrent = false;
  /** The store's mark of posts that all this stands for; null where that is not known. */
  mark: string | null = null;

  get records(): readonly PostRecord[] {
    return [...this.#records.values()];
  }

  recordOf(id: string): PostRecord | undefined {
    return this.#records.get(id);
  }

  /** The file that a post was read from. */
  fileOf(post: Post): PostFile | undefined {
    return this.#fileOf.get(post);
  }

  /** By `compareNewestFirst`. */
  get newestFirst(): readonly Post[] {
    return this.#newestFirst;
  }

  /** `records`: all of the store; null while this memory is current. `newIds` of all but those it knew are given. */
  identify(
    files: readonly PostFile[],
    records: readonly PostRecord[] | null,
    context: Identifying,
  ): Identified {
    const partly = records === null ? this.#identifyChanged(files, context) : null;
    if (partly) return partly;
    const all = records ?? this.records;
    const whole = identifyPosts(files, all, context);
    const merged = new Map(all.map((record) => [record.id, record]));
    for (const record of whole.changedRecords) merged.set(record.id, record);
    const posts = whole.posts.map((post, index) => this.#sameOr(files[index], merged.get(post.id), post));
    this.#records = merged;
    this.#free = new Map(merged);
    this.#known = new Map();
    for (const [index, post] of posts.entries()) this.#learn(files[index], post);
    this.#newestFirst = posts.toSorted(compareNewestFirst);
    this.isCurrent = true;
    return { ...whole, posts };
  }

  /** After a write of ours. */
  pass(step: MarkStep | null): void {
    this.mark = passMark(this.mark, step);
  }

  /** What readers are shown now, once the store knows it. */
  show(showings: readonly { readonly id: string; readonly showing: Showing }[]): void {
    for (const { id, showing } of showings) {
      const record = this.#records.get(id);
      if (!record) continue;
      const shown = { ...record, showing };
      this.#records.set(id, shown);
      if (this.#free.has(id)) this.#free.set(id, shown);
    }
  }

  #identifyChanged(files: readonly PostFile[], context: Identifying): Identified | null {
    const changed = files.filter((file) => !this.#known.has(file));
    const gone = this.#findGone(files, files.length - changed.length);
    const free = new Map(this.#free);
    for (const file of gone) {
      const record = this.#records.get(this.#known.get(file)?.record.id ?? '');
      if (record) free.set(record.id, record);
    }
    // A file may claim, by its front matter, the id that another has: then all have to be looked at together.
    const claims = changed.some(({ id }) => id !== null && this.#records.has(id) && !free.has(id));
    if (changed.length > FEW || claims) return null;
    if (changed.length === 0 && gone.length === 0) {
      return { posts: this.#postsOf(files), changedRecords: [], newIds: new Set() };
    }
    const taken = new Set(this.#records.keys());
    for (const file of files) if (file.id !== null) taken.add(file.id);
    const part = identifyPosts(changed, this.#inOrder(free), { ...context, taken });
    this.#free = free;
    this.#replace(gone, changed, part);
    return { ...part, posts: this.#postsOf(files) };
  }

  /** As all records stand, for of two that fit the first counts. */
  #inOrder(free: ReadonlyMap<string, PostRecord>): readonly PostRecord[] {
    if (free.size < 2) return [...free.values()];
    return this.records.filter(({ id }) => free.has(id));
  }

  #findGone(files: readonly PostFile[], present: number): readonly PostFile[] {
    if (present === this.#known.size) return [];
    const now = new Set(files);
    return [...this.#known.keys()].filter((file) => !now.has(file));
  }

  #replace(gone: readonly PostFile[], changed: readonly PostFile[], part: Identified): void {
    const left = new Set(gone.map((file) => this.#known.get(file)?.post));
    for (const file of gone) this.#known.delete(file);
    for (const record of part.changedRecords) {
      this.#records.set(record.id, record);
      this.#free.set(record.id, record);
    }
    for (const [index, post] of part.posts.entries()) this.#learn(changed[index], post);
    const rest = left.size === 0 ? this.#newestFirst : this.#newestFirst.filter((post) => !left.has(post));
    this.#newestFirst = insertInOrder(rest, part.posts);
  }

  /** A post that has its record is no longer free. */
  #learn(file: PostFile | undefined, post: Post): void {
    const record = this.#records.get(post.id);
    if (!file || !record) throw new Error(`${post.id} has no record, or no file`);
    this.#free.delete(record.id);
    this.#known.set(file, { record, post });
    this.#fileOf.set(post, file);
  }

  #sameOr(file: PostFile | undefined, record: PostRecord | undefined, post: Post): Post {
    const known = file && this.#known.get(file);
    return known && record && isSameToReaders(known.record, record) ? known.post : post;
  }

  #postsOf(files: readonly PostFile[]): readonly Post[] {
    return files.flatMap((file) => this.#known.get(file)?.post ?? []);
  }
}

function isSameToReaders(a: PostRecord, b: PostRecord): boolean {
  return (
    a.id === b.id &&
    a.firstSeenAt.epochMilliseconds === b.firstSeenAt.epochMilliseconds &&
    a.changedAt?.epochMilliseconds === b.changedAt?.epochMilliseconds
  );
}

/** `rest` is in order already. */
function insertInOrder(rest: readonly Post[], added: readonly Post[]): readonly Post[] {
  const posts = [...rest];
  for (const post of added) {
    let [low, high] = [0, posts.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const there = posts[middle];
      if (there && compareNewestFirst(there, post) <= 0) low = middle + 1;
      else high = middle;
    }
    posts.splice(low, 0, post);
  }
  return posts;
}
