/** The files that were identified last, each with its post: of a list that came of theirs only what came or went is asked. */
import type { Post, PostFile } from '../../domain/post.ts';
import { compareEnds, type Succession, successionOf } from '../../domain/succession.ts';

export class LastIdentified {
  #last: { readonly files: readonly PostFile[]; readonly posts: readonly Post[] } | null = null;

  /** `posts`: in the order of the files. */
  set(files: readonly PostFile[], posts: readonly Post[]): void {
    this.#last = { files, posts };
  }

  /** What is different in these files; null where it is not known what they came of. */
  changeTo(files: readonly PostFile[]): Succession<PostFile> | null {
    if (!this.#last) return null;
    if (files === this.#last.files) return compareEnds(files, files);
    const change = successionOf(files);
    return change?.before === this.#last.files ? change : null;
  }

  /** The posts of files; `lookUp` is asked for those that are not certain to be as they were. */
  postsOf(
    files: readonly PostFile[],
    lookUp: (files: readonly PostFile[]) => readonly Post[],
  ): readonly Post[] {
    const change = this.changeTo(files);
    if (!this.#last || !change) return lookUp(files);
    const { posts } = this.#last;
    const tail = posts.slice(posts.length - change.tail);
    return [...posts.slice(0, change.head), ...lookUp(change.added), ...tail];
  }
}
