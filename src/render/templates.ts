/** Templates: the texts a user may change, by file name (`digest.mjml`, `page-post.liquid`), each with the path that errors name. */

export type Template = {
  readonly text: string;
  /** As a person finds it: `templates/digest.mjml`. */
  readonly path: string;
};

export type Templates = ReadonlyMap<string, Template>;
