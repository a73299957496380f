/** The part of the store that keeps notices until a mail server has them. Obligations as in `store.ts`. */
import type { Account } from './account.ts';
import type { Address } from './address.ts';
import type { Outcome } from './delivery.ts';
import type { NewNotice, NoticeClaim } from './notice.ts';

/**
 * `now`: it may go through that account, not before `notBefore`, which is near; `isTry`: its domain was held, and this one message tries it. `later`: no
 * account may carry it before `at`, each for a limit of its own (`account`), or for one of the domain.
 */
export type NoticeTurn =
  | {
      readonly kind: 'now';
      readonly account: string;
      readonly notBefore: Temporal.Instant;
      readonly isTry: boolean;
    }
  | { readonly kind: 'later'; readonly at: Temporal.Instant; readonly because: 'account' | 'domain' };

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
   * Takes a turn under the limits of one of these accounts, as messages of a digest do: what is sent never passes a limit, whoever sends it. Where there is no
   * turn now, the next of each account is kept for a notice for a few seconds, if the last one was not a notice's: so notices go ahead of a digest,
   * and yet have no more than every other turn while one is going out.
   */
  takeTurn(order: {
    readonly accounts: readonly Account[];
    readonly address: Address;
    readonly now: Temporal.Instant;
  }): Promise<NoticeTurn>;
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
