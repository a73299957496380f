/**
 * Who is who among the posts, for a program that runs on: only files that are new or changed are given their identity anew, and every other post is
 * the very same value as before. What it gives is what `identifyPosts` would over all files; where that is not certain, it does that.
 */
import {
  compareNewestFirst,
  type Post,
  type PostFile,
  type PostRecord,
  type SeenPost,
  type Showing,
} from '../../domain/post.ts';
import { type MarkStep, passMark } from '../../domain/mark-step.ts';
import { Forgotten } from '../../domain/forgotten.ts';
import { succeed } from '../../domain/succession.ts';
import { areTooMany, freeWithout, inOrder } from './free-records.ts';
import { isSameToReaders, isWhole, type Known, type RecalledIdentity } from './known-record.ts';
import { LastIdentified } from './last-identified.ts';
import { insertInOrder } from '../../domain/insert-in-order.ts';
import { RecalledPost } from './recalled-post.ts';
import { RecordBook } from './record-book.ts';
import { identifyPosts, type Identified, type Identifying } from './identify-posts.ts';
import { keepLittle } from './new-record.ts';

export class IdentityMemory {
  #known = new Map<PostFile, Known>();
  #records = new RecordBook();
  /** Those of no file. */
  #free = new Map<string, SeenPost>();
  #newestFirst: readonly Post[] = [];
  readonly #last = new LastIdentified();
  #fileOf = new WeakMap<Post, PostFile>();
  /** Whether it knows the records as they were in the store under `mark`. */
  isCurrent = false;
  /** The store's mark of posts that all this stands for; null where that is not known. */
  mark: string | null = null;
  /** Whether it knows less of the records than the store does. */
  #isPart = false;
  /** Paths of posts that are another than was kept, or otherwise shown; and whether records of no file are. */
  readonly touched = new Set<string>();
  isFreeTouched = true;

  get records(): readonly SeenPost[] {
    return Array.from(this.eachRecord());
  }
  eachRecord(): Iterable<SeenPost> {
    return this.#records.values();
  }

  recordOf(id: string): SeenPost | undefined {
    return this.#records.get(id);
  }
  /** That a post was read from. */
  fileOf(post: Post): PostFile | undefined {
    return post instanceof RecalledPost ? post.file : this.#fileOf.get(post);
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
    if (partly) {
      this.#last.set(files, partly.posts);
      return partly;
    }
    if (this.#isPart && !records) throw new Forgotten('records');
    const all = records ?? this.records.filter(isWhole);
    const whole = identifyPosts(files, all, context);
    const merged = new Map<string, SeenPost>(all.map((record) => [record.id, record]));
    for (const record of whole.changedRecords) merged.set(record.id, record);
    const posts = whole.posts.map((post, index) => this.#sameOr(files[index], merged.get(post.id), post));
    this.isFreeTouched = true;
    this.#records = new RecordBook(merged.values());
    this.#free = new Map(merged);
    this.#known = new Map();
    for (const [index, post] of posts.entries()) this.#learn(files[index], post);
    this.#newestFirst = posts.toSorted(compareNewestFirst);
    this.#last.set(files, posts);
    this.isCurrent = true;
    return { ...whole, posts };
  }

  /** All as it was left under `mark`; `free`: records of no file. */
  recall(mark: string, posts: readonly RecalledIdentity[], free: readonly SeenPost[]): void {
    for (const one of posts) this.#known.set(one.file, one);
    this.#records = new RecordBook(free, posts);
    this.#free = new Map(free.map((record) => [record.id, record]));
    this.#newestFirst = posts.map(({ post }) => post).sort(compareNewestFirst);
    this.mark = mark;
    this.isCurrent = true;
    this.#isPart = true;
    this.isFreeTouched = false;
  }

  /** What is different in files that are to come is told from these, with which it was recalled. */
  rehearse(files: readonly PostFile[]): void {
    this.#last.set(files, this.#lookUp(files));
  }

  /** The post of a file with its record, as readers see it now. */
  known(file: PostFile): Known | undefined {
    const known = this.#known.get(file);
    const record = known && this.#records.get(known.post.id);
    return known && record ? { post: known.post, record } : undefined;
  }

  /** Records of no file. */
  get free(): readonly SeenPost[] {
    return [...this.#free.values()];
  }

  /** Whether these files can only be told apart with all records of the store. */
  asksForAll(files: readonly PostFile[]): boolean {
    if (!this.#isPart) return false;
    const { changed, gone } = this.#compare(files);
    return areTooMany(changed, this.#records, freeWithout(this.#free, this.#records, this.#idsOf(gone)));
  }

  /** Ids of records that must be known whole before these files can be told apart. */
  wants(files: readonly PostFile[]): readonly string[] {
    if (!this.#isPart) return [];
    const { changed, gone: left } = this.#compare(files);
    if (changed.length === 0) return [];
    const asked = new Set([...this.#idsOf(left), ...this.#free.keys()]);
    return [...asked].filter((id) => {
      const record = this.#records.get(id);
      return record && !isWhole(record);
    });
  }

  /** Records as the store has them, under the mark that this stands for. */
  complete(records: readonly PostRecord[]): void {
    for (const record of records) {
      this.#records.set(record);
      if (this.#free.has(record.id)) this.#free.set(record.id, record);
    }
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
      this.#records.set(shown);
      this.touched.add(record.path);
      if (!this.#free.has(id)) continue;
      this.#free.set(id, shown);
      this.isFreeTouched = true;
    }
  }

  #identifyChanged(files: readonly PostFile[], context: Identifying): Identified | null {
    const { changed, gone } = this.#compare(files);
    const free = freeWithout(this.#free, this.#records, this.#idsOf(gone));
    if (areTooMany(changed, this.#records, free)) return null;
    if (changed.length === 0 && gone.length === 0) {
      return { posts: this.#postsOf(files), changedRecords: [], newIds: new Set() };
    }
    const part = identifyPosts(changed, changed.length === 0 ? [] : inOrder(free), {
      ...context,
      taken: { has: (id) => this.#records.has(id) },
    });
    this.#free = free;
    this.#replace(gone, changed, part);
    return { ...part, posts: this.#postsOf(files) };
  }

  #idsOf(files: readonly PostFile[]): readonly string[] {
    return files.flatMap((file) => this.#known.get(file)?.post.id ?? []);
  }

  /** Files that are new or changed, and those that are not there any more. */
  #compare(files: readonly PostFile[]): {
    readonly changed: readonly PostFile[];
    readonly gone: readonly PostFile[];
  } {
    const change = this.#last.changeTo(files);
    const changed = (change?.added ?? files).filter((file) => !this.#known.has(file));
    if (!change) return { changed, gone: this.#findGone(files, files.length - changed.length) };
    const here = new Set(change.added);
    return { changed, gone: change.removed.filter((file) => !here.has(file)) };
  }

  #findGone(files: readonly PostFile[], present: number): readonly PostFile[] {
    if (present === this.#known.size) return [];
    const now = new Set(files);
    return [...this.#known.keys()].filter((file) => !now.has(file));
  }

  #replace(gone: readonly PostFile[], changed: readonly PostFile[], part: Identified): void {
    const left = new Set(gone.map((file) => this.#known.get(file)?.post));
    for (const file of gone) {
      this.#known.delete(file);
      this.touched.add(file.path);
    }
    this.isFreeTouched = true;
    for (const record of part.changedRecords) {
      this.#records.set(record);
      this.#free.set(record.id, record);
    }
    for (const [index, post] of part.posts.entries()) this.#learn(changed[index], post);
    const rest = left.size === 0 ? this.#newestFirst : this.#newestFirst.filter((post) => !left.has(post));
    this.#newestFirst = succeed(this.#newestFirst, insertInOrder(rest, part.posts, compareNewestFirst));
  }

  /** A post that has its record is no longer free. */
  #learn(file: PostFile | undefined, post: Post): void {
    const kept = this.#records.get(post.id);
    if (!file || !kept) throw new Error(`${post.id} has no record, or no file`);
    const record = isWhole(kept) ? keepLittle(kept, file) : kept;
    if (!isWhole(record)) this.#isPart = true;
    this.#records.set(record);
    this.#free.delete(record.id);
    this.#known.set(file, { record, post });
    this.touched.add(file.path);
    if (!(post instanceof RecalledPost)) this.#fileOf.set(post, file);
  }

  #sameOr(file: PostFile | undefined, record: SeenPost | undefined, post: Post): Post {
    const known = file && this.#known.get(file);
    return known && record && isSameToReaders(known.record, record) ? known.post : post;
  }

  #postsOf(files: readonly PostFile[]): readonly Post[] {
    return this.#last.postsOf(files, (some) => this.#lookUp(some));
  }

  #lookUp(files: readonly PostFile[]): readonly Post[] {
    return files.flatMap((file) => this.#known.get(file)?.post ?? []);
  }
}
