/** A post for tests, with only what matters to one said. */
import type { Post, PostFile } from '../../src/domain/post.ts';

/** What most posts do without. */
const PLAIN = {
  tags: [],
  draft: false,
  inDigests: true,
  inFeeds: true,
  author: null,
  summary: null,
  canonical: null,
  image: null,
  audio: null,
  duration: null,
  correction: null,
  problems: [],
} as const satisfies Partial<PostFile>;

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
    ...PLAIN,
    ...more,
  };
}

/** What the file of a post says, with only what matters to a test said. */
export function samplePostFile(name: string, changes: Partial<PostFile> = {}): PostFile {
  return {
    path: `posts/${name}.md`,
    fileHash: `file ${name}`,
    contentHash: `content ${name}`,
    sketch: [],
    id: null,
    slug: name,
    haiku: null,
    title: `Title of ${name}`,
    publishedAt: Temporal.ZonedDateTime.from('2026-03-01T09:00[Europe/Berlin]'),
    updatedAt: null,
    changedAt: null,
    ...PLAIN,
    ...changes,
  };
}
