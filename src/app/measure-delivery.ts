/** Figures for a monitoring system: how things stand, and what happened since the program started. */
import type { DeliveryCounts, Outcome } from '../domain/delivery.ts';
import { isRunning } from '../domain/pause.ts';
import type { SubscriberState } from '../domain/subscriber.ts';
import type { Event } from './event.ts';
import type { Renga } from './renga.ts';

/** What happened since the start. */
export type Tally = {
  readonly outcomes: Readonly<Record<Outcome['kind'], number>>;
  /** Rounds of publishing or delivering that ended with an error, and requests that could not be answered. */
  readonly failures: { readonly rounds: number; readonly requests: number };
};

export type Measures = Tally & {
  readonly version: string;
  readonly subscribers: Readonly<Record<SubscriberState, number>>;
  /** Deliveries that may be claimed now. */
  readonly waiting: number;
  /** The newest digest, or null before the first. */
  readonly newest: { readonly number: number; readonly deliveries: DeliveryCounts } | null;
  readonly pauses: number;
  /** Slots that wait for a person's word. */
  readonly missedSlots: number;
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

export async function measureDelivery(
  renga: Pick<Renga, 'store' | 'settings' | 'clock' | 'version' | 'tally'>,
): Promise<Measures> {
  const { ledger, digests, subscribers, series } = renga.store;
  const now = renga.clock();
  const newest = (await digests.nextNumber()) - 1;
  return {
    ...renga.tally(),
    version: renga.version,
    subscribers: await subscribers.counts(),
    waiting: await ledger.waiting(renga.settings.delivery.inDoubt, now),
    newest: newest > 0 ? { number: newest, deliveries: await ledger.counts(newest) } : null,
    pauses: (await ledger.pauses()).filter((pause) => isRunning(pause, now)).length,
    missedSlots: (await series.slots({ state: 'missed' })).length,
  };
}
