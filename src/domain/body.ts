/** The body of a post as HTML that is safe anywhere, with every URL absolute; and a file beside the post that it shows. */

/** A picture or file beside a post that is copied into `public/`. */
export type Asset = {
  /** As the body refers to it. */
  readonly reference: string;
  /** File below the publication's folder. */
  readonly path: string;
  /** Where it goes below `public/`: `SLUG/NAME`. */
  readonly publicPath: string;
  /** SHA-256 (hex) of its bytes. */
  readonly hash: string;
  readonly bytes: number;
  /** MIME type by its name. */
  readonly type: string;
  /** Pixels, or null when it is not a picture whose size could be read. */
  readonly size: { readonly width: number; readonly height: number } | null;
};

/** The haiku is not part of the body: each document sets it in its own way. */
export type Body = {
  /** Sanitised fragment, every URL absolute, headings from h2 down. */
  readonly html: string;
  /** Text of each heading, in order. */
  readonly headings: readonly string[];
  /** First paragraph as plain text, cut at a word near 280 characters: the summary where the author gave none. */
  readonly excerpt: string;
};
