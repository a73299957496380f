/** How several accounts share one queue: by weight, among those that can take the message at hand. */
import type { Account } from './account.ts';
import type { Claim } from './delivery.ts';

/** What one account may have of the queue now. */
export type Share = {
  readonly account: Account;
  /** For how many messages it has a connection, or will soon. */
  readonly room: number;
  /** How many it was given so far, for its weight. */
  readonly served: number;
  /** Messages on their way by domain of the recipient, where the number of connections there is limited. */
  readonly busy: Readonly<Record<string, number>>;
};

/** A delivery claimed for an account. */
export type SharedClaim = {
  readonly claim: Claim;
  readonly account: string;
  /** Its turn: it must not be handed over earlier. */
  readonly notBefore: Temporal.Instant;
};

export type SharedClaims = {
  readonly claims: readonly SharedClaim[];
  /** When a limit lets the next message go, where a limit is all that holds it; null where nothing waits for that. */
  readonly nextAt: Temporal.Instant | null;
  /** `served` of each share afterwards. */
  readonly served: Readonly<Record<string, number>>;
};

/** A domain that put off whatever came lately: nothing goes there through the account before that time, and then one message to try. */
export type Hold = {
  readonly account: string;
  readonly domain: string;
  readonly until: Temporal.Instant;
  /** How often in a row it was held. */
  readonly times: number;
};

type Candidate = Pick<Share, 'served'> & { readonly account: Pick<Account, 'weight'> };

/** Whose turn it is: of those that can, the one farthest behind its weight, the first of equals. */
export function chooseShare<T extends Candidate>(able: readonly T[]): T | null {
  let chosen: T | null = null;
  for (const share of able) if (!chosen || turnOf(share) < turnOf(chosen)) chosen = share;
  return chosen;
}

/** What one that cannot take its share now counts as served: it is given to the others, and not made up for later. */
export function forgo(share: Candidate, chosen: Candidate): number {
  const { weight } = share.account;
  return Math.max(share.served, (chosen.served / chosen.account.weight) * weight);
}

function turnOf({ served, account }: Candidate): number {
  return (served + 1) / account.weight;
}
