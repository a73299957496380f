/** The whole as it stands: digests with counts that add up, slots, and what needs a person. Derived from rows, stored nowhere. */
import type { DeliveryCounts } from '../domain/delivery.ts';
import { isRunning, type Pause } from '../domain/pause.ts';
import type { SlotRecord } from '../domain/slot.ts';
import type { SubscriberState } from '../domain/subscriber.ts';
import { type Forecast, forecastSlot } from './digests/forecast.ts';
import { findRefusal } from './delivery/keep-journal.ts';
import { type SharingStatus, showSharing } from './sharing/show-sharing.ts';
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
  /** Null where there are neither targets nor hubs. */
  readonly sharing: SharingStatus | null;
  /** One line each, with what to do. */
  readonly problems: readonly string[];
};

type Viewer = Pick<
  Renga,
  'series' | 'settings' | 'store' | 'journal' | 'clock' | 'root' | 'cache' | 'targets' | 'websub'
>;

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
      return forecastSlot(series, renga.clock()) ?? [];
    }),
    subscribers: await store.subscribers.counts(),
    sharing: await showSharing(renga),
    problems: await findProblems(renga, digests, slots),
  };
}

async function findProblems(
  renga: Viewer,
  digests: Status['digests'],
  slots: Status['slots'],
): Promise<readonly string[]> {
  const refusal = await findRefusal(renga);
  const refused = refusal ? [`${refusal.message} (${refusal.hint})`] : [];
  const paused = (await renga.store.ledger.pauses())
    .filter((pause) => isRunning(pause, renga.clock()))
    .map(renderPause);
  const missed = slots
    .filter((slot) => slot.state === 'missed')
    .map(
      (slot) => `${slot.name} was missed: renga slots run "${slot.name}", or renga slots skip "${slot.name}"`,
    );
  const doubtful = renga.settings.delivery.inDoubt === 'retry' ? [] : await findDoubts(renga, digests);
  return [...refused, ...paused, ...missed, ...doubtful];
}

function renderPause({ scope, reason, hint }: Pause): string {
  return scope.kind === 'all' ? `delivery is paused: ${reason} (${hint})` : `${reason} (${hint})`;
}

/** What waits for a decision: doubt that a person let stand is none. */
async function findDoubts(
  { store }: Pick<Renga, 'store'>,
  digests: Status['digests'],
): Promise<readonly string[]> {
  const undecided = await Promise.all(
    digests
      .filter(({ deliveries }) => deliveries['in-doubt'] > 0)
      .map(async ({ number }) => ({ number, doubts: await store.repairs.undecided(number) })),
  );
  return undecided
    .filter(({ doubts }) => doubts > 0)
    .map(
      ({ number, doubts }) =>
        `digest ${number} has ${doubts} deliveries in doubt: renga deliveries ${number} --state in-doubt, then renga deliveries resolve ${number}`,
    );
}
