/**
 * Keeps the schedule. Which moments are due is a matter of the database and the calendar, never of a timer: cron only wakes us. So
 * no slot fires twice and none is forgotten, whatever the clock or the program did in between.
 */
import { isBacklog } from '../../domain/backlog.ts';
import { occurrences, parseSchedule } from '../../domain/cron.ts';
import type { Series } from '../../domain/publication.ts';
import { isSlotOfPost, nameSlotOfPost, type Slot, scheduledSlot } from '../../domain/slot.ts';
import type { FreezeReport, Freezer } from './freeze-digest.ts';
import { recordEach, sortDue } from './keep-each.ts';
import type { PreparedEntry } from '../entries/prepare-entries.ts';
import type { Renga } from '../renga.ts';

type Keeper = Freezer & Pick<Renga, 'series'>;

/** More slots than this in one absence are not worth a row each: only the newest can go out anyway. */
const SLOTS_AT_ONCE = 100;

export type SlotReport = { readonly slot: string; readonly result: FreezeReport };

/** Opens series that are new, records the slots that came due, and freezes what may go out by itself. */
export async function keepSlots(
  renga: Keeper,
  prepared: readonly PreparedEntry[],
): Promise<readonly SlotReport[]> {
  const reports: SlotReport[] = [];
  for (const series of renga.series) {
    const isOpening = (await openSeries(renga, series, prepared)) === 'opened';
    if (series.schedule.kind === 'each') {
      await recordEach(renga, series, prepared, isOpening);
      reports.push(...(await runEach(renga, series, prepared)));
      continue;
    }
    await recordDueSlots(renga, series);
    const report = await runDueSlot(renga, series, prepared);
    if (report) reports.push(report);
  }
  return reports;
}

/** The first time a series is seen: its slots count from now, and posts that are there already are mailed only if config says so. */
export async function openSeries(
  renga: Keeper,
  series: Series,
  prepared: readonly PreparedEntry[],
): Promise<'opened' | 'known'> {
  if (await renga.store.series.isOpen(series.name)) return 'known';
  const old = prepared.filter(({ post }) => isBacklog(series.backlog, post.publishedAt));
  const backlog = old.map(({ post }) => post.id);
  const result = await renga.store.series.open(series.name, renga.clock(), backlog);
  if (result === 'opened')
    renga.report({
      kind: 'series-opened',
      series: series.name,
      backlog: old.length > 0 ? old.length : prepared.length,
      included: old.length === 0,
    });
  return result;
}

async function recordDueSlots(renga: Keeper, series: Series): Promise<void> {
  const now = renga.clock();
  const since = await renga.store.series.consideredUntil(series.name);
  if (since === null || Temporal.Instant.compare(since, now) >= 0) return;
  const slots = slotsBetween(series, since, now).slice(-SLOTS_AT_ONCE);
  await renga.store.series.recordSlots(series.name, slots, now);
}

/** The slots of a schedule with since < due ≤ until, in order; none where each post is a slot. Pure. */
export function slotsBetween(
  series: Series,
  since: Temporal.Instant,
  until: Temporal.Instant,
): readonly Slot[] {
  if (series.schedule.kind === 'each') return [];
  const schedule = parseSchedule(series.schedule.cron);
  if (schedule === null)
    throw new Error(`The schedule of ${series.name} was not checked: ${series.schedule.cron}`);
  // A clock change moves local times by up to a day (Samoa skipped one): look that much further on both sides, then keep what is due between.
  const local = (moment: Temporal.Instant): Temporal.PlainDateTime =>
    moment.toZonedDateTimeISO(series.zone).toPlainDateTime();
  const slots: Slot[] = [];
  for (const moment of occurrences(
    schedule,
    local(since).subtract({ days: 1 }),
    local(until).add({ days: 1 }),
  )) {
    const slot = scheduledSlot(series.name, moment, series.zone);
    const isBetween =
      Temporal.Instant.compare(slot.dueAt, since) > 0 && Temporal.Instant.compare(slot.dueAt, until) <= 0;
    if (isBetween) slots.push(slot);
  }
  return slots;
}

/** The newest due slot goes out, if it is not too late for that; older ones fold into it. */
async function runDueSlot(
  renga: Keeper,
  series: Series,
  prepared: readonly PreparedEntry[],
): Promise<SlotReport | null> {
  const due = await renga.store.series.slots({ series: series.name, state: 'due' });
  const inOrder = due.toSorted((a, b) => Temporal.Instant.compare(a.dueAt, b.dueAt));
  const newest = inOrder.at(-1);
  if (!newest) return null;
  if (isLate(renga, newest)) {
    await leaveToPerson(renga, inOrder);
    return null;
  }
  // First: a program that dies after the freeze must leave no older slot behind that would send another digest.
  await foldOlder(renga, inOrder.slice(0, -1));
  const result = await runSlot(renga, series, newest, prepared);
  return { slot: newest.name, result };
}

/** Whether a slot that came due is too old to go out by itself. */
export function isLate({ settings, clock }: Pick<Renga, 'settings' | 'clock'>, { dueAt }: Slot): boolean {
  return Temporal.Instant.compare(dueAt.add(settings.delivery.grace), clock()) < 0;
}

/** Every due post by itself, the oldest first. */
async function runEach(
  renga: Keeper,
  series: Series,
  prepared: readonly PreparedEntry[],
): Promise<readonly SlotReport[]> {
  const due = await renga.store.series.slots({ series: series.name, state: 'due' });
  const reports: SlotReport[] = [];
  for (const { slot, what } of sortDue(series, due, prepared)) {
    if (what === 'fold') await foldOlder(renga, [slot]);
    else if (isLate(renga, slot)) await leaveToPerson(renga, [slot]);
    else if (what === 'run')
      reports.push({ slot: slot.name, result: await runSlot(renga, series, slot, prepared) });
  }
  return reports;
}

async function leaveToPerson(renga: Keeper, slots: readonly Slot[]): Promise<void> {
  await foldOlder(renga, slots.slice(0, -1));
  const newest = slots.at(-1);
  if (newest && (await renga.store.series.decideSlot(newest.name, 'missed', renga.clock()))) {
    renga.report({ kind: 'slot-missed', slot: newest.name });
  }
}

async function foldOlder(renga: Keeper, slots: readonly Slot[]): Promise<void> {
  for (const slot of slots) await renga.store.series.decideSlot(slot.name, 'folded', renga.clock());
}

/** Freezes one slot's digest, or records that there was nothing to send. */
export async function runSlot(
  renga: Keeper,
  series: Series,
  slot: Slot,
  prepared: readonly PreparedEntry[],
): Promise<FreezeReport> {
  const isOfPost = isSlotOfPost(slot);
  // Loaded when a slot is due: most runs have none.
  const { freezeDigest } = await import('./freeze-digest.ts');
  const result = await freezeDigest(renga, series, slot, prepared, isOfPost ? 1 : series.minimum);
  if (result.kind === 'nothing-to-send') {
    // Its only moment is over.
    if (isOfPost) await passPost(renga, slot, prepared);
    await renga.store.series.decideSlot(slot.name, 'empty', renga.clock());
    renga.report({ kind: 'slot-empty', slot: slot.name, reason: result.reason });
  }
  return result;
}

async function passPost({ store }: Keeper, slot: Slot, prepared: readonly PreparedEntry[]): Promise<void> {
  const own = prepared.filter(({ post }) => nameSlotOfPost(slot.series, post.id) === slot.name);
  await store.series.pass(
    slot.series,
    own.map(({ post }) => post.id),
  );
}

/** When a series goes out next, by its schedule alone. */
export function nextSlot(series: Series, now: Temporal.Instant): Slot | null {
  for (const days of [8, 62, 400, 1830]) {
    const [slot] = slotsBetween(series, now, now.add({ hours: days * 24 }));
    if (slot) return slot;
  }
  return null;
}
