/**
 * What the files below `posts/` gave at the last look, for a program that runs on: what has the same stamp is not looked at again, and gives
 * the very same value, by which those who work with it know that it did not change. It holds no text.
 */
import type { PostFile } from '../domain/post.ts';
import type { ReadFile } from './keep-post.ts';
import type { FoundFile } from './walk-posts.ts';

export type Look = {
  /** As it was met last. */
  from: FoundFile;
  readonly parsed: ReadFile;
  /** Whether the file was whole when it was looked at; if not, it must be looked at again whatever its stamp. */
  readonly isSettled: boolean;
};

const FEW = 100;

export class PostMemory {
  readonly #looks = new Map<string, Look>();
  /** Whether posts are held whole: else most of what each says is read from the cache when it is asked for. */
  readonly holdsAll: boolean;
  /** The posts of the last reading, twins among them, by path. */
  files: readonly PostFile[] | null = null;
  /** Paths whose look is another than was kept. */
  readonly touched = new Set<string>();
  /** Whether it has seen the whole folder: then no other memory need be asked for all. */
  isFilled = false;

  constructor(holdsAll = true) {
    this.holdsAll = holdsAll;
  }

  /** By path below the publication's folder. */
  get(path: string): Look | undefined {
    return this.#looks.get(path);
  }

  paths(): Iterable<string> {
    return this.#looks.keys();
  }

  /** How many of the paths are such. */
  count(isSuch: (path: string) => boolean): number {
    let count = 0;
    for (const path of this.#looks.keys()) if (isSuch(path)) count += 1;
    return count;
  }

  /** Whether it knows all but a few of these files as they are. */
  differsLittle(files: readonly FoundFile[]): boolean {
    let others = 0;
    for (const { path, stamp } of files) {
      if (this.#looks.get(path)?.from.stamp !== stamp) others += 1;
      if (others > FEW) return false;
    }
    return true;
  }

  set(look: Look): void {
    const { path } = look.from;
    const last = this.#looks.get(path);
    this.#looks.set(path, look);
    const isSame =
      last?.parsed === look.parsed &&
      last.from.stamp === look.from.stamp &&
      last.isSettled === look.isSettled;
    if (!isSame) this.touched.add(path);
  }

  /** That a file was met that is as it was: one value for it is enough. */
  meet(from: FoundFile, look: Look): void {
    look.from = from;
  }

  /** What all files gave, as it was left. */
  recall(looks: Iterable<Look>): void {
    for (const look of looks) this.#looks.set(look.from.path, look);
    this.isFilled = true;
  }

  /** The posts of the last reading, as they were recalled, for those that are to come of them. */
  rehearse(): readonly PostFile[] {
    // As they are read, but for the rarest names: of those it is only told that they moved.
    const paths = [...this.#looks.keys()].sort();
    this.files = paths.flatMap((path) => {
      const parsed = this.#looks.get(path)?.parsed;
      return parsed?.kind === 'post' ? parsed.file : [];
    });
    return this.files;
  }

  /** Forgets all but these files, and says whom it forgot. */
  keepOnly(files: readonly FoundFile[]): readonly string[] {
    this.isFilled = true;
    if (files.length === this.#looks.size) return [];
    const present = new Set(files.map(({ path }) => path));
    const gone = [...this.#looks.keys()].filter((path) => !present.has(path));
    for (const path of gone) {
      this.#looks.delete(path);
      this.touched.add(path);
    }
    return gone;
  }
}
