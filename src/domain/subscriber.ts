/** The subscriber: an address that asked, and where it stands. `pending → active → unsubscribed`, or `suppressed`. */
import type { Address } from './address.ts';

export type SubscriberState = 'pending' | 'active' | 'unsubscribed' | 'suppressed';

export type Subscriber = {
  /** Positive integer, never used again for another address. */
  readonly id: number;
  readonly address: Address;
  /** Shown name, or ''. */
  readonly name: string;
  readonly state: SubscriberState;
  /** Which series they take (the cadence); null means every series. */
  readonly series: readonly string[] | null;
  /** Which tags they take: a post has at least one of them. Null means every post. Sorted. */
  readonly tags: readonly string[] | null;
  /** They get no digest that is frozen before; null while they pause nothing. */
  readonly pausedUntil: Temporal.Instant | null;
  readonly createdAt: Temporal.Instant;
  readonly confirmedAt: Temporal.Instant | null;
  /** When they left or were suppressed, and why, in one line: `one-click`, `removed by hand`, the server's words. */
  readonly endedAt: Temporal.Instant | null;
  readonly endReason: string | null;
};

/**
 * What befell a subscriber: `asked` (a form was filled in), `confirmed`, `added` (vouched for by the writer), `imported`, `chose` (series, tags, a pause, a name), `moved` (another
 * address), `left`, `returned` (undid that), `suppressed`, `erased`.
 */
export type StoryKind =
  | 'asked'
  | 'confirmed'
  | 'added'
  | 'imported'
  | 'chose'
  | 'moved'
  | 'left'
  | 'returned'
  | 'suppressed'
  | 'erased';

/** One line of a subscriber's story, kept for good: what shows, years later, that they asked for their mail. */
export type StoryLine = {
  readonly at: Temporal.Instant;
  readonly kind: StoryKind;
  /** Where it came from: the page with the form, `import list.csv`, `one-click`. */
  readonly source: string;
  /** What was agreed to or chosen, in the words that stood there; '' where none did. */
  readonly words: string;
  /** The address of origin (IP); null unless config says to keep it. */
  readonly origin: string | null;
};

/** What a subscriber chooses, each as in `Subscriber`; what is not named stays as it is. */
export type Choice = Partial<Pick<Subscriber, 'series' | 'tags' | 'pausedUntil' | 'name'>>;
/** Why an address is kept out. `isErased`: only its hash is there. */
export type Suppression = {
  readonly reason: string;
  readonly since: Temporal.Instant;
  readonly isErased: boolean;
};

/** Somebody who comes from elsewhere, with what is known of them: where they stand, what they chose, and their story there. */
export type Arrival = Pick<
  Subscriber,
  'address' | 'name' | 'state' | 'series' | 'tags' | 'pausedUntil' | 'confirmedAt' | 'endedAt' | 'endReason'
> & {
  /** Null: now. */
  readonly createdAt: Temporal.Instant | null;
  readonly source: string;
  /** What of the other list has no place here, for the line of their story that says that they were imported. */
  readonly words: string;
  /** Oldest first; kept as it is, before the line that says that they were imported. */
  readonly story: readonly StoryLine[];
};

/**
 * What became of an arrival: `added`; `confirmed` (was pending, and is vouched for now); `ended` (was to be written to, and had left or must not be written
 * to there); `kept` (was there already, and stays as it is); `kept-out` (suppressed or erased here: nobody is revived).
 */
export type ArrivalKind = 'added' | 'confirmed' | 'ended' | 'kept' | 'kept-out';

/** Somebody to add. `active` only when the author vouches for their consent (`--confirmed`). */
export type NewSubscriber = {
  readonly address: Address;
  readonly name: string;
  readonly state: 'pending' | 'active';
  readonly series: readonly string[] | null;
  /** Where the consent came from: `command line`, `import list.csv`. */
  readonly source: string;
};

/**
 * What adding gave. `kept`: the address was there already and stays as it is; nobody who left or is suppressed is revived. One that was erased is told
 * as suppressed, and is not written down again.
 */
export type AddResult =
  | { readonly kind: 'added'; readonly subscriber: Subscriber }
  | { readonly kind: 'confirmed'; readonly subscriber: Subscriber }
  | { readonly kind: 'kept'; readonly subscriber: Subscriber };
