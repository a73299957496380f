/** What the list of subscribers promises to its writer: lists that come from elsewhere, stories, who is kept out, and erasure. A part of the port `store.ts`. */
import type { Address } from './address.ts';
import type { Arrival, ArrivalKind, StoryLine, Suppression } from './subscriber.ts';

export interface ListUpkeep {
  /**
   * Takes over what another list says, one transaction for all of a batch: what became of each, in order. The same batch again changes nothing. It never
   * revives anybody; who left there leaves here too, unless they agreed here since.
   */
  takeOver(batch: readonly Arrival[], now: Temporal.Instant): Promise<readonly ArrivalKind[]>;
  /** What `takeOver` would make of each now; changes nothing. */
  foresee(batch: readonly Arrival[], now: Temporal.Instant): Promise<readonly ArrivalKind[]>;
  /** What befell each, oldest first. */
  stories(ids: readonly number[]): Promise<ReadonlyMap<number, readonly StoryLine[]>>;
  /** Whether and why an address is kept out, subscriber or not. */
  suppression(address: Address): Promise<Suppression | null>;
  /** Streams those kept out who never subscribed; the erased are not among them. */
  strangers(): AsyncIterable<Suppression & { readonly address: Address }>;
  /**
   * Leaves nothing of a person but a salted hash that keeps their address out, and deliveries of nobody. `source`: who asked for it, in one word or two.
   * Idempotent: true only the first time. Also for an address that never subscribed.
   */
  erase(address: Address, source: string, now: Temporal.Instant): Promise<boolean>;
}
