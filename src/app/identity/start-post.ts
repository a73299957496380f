/** Starts a post where it belongs and answers with its path. */
import { newPost } from '../../posts/new-post.ts';
import type { Renga } from '../renga.ts';

export async function startPost(
  renga: Pick<Renga, 'root' | 'publication' | 'clock'>,
  haiku: string,
  title: string | null,
): Promise<string> {
  const { root, publication, clock } = renga;
  return await newPost({
    root,
    haiku,
    now: clock(),
    zone: publication.zone,
    ...(title === null ? {} : { title }),
  });
}
