/** The whole as it stands: digests with counts that add up, slots, and what needs a person. Derived from rows, stored nowhere. */
import type { DeliveryCounts } from '../domain/delivery.ts';
import type { SlotRecord } from '../domain/slot.ts';
import type { SubscriberState } from '../domain/subscriber.ts';
import type { Forecast } from './forecast.ts';
import { nextSlot } from './keep-slots.ts';
import { runningPause } from './pause-delivery.ts';
import type { Renga } from './renga.ts';

export type Status = {
  readonly digests: readonly {
    readonly number: number;
    readonly series: string;
    readonly slot: string;
    readonly subject: string;
    readonly frozenAt: Temporal.Instant;
    readonly deliveries: DeliveryCounts;
  }[];
  readonly slots: readonly SlotRecord[];
  readonly next: readonly Pick<Forecast, 'series' | 'slot' | 'dueAt' | 'zone'>[];
  readonly subscribers: Readonly<Record<SubscriberState, number>>;
  /** One line each, with what to do. */
  readonly problems: readonly string[];
};

type Viewer = Pick<Renga, 'series' | 'settings' | 'store' | 'clock'>;

export async function showStatus(renga: Viewer): Promise<Status> {
  const { store } = renga;
  const archive = await store.digests.all();
  const digests = await Promise.all(
    archive.map(async ({ number, series, slot, subject, frozenAt }) => {
      return { number, series, slot, subject, frozenAt, deliveries: await store.ledger.counts(number) };
    }),
  );
  const slots = await store.series.slots();
  return {
    digests,
    slots,
    next: renga.series.flatMap((series) => {
      const slot = nextSlot(series, renga.clock());
      return slot ? [{ series: series.name, slot: slot.name, dueAt: slot.dueAt, zone: series.zone }] : [];
    }),
    subscribers: await store.subscribers.counts(),
    problems: await findProblems(renga, digests, slots),
  };
}

async function findProblems(
  renga: Viewer,
  digests: Status['digests'],
  slots: Status['slots'],
): Promise<readonly string[]> {
  const pause = await runningPause(renga);
  const paused = pause ? [`delivery is paused: ${pause.reason} (${pause.hint})`] : [];
  const missed = slots
    .filter((slot) => slot.state === 'missed')
    .map(
      (slot) => `${slot.name} was missed: renga slots run "${slot.name}", or renga slots skip "${slot.name}"`,
    );
  const doubtful = digests
    .filter((digest) => digest.deliveries['in-doubt'] > 0 && renga.settings.delivery.inDoubt !== 'retry')
    .map(
      (digest) =>
        `digest ${digest.number} has ${digest.deliveries['in-doubt']} deliveries in doubt: renga deliveries ${digest.number}`,
    );
  return [...paused, ...missed, ...doubtful];
}
