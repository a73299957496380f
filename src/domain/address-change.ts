/**
 * A change of address: asked for on the page of preferences, and made when both ends have said yes, each by the link in a notice of its own. So who
 * holds somebody's old mail cannot take their subscription away, and nobody can point one at a stranger.
 */
import type { Address } from './address.ts';
import type { Subscriber } from './subscriber.ts';

/** `old`: where the mail goes now. `new`: where it is to go. */
export type ChangeEnd = 'old' | 'new';

export type AddressChange = {
  readonly id: number;
  readonly subscriber: number;
  readonly from: Address;
  readonly to: Address;
  readonly askedAt: Temporal.Instant;
  /** Which ends have said yes. */
  readonly agreed: readonly ChangeEnd[];
};

/** How long both links hold. */
export const CHANGE_WITHIN = { hours: 7 * 24 } as const;

/** The subject of a notice's token, which names the change and the end. */
export function renderChangeSubject(change: number, end: ChangeEnd): number {
  return change * 2 + (end === 'new' ? 1 : 0);
}

export function parseChangeSubject(subject: number): { readonly change: number; readonly end: ChangeEnd } {
  return { change: Math.floor(subject / 2), end: subject % 2 === 1 ? 'new' : 'old' };
}

/** What a press of the button under a notice gave. */
export type AgreeResult =
  /** The other end has not pressed yet. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'changed'; readonly subscriber: Subscriber }
  /**
   * Too old, overtaken by a newer change, or no longer possible: they left meanwhile, or the new address has become a subscriber of its own or
   * is kept out. Which of these, the page must not tell.
   */
  | { readonly kind: 'over' };

/** The part of the store that keeps changes of address. Obligations as in `store.ts`. */
export interface AddressChanges {
  /**
   * Asks for one, in place of an earlier that is still open, with a notice to both ends. What is known of the new address shows nowhere but there: one that takes
   * the digests already is told so instead, one that is kept out gets nothing. False, and nothing was done, for who is not active, for the address
   * they have, and after too many in a day.
   */
  ask(subscriber: number, to: Address, now: Temporal.Instant): Promise<boolean>;
  /** Null for one that was made, overtaken or forgotten. Changes nothing. */
  find(id: number): Promise<AddressChange | null>;
  /** One end says yes; with the second the address is another, with the line `moved` of their story. Safe to repeat. */
  agree(id: number, end: ChangeEnd, now: Temporal.Instant): Promise<AgreeResult>;
}
