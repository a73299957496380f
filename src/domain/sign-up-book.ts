/** The part of the store that keeps what was asked for in forms until it is confirmed or forgotten. Obligations as in `store.ts`. */
import type { ConfirmResult, SignUp } from './sign-up.ts';
import type { VisitorLimit } from './visitor-limit.ts';

/** Whether it was taken. `retryAt`: when a limit lets the next one pass. */
export type AskResult =
  | { readonly kind: 'taken' }
  | { readonly kind: 'limited'; readonly retryAt: Temporal.Instant };

export interface SignUpBook {
  /**
   * Takes one sign-up, unless one of the limits is used up. The same work for every address, whatever is known of it: one row. Sign-ups
   * that come at once share a commit.
   */
  ask(signUp: SignUp, limits: readonly VisitorLimit[], now: Temporal.Instant): Promise<AskResult>;
  /**
   * Does what `answerSignUp` says for up to `limit` sign-ups, oldest first: makes an unknown address pending, and the notices. How many it answered; two
   * programs never answer the same.
   */
  answer(limit: number, now: Temporal.Instant): Promise<number>;
  /** By the id that the token of a confirmation names. Changes nothing. */
  find(id: number): Promise<{ readonly signUp: SignUp; readonly askedAt: Temporal.Instant } | null>;
  /** What the button does: the subscriber is active, with the series and tags that were asked for. Safe to repeat. */
  confirm(id: number, now: Temporal.Instant): Promise<ConfirmResult>;
  /** Deletes what was not confirmed in time, with the pending subscribers that only a form made, and what limits and notices no longer need. */
  forget(now: Temporal.Instant): Promise<number>;
}
