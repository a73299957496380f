/** Figures for a monitoring system: how things stand, and what happened since the program started. */
import type { DeliveryCounts } from '../../domain/delivery.ts';
import { isRunning } from '../../domain/pause.ts';
import type { SubscriberState } from '../../domain/subscriber.ts';
import type { Renga } from '../renga.ts';
import type { Tally } from '../tally.ts';

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
