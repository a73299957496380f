/** What happened since the program started, counted. */
import type { Outcome } from '../domain/delivery.ts';
import type { Event } from './event.ts';

export type Tally = {
  readonly outcomes: Readonly<Record<Outcome['kind'], number>>;
  /** Rounds of publishing or delivering that ended with an error, and requests that could not be answered. */
  readonly failures: { readonly rounds: number; readonly requests: number };
};

/** Listens to events and keeps count. */
export function openTally(): { readonly add: (event: Event) => void; readonly read: () => Tally } {
  const outcomes = { accepted: 0, deferred: 0, rejected: 0, 'in-doubt': 0 };
  const failures = { rounds: 0, requests: 0 };
  return {
    add: (event) => {
      if (event.kind === 'settled') outcomes[event.outcome] += 1;
      else if (event.kind === 'round-failed') failures.rounds += 1;
      else if (event.kind === 'request-failed') failures.requests += 1;
    },
    read: () => ({ outcomes: { ...outcomes }, failures: { ...failures } }),
  };
}
