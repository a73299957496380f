/** A file that a walk met. A hundred thousand of them live at once, so where it lies is told from its path, where a link did not lead elsewhere. */
import { sep } from 'node:path';

export type FoundFile = {
  /** Below the publication's folder, with `/`. */
  readonly path: string;
  /** For the file system. */
  readonly file: string;
  readonly stamp: string;
};

const TOP = 'posts';

class PlainFile implements FoundFile {
  readonly #top: string;
  readonly path: string;
  readonly stamp: string;

  constructor(top: string, path: string, stamp: string) {
    this.#top = top;
    this.path = path;
    this.stamp = stamp;
  }

  get file(): string {
    return fileBelow(this.#top, this.path);
  }
}

/** `top`: the real path of `posts/`. */
export function foundFile(top: string, { path, file, stamp }: FoundFile): FoundFile {
  return file === fileBelow(top, path) ? new PlainFile(top, path, stamp) : { path, file, stamp };
}

/** Of a file that no link led to. */
export function plainFile(top: string, path: string, stamp: string): FoundFile {
  return new PlainFile(top, path, stamp);
}

function fileBelow(top: string, path: string): string {
  const below = path.slice(TOP.length);
  return top + (sep === '/' ? below : below.replaceAll('/', sep));
}
