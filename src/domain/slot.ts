/**
 * The slot: one due moment of a series, by name. The name holds the *local* due time, so that autumn's repeated hour
 * is one slot and spring's missing hour is still one, due at the first instant that exists. In a series that sends each post it holds the post's id,
 * so that a post is one slot whatever becomes of its dates.
 */
import { hash } from 'node:crypto';

export type Slot = {
  readonly series: string;
  /** `weekly 2026-11-16T09:00`, `weekly by hand 2026-11-18T20:14`, or `letters each tag:example.org,2026-11-16:frost`. */
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

/** Longer ids end in a hash: names are shown, typed and indexed. */
const LONGEST_ID = 120;

/** The slot of one post, in a series that sends each by itself. The name is safe to print and to paste in double quotes: ids come from front matter. */
export function slotOfPost(series: string, post: string, dueAt: Temporal.Instant): Slot {
  return { series, name: nameSlotOfPost(series, post), dueAt };
}

/** Its name alone. Two posts never have the same. */
export function nameSlotOfPost(series: string, post: string): string {
  const plain = post.toWellFormed().replace(/[^\w:,./@+-]/gu, encodeCharacter);
  const short = `${plain.slice(0, LONGEST_ID)}~${hash('sha256', post).slice(0, 32)}`;
  return `${series} each ${plain.length > LONGEST_ID ? short : plain}`;
}

/** Percent and two digits for each byte, as in URLs, and of no character a byte stands for itself: `~` is only before a hash. */
function encodeCharacter(character: string): string {
  const bytes = [...new TextEncoder().encode(character)];
  return bytes.map((byte) => `%${byte.toString(16).padStart(2, '0').toUpperCase()}`).join('');
}

/** Whether its digest is one post, and which is told by `nameSlotOfPost`. */
export function isSlotOfPost({ series, name }: Pick<Slot, 'series' | 'name'>): boolean {
  return name.startsWith(`${series} each `);
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
