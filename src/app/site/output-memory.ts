/**
 * What is known of the files of `public/` that we wrote: as they were left, and what of. The cache has it for the next program; one that runs on keeps it, in little:
 * a site of a hundred thousand posts has half as many files again.
 */
import type { Cache } from '../../domain/cache.ts';
import type { Output } from '../../domain/output.ts';
import { compareEnds } from '../../domain/succession.ts';
import type { OutputStamp } from './output-stamp.ts';

/** A file as an output wrote it. */
export type WrittenFile = Omit<OutputStamp, 'path'> & { readonly fingerprint: string };

/** What the cache keeps of it besides. */
type KeptFile = WrittenFile & {
  /** SHA-256 (hex) of its bytes. */
  readonly hash: string;
};

type Known = {
  file: WrittenFile;
  /** Whether an output did not get to be that file, so that it is asked again. */
  isRefused: boolean;
  /** The last time that an output wanted it. */
  wanted: number;
};

const KIND = 'output';
/** Files that are remembered in one transaction; a program that dies loses no more than these. */
const KEPT_AT_ONCE = 1000;

const NOBODY: Promise<null> = Promise.resolve(null);

export class OutputMemory {
  /** Whether files that were right may be otherwise now: then each is looked at. */
  areFilesInDoubt = true;
  /** Paths of files that are not as they were recalled, from somebody who looked at them all; null where each must be looked at. */
  looking: Promise<ReadonlySet<string> | null> = NOBODY;
  #doubts: ReadonlySet<string> | null = null;
  /** Paths of files of which something else is known than the site's rows say. */
  readonly touched = new Set<string>();
  #known: Map<string, Known> | null = null;
  #time = 0;
  #wanted = 0;
  /** As the last look met them. */
  #groups: readonly (readonly Output[])[] = [];
  #left: readonly Output[] | null = null;
  #hasRefused = false;
  readonly #kept = new Map<string, string | null>();

  /** All files as they were left. */
  recall(files: Iterable<readonly [path: string, file: WrittenFile]>): void {
    this.#known = new Map();
    for (const [path, file] of files) this.#known.set(path, { file, isRefused: false, wanted: 0 });
  }

  /**
   * Begins a look at all outputs, and says which of each group it takes to look at: all, or those that the last look did not meet. From now on it is noted which files are
   * wanted.
   */
  begin(cache: Cache, groups: readonly (readonly Output[])[]): readonly (readonly Output[])[] {
    const last = this.#groups;
    this.#groups = groups;
    this.#load(cache);
    this.#time += 1;
    this.#wanted = 0;
    this.#left = null;
    const isWhole = this.areFilesInDoubt || this.#hasRefused || last.length !== groups.length;
    this.#hasRefused = false;
    if (isWhole) return groups;
    const changes = groups.map((group, index) => compareEnds(last[index] ?? [], group));
    this.#left = changes.flatMap(({ removed }) => removed);
    return changes.map(({ added }) => added);
  }

  /** What was seen holds for one look at all outputs. */
  async hearDoubts(): Promise<void> {
    this.#doubts = await this.looking;
    this.looking = NOBODY;
  }

  /** Whether a file is as it was left; null where it must be looked at. */
  isThere(path: string): boolean | null {
    return this.#doubts && !this.#doubts.has(path);
  }

  #load(cache: Cache): void {
    if (this.#known) return;
    this.#known = new Map();
    for (const [path, text] of cache.each(KIND)) {
      const { size, modified, changed, fingerprint } = JSON.parse(text) as KeptFile;
      this.#known.set(path, { file: { size, modified, changed, fingerprint }, isRefused: false, wanted: 0 });
    }
  }

  /** The file that an output wants, as it was left; null where none is known. */
  want({ path }: Output): Known | null {
    const known = this.#known?.get(path);
    if (!known) return null;
    if (known.wanted !== this.#time) this.#wanted += 1;
    known.wanted = this.#time;
    return known;
  }

  /** Whether the file is certain to be what the output says. */
  isDone({ fingerprint }: Output, { file, isRefused }: Known): boolean {
    return !this.areFilesInDoubt && !isRefused && file.fingerprint === fingerprint;
  }

  /** That a file was written. `hash`: of its bytes. */
  note(cache: Cache, path: string, file: WrittenFile, hash: string): void {
    this.touched.add(path);
    const known = this.#known?.get(path);
    if (known) Object.assign(known, { file, isRefused: false });
    else {
      this.#known?.set(path, { file, isRefused: false, wanted: this.#time });
      this.#wanted += 1;
    }
    const kept: KeptFile = { ...file, hash };
    this.#kept.set(path, JSON.stringify(kept));
    if (this.#kept.size >= KEPT_AT_ONCE) this.keep(cache);
  }

  /** That an output had nothing to write: the file stays what it was. */
  refuse(path: string): void {
    this.#hasRefused = true;
    const known = this.#known?.get(path);
    if (known) known.isRefused = true;
  }

  /** What is noted outlives the program from now on. */
  keep(cache: Cache): void {
    if (this.#kept.size > 0) cache.put(KIND, this.#kept);
    this.#kept.clear();
  }

  paths(): Iterable<string> {
    return this.#known?.keys() ?? [];
  }

  fileAt(path: string): WrittenFile | null {
    return this.#known?.get(path)?.file ?? null;
  }

  /** Paths of files that no output wants any more. */
  unwanted(): readonly string[] {
    // What was met both times is wanted as it was.
    if (this.#left) {
      const paths = new Set(this.#left.map(({ path }) => path));
      return [...paths].filter((path) => (this.#known?.get(path)?.wanted ?? this.#time) !== this.#time);
    }
    if (!this.#known || this.#wanted === this.#known.size) return [];
    return Array.from(this.#known).flatMap(([path, { wanted }]) => (wanted === this.#time ? [] : [path]));
  }

  forget(paths: readonly string[]): void {
    for (const path of paths) {
      this.#known?.delete(path);
      this.touched.add(path);
      this.#kept.set(path, null);
    }
  }
}

/** Of the bytes that we wrote to a file; null where we know of none. */
export function recallHash(cache: Pick<Cache, 'get'>, path: string): string | null {
  const text = cache.get(KIND, path);
  return text === null ? null : (JSON.parse(text) as KeptFile).hash;
}
