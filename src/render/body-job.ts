/** A body's rendering as a question and its answer, both able to cross to another thread. */

export type BodyJob = {
  readonly markdown: string;
  /** Absolute URL of the post's page: relative links stand under it. */
  readonly pageUrl: string;
  readonly slug: string;
};

/** What Markdown gave: a sanitised fragment that still names local files in the form `linkAssets` resolves, or why not. */
export type BodyResult =
  | {
      readonly kind: 'rendered';
      readonly html: string;
      /** Text of each heading, in order. */
      readonly headings: readonly string[];
      readonly excerpt: string;
      /** Local files as written, each once, in order. */
      readonly references: readonly string[];
      /** Names of elements that were left out with their content, for no feed may have them; `!--` is a comment that nothing ends. */
      readonly leftOut: readonly string[];
      /** How often it names local files. */
      readonly placeholders: number;
      /** Bytes it takes in a feed, or a little more, without what the addresses of its files add. */
      readonly weight: number;
    }
  | { readonly kind: 'refused'; readonly reason: string };
