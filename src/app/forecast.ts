/** What comes next: each series' next slot, with the posts and the subscribers it would have if nothing changed. */
import { nextSlot } from './keep-slots.ts';
import type { Renga } from './renga.ts';

export type Forecast = {
  readonly series: string;
  readonly slot: string;
  readonly dueAt: Temporal.Instant;
  /** The series' zone, for showing `dueAt`. */
  readonly zone: string;
  readonly posts: number;
  readonly subscribers: number;
};

/** `published`: ids of all posts that readers may see. */
export async function forecastNext(
  renga: Pick<Renga, 'series' | 'store' | 'clock'>,
  published: readonly string[],
): Promise<readonly Forecast[]> {
  const forecasts: Forecast[] = [];
  for (const series of renga.series) {
    const slot = nextSlot(series, renga.clock());
    if (!slot) continue;
    const draft = await countDraft(renga, series, published);
    const subscribers = await renga.store.subscribers.audience(series.name, renga.clock());
    forecasts.push({
      series: series.name,
      slot: slot.name,
      dueAt: slot.dueAt,
      zone: series.zone,
      posts: draft,
      subscribers,
    });
  }
  return forecasts;
}

/** A series that was never run yet would leave its backlog out, unless it includes it. */
async function countDraft(
  renga: Pick<Renga, 'store'>,
  series: Renga['series'][number],
  published: readonly string[],
): Promise<number> {
  if (series.backlog === 'skip' && !(await renga.store.series.isOpen(series.name))) return 0;
  // As `draftDigest` chooses, which needs whole posts.
  const carried = await renga.store.series.carried(series.name);
  return published.filter((id) => !carried.has(id)).length;
}
