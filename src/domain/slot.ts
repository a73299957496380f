/**
 * The slot: one due moment of a series, by name. The name holds the *local* due time, so that autumn's repeated hour
 * is one slot and spring's missing hour is still one, due at the first instant that exists.
 */

export type Slot = {
  readonly series: string;
  /** `weekly 2026-11-16T09:00`, or `weekly by hand 2026-11-18T20:14`. */
  readonly name: string;
  readonly dueAt: Temporal.Instant;
};

/**
 * `due`: to be looked at. `taken`: a digest was frozen for it. `empty`: there was nothing (or too little) new.
 * `folded`: a later slot went out in its place. `missed`: later than the grace time, a person decides. `skipped`: decided against.
 * `cancelled`: its digest was stopped while it went out.
 */
export type SlotState = 'due' | 'taken' | 'empty' | 'folded' | 'missed' | 'skipped' | 'cancelled';

export type SlotRecord = Slot & { readonly state: SlotState; readonly digest: number | null };

/** The slot of a series at a local time in its zone. */
export function scheduledSlot(series: string, local: Temporal.PlainDateTime, zone: string): Slot {
  return { series, name: `${series} ${renderMinute(local)}`, dueAt: firstValidInstant(local, zone) };
}

/** The slot of a digest asked for by hand: one a minute, so that a double click is one digest. */
export function slotByHand(series: string, now: Temporal.Instant, zone: string): Slot {
  const local = now.toZonedDateTimeISO(zone).toPlainDateTime();
  return { series, name: `${series} by hand ${renderMinute(local)}`, dueAt: now };
}

function renderMinute(local: Temporal.PlainDateTime): string {
  return local.toString({ smallestUnit: 'minute' });
}

/** The instant of a local time; the first of two when it repeats, and the end of the gap when it does not exist. */
function firstValidInstant(local: Temporal.PlainDateTime, zone: string): Temporal.Instant {
  const earlier = local.toZonedDateTime(zone, { disambiguation: 'earlier' });
  if (earlier.toPlainDateTime().equals(local)) return earlier.toInstant();
  return (earlier.getTimeZoneTransition('next') ?? earlier).toInstant();
}
