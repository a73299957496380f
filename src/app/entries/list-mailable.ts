/** Which of the published posts digests may carry: all but those whose authors said `digest: false`. */
import type { Post } from '../../domain/post.ts';

/** Their ids, in their order. */
export function listMailable(
  prepared: readonly { readonly post: Pick<Post, 'id' | 'inDigests'> }[],
): readonly string[] {
  return prepared.filter(({ post }) => post.inDigests).map(({ post }) => post.id);
}
