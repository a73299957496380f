/** A row of `feed_readers`: what one program read of one feed on one day, as one worker counted it. */
export type FeedReadersTable = {
  /** `2026-11-20`. */
  day: string;
  worker: string;
  reader: string;
  feed: string;
  subscribers: number | null;
  requests: number;
  conditional: number;
  unchanged: number;
  deltas: number;
  refused: number;
  sent: number;
  saved_unchanged: number;
  saved_deltas: number;
  saved_codings: number;
};
