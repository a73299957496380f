/** What comes next: each series' next slot, with the posts and the subscribers it would have if nothing changed. */
import { isBacklog } from '../../domain/backlog.ts';
import type { Series } from '../../domain/publication.ts';
import { listWithoutSlot } from './keep-each.ts';
import { nextSlot } from './keep-slots.ts';
import type { Renga } from '../renga.ts';

export type Forecast = {
  readonly series: string;
  /** Both null for a series that sends each post by itself: as soon as there is one. */
  readonly slot: string | null;
  readonly dueAt: Temporal.Instant | null;
  /** The series' zone, for showing `dueAt`. */
  readonly zone: string;
  readonly posts: number;
  readonly subscribers: number;
};

/** A series' next slot by its schedule alone; null where it never comes. */
export function forecastSlot(
  series: Series,
  now: Temporal.Instant,
): Pick<Forecast, 'series' | 'slot' | 'dueAt' | 'zone'> | null {
  const { name, zone } = series;
  if (series.schedule.kind === 'each') return { series: name, slot: null, dueAt: null, zone };
  const slot = nextSlot(series, now);
  return slot && { series: name, slot: slot.name, dueAt: slot.dueAt, zone };
}

/**
 * `mailable`: ids of all posts that readers may see, and that digests may carry. `published`: since when, asked of a series that was never run yet; a post
 * of which it does not know is backlog.
 */
export async function forecastNext(
  renga: Pick<Renga, 'series' | 'store' | 'clock'>,
  mailable: readonly string[],
  published: ReadonlyMap<string, Pick<Temporal.Instant, 'epochMilliseconds'>> = new Map(),
): Promise<readonly Forecast[]> {
  const forecasts: Forecast[] = [];
  for (const series of renga.series) {
    const slot = forecastSlot(series, renga.clock());
    if (!slot) continue;
    const posts = await countDraft(renga, series, await leaveBacklogById(renga, series, mailable, published));
    const subscribers = await renga.store.subscribers.audience(series.name, renga.clock());
    forecasts.push({ ...slot, posts, subscribers });
  }
  return forecasts;
}

/** Without what a series that was never run yet would leave out. */
async function leaveBacklogById(
  renga: Pick<Renga, 'store'>,
  { name, backlog }: Series,
  mailable: readonly string[],
  published: ReadonlyMap<string, Pick<Temporal.Instant, 'epochMilliseconds'>>,
): Promise<readonly string[]> {
  if (await renga.store.series.isOpen(name)) return mailable;
  return mailable.filter((id) => {
    const publishedAt = published.get(id);
    return publishedAt !== undefined && !isBacklog(backlog, publishedAt);
  });
}

async function countDraft(
  renga: Pick<Renga, 'store'>,
  series: Series,
  mailable: readonly string[],
): Promise<number> {
  if (series.schedule.kind === 'each') return (await listWithoutSlot(renga, series, mailable)).length;
  // As `draftDigest` chooses, which needs whole posts.
  const carried = await renga.store.series.carried(series.name);
  return mailable.filter((id) => !carried.has(id)).length;
}
