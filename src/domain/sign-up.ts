/** The sign-up: what somebody asked for in a form, before anybody knows whether the address is theirs. */
import type { Subscriber } from './subscriber.ts';

export type SignUp = Pick<Subscriber, 'address' | 'name' | 'series' | 'tags'> & {
  /** Where the form stood: `subscribe page`, `form at https://ann.example`. */
  readonly source: string;
  /** The words beside the button: what they agree to. */
  readonly words: string;
  /** IP address; null unless config says to keep it. */
  readonly origin: string | null;
};

/** How long the link of a confirmation holds. */
export const CONFIRM_WITHIN = { hours: 7 * 24 } as const;
/** How long an unconfirmed sign-up is kept at all. */
export const FORGET_AFTER = { hours: 14 * 24 } as const;
/** How long leaving can be undone by the link of the goodbye. */
export const UNDO_WITHIN = { hours: 24 } as const;

/** What the processor of sign-ups does for an address, by where it stands. Nothing of this shows in the answer to the form. */
export type SignUpAnswer = 'ask-to-confirm' | 'tell-subscribed' | 'nothing';

/** `state`: null for an address that was never here. Who left may come back, by confirming anew. */
export function answerSignUp(state: Subscriber['state'] | null): SignUpAnswer {
  if (state === 'suppressed') return 'nothing';
  return state === 'active' ? 'tell-subscribed' : 'ask-to-confirm';
}

/** What a press of the button under a confirmation gave. */
export type ConfirmResult =
  | { readonly kind: 'confirmed'; readonly subscriber: Subscriber }
  /** They take the digests already: the button was pressed twice. */
  | { readonly kind: 'known'; readonly subscriber: Subscriber }
  /** Older than `CONFIRM_WITHIN`, or forgotten. */
  | { readonly kind: 'expired' }
  /** They left, or were suppressed, after they had asked: an old mail brings nobody back. */
  | { readonly kind: 'left' };
