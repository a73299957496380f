/** A post for tests, with only what matters to one said. */
import type { Post } from '../../src/domain/post.ts';

export function samplePost(id: string, publishedAt: string, more: Partial<Post> = {}): Post {
  const at = Temporal.ZonedDateTime.from(publishedAt);
  return {
    path: `posts/${id}.md`,
    fileHash: '0'.repeat(64),
    contentHash: '0'.repeat(64),
    id,
    slug: id,
    haiku: ['a', 'b', 'c'],
    title: id,
    publishedAt: at,
    updatedAt: at,
    tags: [],
    draft: false,
    inDigests: true,
    inFeeds: true,
    author: null,
    summary: null,
    canonical: null,
    image: null,
    audio: null,
    correction: null,
    problems: [],
    ...more,
  };
}
