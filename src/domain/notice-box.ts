/** The part of the store that keeps notices until a mail server has them. Obligations as in `store.ts`. */
import type { Outcome } from './delivery.ts';
import type { NewNotice, NoticeClaim } from './notice.ts';

export interface NoticeBox {
  /** False, and nothing was done, for an address that is suppressed or had enough of this kind in the last 24 hours. */
  add(notice: NewNotice, now: Temporal.Instant): Promise<boolean>;
  /**
   * Takes up to `limit` notices that are due, oldest first, for an enlisted worker (`Ledger.enlist`), whose lease it puts off. Counts the attempt: a program
   * that dies again and again sends no flood. What a dead worker holds is given back by `Ledger.release`.
   */
  claim(order: {
    readonly worker: string;
    readonly limit: number;
    readonly now: Temporal.Instant;
    readonly leaseUntil: Temporal.Instant;
  }): Promise<readonly NoticeClaim[]>;
  /**
   * To be called just before the final dot. False, and no dot may leave, when the claim is no longer this worker's, or when the address was suppressed
   * meanwhile: then it is withdrawn.
   */
  mark(claim: NoticeClaim, now: Temporal.Instant): Promise<boolean>;
  /** What became of it: deferred or in doubt, it is due again later, or given up after the last attempt. Nothing, when the fence is an older one. */
  settle(claim: NoticeClaim, outcome: Outcome, now: Temporal.Instant): Promise<void>;
  /** Gives back what was not tried; the attempt is not counted. Due again at `until`, without it at once. */
  unclaim(claims: readonly NoticeClaim[], now: Temporal.Instant, until?: Temporal.Instant): Promise<void>;
  /** When the next is due; null while none is open. */
  nextDue(): Promise<Temporal.Instant | null>;
}
