/** The entry: a post as it stands in a feed, on a page and in a digest, with its URL and its body. */
import type { Body } from './body.ts';
import type { Post } from './post.ts';

/** A file beside the post that feeds carry along: its sound, its picture. */
export type Media = {
  readonly kind: 'audio' | 'image';
  /** Absolute. */
  readonly url: string;
  readonly type: string;
  readonly bytes: number;
  /** Pixels of a picture, where known. */
  readonly size: { readonly width: number; readonly height: number } | null;
  /** How long a sound runs, where its author says it. */
  readonly seconds?: number;
};

export type Entry = {
  readonly post: Post;
  /** Absolute URL readers open: front matter's `canonical` never replaces it; a permalink pattern may. */
  readonly url: string;
  readonly body: Pick<Body, 'html'>;
  /** Front matter's summary, else the excerpt. Plain text. */
  readonly summary: string;
  /** Absolute URL of the post's picture, or null. */
  readonly imageUrl: string | null;
  /** The sound first, then the picture; only what lies beside the post, for of other files neither length nor type is known. */
  readonly media: readonly Media[];
};
