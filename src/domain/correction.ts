/** A correction: what was wrong in a post that a series had mailed, in one line, told once at the head of its next digest. */

export type Correction = {
  /** Id of the post. */
  readonly post: string;
  readonly words: string;
};

/** As a digest shows it. */
export type ToldCorrection = { readonly title: string; readonly url: string; readonly words: string };
