/** What a digest's templates see: plain JSON, all of it text but `html`, in the order of the mail. Documented for users in docs/. */

export type DigestView = {
  /** BCP 47. */
  readonly language: string;
  readonly publication: {
    readonly title: string;
    readonly description: string;
    readonly author: string;
    readonly url: string;
  };
  readonly series: string;
  readonly number: number;
  readonly subject: string;
  /** Shown beside the subject in a mailbox. */
  readonly preheader: string;
  /** What was wrong in posts that the series mailed before, in a line each; often none. */
  readonly corrections: readonly CorrectionView[];
  /** The linked verse: the haiku of the posts, oldest first. */
  readonly verses: readonly VerseView[];
  /** Oldest first. */
  readonly posts: readonly PostView[];
  /** Posts for which there was no room; `count` is 0 when all are there. */
  readonly more: { readonly count: number; readonly url: string };
  readonly unsubscribeUrl: string;
  /** Of the page where each chooses what they get. */
  readonly preferencesUrl: string;
  readonly archiveUrl: string;
  /** Lines; none when no address is configured. */
  readonly postalAddress: readonly string[];
};

export type CorrectionView = { readonly title: string; readonly url: string; readonly words: string };

export type VerseView = { readonly lines: readonly string[]; readonly url: string };

export type PostView = {
  readonly url: string;
  /** Three lines, or none. */
  readonly haiku: readonly string[];
  /** '' when the haiku is the title. */
  readonly title: string;
  /** In the publication's language and zone. */
  readonly date: string;
  /** The full text, sanitised and fit for mail; '' when it was folded. */
  readonly html: string;
  /** Plain text; '' when the full text is there. */
  readonly summary: string;
};
