/**
 * The delivery: the duty to hand one digest to one subscriber, and the promise of DESIGN's §6 in types.
 *
 *     due ─▶ claimed ─▶ handing-over ─▶ accepted | deferred | rejected | in-doubt
 *      ▲        │             │                        │                    │
 *      └────────┴── worker died before the mark        └── due again later, or given-up when the retry time is out
 *                             └── worker died after the mark ─▶ in-doubt ─▶ due again (`retry`), or it stays (`skip`, `ask`)
 *
 * A subscriber who leaves before their turn makes it *withdrawn*, and who undoes that, due again. Every change is durable before the next byte that
 * depends on it leaves: the claim before MAIL FROM, the mark `handing-over` before the final dot. So a crash can cost
 * a second copy to at most one person per open connection, and never a lost one. *In doubt* is a state of its own
 * and is never taken for a failure: the server may have the message (RFC 1047).
 */
import type { Address } from './address.ts';
import type { Copy } from './message.ts';

export const DELIVERY_STATES = [
  'due',
  'claimed',
  'handing-over',
  'accepted',
  'deferred',
  'rejected',
  'given-up',
  'withdrawn',
  'in-doubt',
] as const;

export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** How many deliveries stand in each state; every state is there, and the sum is the frozen audience. */
export type DeliveryCounts = Readonly<Record<DeliveryState, number>>;

/** What happens to a delivery in doubt: at least once, at most once, or a person decides. */
export type InDoubtPolicy = 'retry' | 'skip' | 'ask';

/** Whose fault a refusal is: this subscriber's address, or our own standing (5.7.x, 535), which pauses the run. */
export type RefusalScope = 'subscriber' | 'us';

/** What one attempt gave. `reply` holds the server's own words, or says why there are none. */
export type Outcome =
  | { readonly kind: 'accepted'; readonly reply: string }
  | { readonly kind: 'deferred'; readonly reply: string }
  | {
      readonly kind: 'rejected';
      readonly reply: string;
      readonly scope: RefusalScope;
      readonly enhancedCode: string | null;
    }
  | { readonly kind: 'in-doubt'; readonly reply: string };

/** A delivery taken by one worker. `fence` grows with every claim: what an older holder says is not believed. */
export type Claim = {
  readonly digest: number;
  readonly subscriber: number;
  readonly address: Address;
  readonly name: string;
  /** Which of the digest's frozen contents this subscriber gets. */
  readonly content: string;
  readonly fence: number;
  /** 0 for the first. */
  readonly earlierAttempts: number;
  /** When the first claim was made: the message's Date, the same in every copy. */
  readonly firstClaimedAt: Temporal.Instant;
  /** What an earlier attempt fixed, or null while no copy can have arrived anywhere. */
  readonly copy: Copy | null;
};

/** What the ledger must know of a claim to mark it. */
export type MarkedClaim = Pick<Claim, 'digest' | 'subscriber' | 'fence' | 'copy'>;

/** What the ledger must know of a claim to settle it. */
export type SettledClaim = Pick<Claim, 'digest' | 'subscriber' | 'fence' | 'address'>;

/** One delivery as people look at it: `{digest, address, state, reply}`. */
export type DeliveryView = {
  readonly digest: number;
  readonly address: Address;
  readonly state: DeliveryState;
  /** The last attempt's words, or null before the first. */
  readonly reply: string | null;
  readonly attempts: number;
  readonly changedAt: Temporal.Instant;
};

/** Nothing more can happen to it without a person. */
export function isFinal(state: DeliveryState, policy: InDoubtPolicy): boolean {
  return (
    state === 'accepted' ||
    state === 'rejected' ||
    state === 'given-up' ||
    state === 'withdrawn' ||
    (state === 'in-doubt' && policy !== 'retry')
  );
}
