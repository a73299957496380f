/** The entry: a post as it stands in a feed, on a page and in a digest, with its URL and its body. */
import type { Body } from './body.ts';
import type { Post } from './post.ts';

export type Entry = {
  readonly post: Post;
  /** Absolute URL readers open: front matter's `canonical` never replaces it; a permalink pattern may. */
  readonly url: string;
  readonly body: Body;
  /** Front matter's summary, else the excerpt. Plain text. */
  readonly summary: string;
  /** Absolute URL of the post's picture, or null. */
  readonly imageUrl: string | null;
};
