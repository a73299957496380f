/**
 * The notice: a mail about one person's own subscription, because they asked or did something. Its way is that of a delivery, with one difference: what may
 * have arrived is sent again, a while later and only so often, for a second confirmation harms nobody and a missing one does.
 *
 *     due ─▶ claimed ─▶ handing-over ─▶ accepted | rejected | given-up
 *      ▲        │             │
 *      └────────┴─────────────┴── deferred, or its worker died: due again, later each time
 *
 * Nobody who is suppressed is written to, also when that came after it was made: then it is `withdrawn`.
 */
import type { Address } from './address.ts';

export const NOTICE_KINDS = [
  'confirmation',
  'already-subscribed',
  'goodbye',
  'address-change',
  'own-data',
] as const;

/**
 * `confirmation`: was it you who signed up? `already-subscribed`: somebody signed an address up that takes the digests. `goodbye`: a link ended it, with
 * a way back. `address-change`: to both ends of one. `own-data`: the way to what is kept of somebody, sent to nobody else.
 */
export type NoticeKind = (typeof NOTICE_KINDS)[number];

export type NoticeState =
  | 'due'
  | 'claimed'
  | 'handing-over'
  | 'accepted'
  | 'rejected'
  | 'given-up'
  | 'withdrawn';

export type NewNotice = {
  readonly kind: NoticeKind;
  readonly address: Address;
  /** Whom it is about. */
  readonly subscriber: number;
  /** What its link names: a sign-up, a subscriber, a change of address. */
  readonly subject: number;
  /** A line that only this notice has: the new address of a change. '' for none. */
  readonly detail: string;
};

/** One that a worker took. */
export type NoticeClaim = NewNotice & {
  readonly id: number;
  readonly fence: number;
  /** With this one; 1 for the first. */
  readonly attempts: number;
  /** Its Date, the same in every copy, and the time in its token. */
  readonly madeAt: Temporal.Instant;
  /** Id of the key that signs its link, the same in every copy. */
  readonly linkKey: number;
};

/** How long the link of `own-data` holds. */
export const OWN_DATA_WITHIN = { hours: 24 } as const;

/** How many notices one address gets in a day of each kind, whoever asks for them and however often. */
export const NOTICES_A_DAY = 2;

/** After so many attempts it is given up. */
const MOST_ATTEMPTS = 10;
const MINUTES_AFTER = [2, 5, 15, 30, 60, 120, 240, 480, 720];

/** Milliseconds until the next attempt after so many, or null when that was the last. */
export function waitAfter(attempts: number): number | null {
  if (attempts >= MOST_ATTEMPTS) return null;
  return (MINUTES_AFTER[attempts - 1] ?? 2) * 60_000;
}
