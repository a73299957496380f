/** Posts that readers do not see yet, and why. */
import type { Gathered } from './gather-posts.ts';

export type HeldPost = { readonly path: string; readonly title: string; readonly reason: string };

export function listHeld(gathered: Gathered): readonly HeldPost[] {
  const published = new Set(gathered.published);
  return gathered.posts
    .filter((post) => !published.has(post))
    .map((post) => ({
      path: post.path,
      title: post.title,
      reason: post.draft
        ? 'draft'
        : `held back until ${post.publishedAt.toString({ timeZoneName: 'never' })}`,
    }));
}
