/** The schedule, on a day when nothing is due: time passes, and that it was looked at is recorded. No post is needed for it. */
import { listWithoutSlot } from './keep-each.ts';
import { slotsBetween } from './keep-slots.ts';
import type { Renga } from '../renga.ts';

/**
 * False, and nothing was done, when a series is new or a slot came due: then `keepSlots` must see the posts. `mailable`: ids of the published posts that
 * digests may carry, for a program may have died between publishing one and recording its slot.
 */
export async function passTime(
  renga: Pick<Renga, 'series' | 'store' | 'clock'>,
  mailable: readonly string[],
): Promise<boolean> {
  const now = renga.clock();
  for (const { name } of renga.series) {
    const due = await renga.store.series.slots({ series: name, state: 'due' });
    if (due.length > 0) return false;
  }
  for (const series of renga.series) {
    const since = await renga.store.series.consideredUntil(series.name);
    if (since === null || slotsBetween(series, since, now).length > 0) return false;
    const isEach = series.schedule.kind === 'each';
    if (isEach && (await listWithoutSlot(renga, series, mailable)).length > 0) return false;
  }
  for (const { name } of renga.series) await renga.store.series.recordSlots(name, [], now);
  return true;
}
