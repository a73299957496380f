/** What the digest renderer and its MJML process say to each other. */

export type MjmlRequest = { readonly id: number; readonly mjml: string };

export type MjmlError = {
  /** One-based, in the MJML that was given; null when the package cannot tell. */
  readonly line: number | null;
  readonly message: string;
  readonly tagName: string;
};

export type MjmlAnswer = {
  readonly id: number;
  readonly html: string;
  /** Empty when all went well. */
  readonly errors: readonly MjmlError[];
};
