/** A few posts among many that are in order, newest first. */
import { compareNewestFirst, type Post } from '../../domain/post.ts';

/** `rest` is in order already. */
export function insertInOrder(rest: readonly Post[], added: readonly Post[]): readonly Post[] {
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
