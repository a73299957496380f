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
  readonly createdAt: Temporal.Instant;
  readonly confirmedAt: Temporal.Instant | null;
  /** When they left or were suppressed, and why, in one line: `one-click`, `removed by hand`, the server's words. */
  readonly endedAt: Temporal.Instant | null;
  readonly endReason: string | null;
};

/** Somebody to add. `active` only when the author vouches for their consent (`--confirmed`). */
export type NewSubscriber = {
  readonly address: Address;
  readonly name: string;
  readonly state: 'pending' | 'active';
  readonly series: readonly string[] | null;
  /** Where the consent came from: `command line`, `import list.csv`. */
  readonly source: string;
};

/** What adding gave. `kept`: the address was there already and stays as it is; nobody who left or is suppressed is revived. */
export type AddResult =
  | { readonly kind: 'added'; readonly subscriber: Subscriber }
  | { readonly kind: 'confirmed'; readonly subscriber: Subscriber }
  | { readonly kind: 'kept'; readonly subscriber: Subscriber };
