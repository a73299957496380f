/** A written feed document as the check looks at it, whichever format it has. Dates are as written. */
export type CheckedFeed = {
  readonly title: string;
  readonly updated: string | null;
  /** Every address the document's frame holds, with what it is for. */
  readonly addresses: readonly CheckedAddress[];
  readonly self: string;
  readonly entries: readonly CheckedEntry[];
};

export type CheckedAddress = { readonly what: string; readonly url: string };

export type CheckedEntry = {
  readonly id: string;
  readonly title: string;
  readonly url: string;
  readonly published: string;
  readonly updated: string | null;
  readonly addresses: readonly CheckedAddress[];
  /** Each text that a reader shows as HTML. */
  readonly htmls: readonly string[];
};

/** What keeps a document from being published. */
export type FeedFault = {
  /** The entry that it is about, or null for the document as a whole. */
  readonly entry: string | null;
  /** Goes on from "the entry" or "the document". */
  readonly reason: string;
};
