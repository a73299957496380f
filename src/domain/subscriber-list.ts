/** The part of the store that knows the subscribers: who asked, what each chose, and what befell them. Obligations as in `store.ts`. */
import type { Address } from './address.ts';
import type { ListUpkeep } from './list-upkeep.ts';
import type {
  AddResult,
  Choice,
  NewSubscriber,
  StoryLine,
  Subscriber,
  SubscriberState,
} from './subscriber.ts';

export interface SubscriberList extends ListUpkeep {
  /** Adds or confirms, by address key; all of a batch in one transaction, results in its order. */
  add(batch: readonly NewSubscriber[], now: Temporal.Instant): Promise<readonly AddResult[]>;
  find(address: Address): Promise<Subscriber | null>;
  /** Null also for one that was erased. */
  byId(id: number): Promise<Subscriber | null>;
  /** Streams, by id. */
  list(filter?: { readonly state?: SubscriberState }): AsyncIterable<Subscriber>;
  counts(): Promise<Readonly<Record<SubscriberState, number>>>;
  /** How many take this series and pause nothing at `now`: whom a digest that is frozen now would go to, if it has something for each. */
  audience(series: string, now: Temporal.Instant): Promise<number>;
  /**
   * What somebody chooses who is pending or active, with the line `chose` of their story; all or nothing. False, and nothing was done, for anybody
   * else, and when they had chosen just that. A digest that was frozen before goes out as it was.
   */
  choose(
    id: number,
    choice: Choice,
    line: Pick<StoryLine, 'source' | 'words' | 'origin'>,
    now: Temporal.Instant,
  ): Promise<boolean>;
  /** What befell them, oldest first; empty for nobody. */
  story(id: number): Promise<readonly StoryLine[]>;
  /** Ends it for a person who left. Idempotent: true only the first time. What is not yet handed over is withdrawn. */
  unsubscribe(id: number, reason: string, now: Temporal.Instant): Promise<boolean>;
  /** As `unsubscribe`, for who left by a link: one goodbye, with a way back, is made in the same transaction. */
  leave(id: number, reason: string, now: Temporal.Instant): Promise<boolean>;
  /**
   * Undoes a leaving, within `UNDO_WITHIN` of it: they take again what they took. `leftAt`: the second in which they left, so that it undoes no later
   * one. `known` for who is active. What was withdrawn from them since is due again, unless its digest was cancelled.
   */
  comeBack(
    id: number,
    leftAt: Temporal.Instant,
    now: Temporal.Instant,
  ): Promise<'returned' | 'known' | 'expired'>;
  /** Ends it for an address we must not write to. Idempotent: true only the first time. */
  suppress(address: Address, reason: string, now: Temporal.Instant): Promise<boolean>;
}
