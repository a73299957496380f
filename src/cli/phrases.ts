/**
 * How numbers, dates and counts are said in the terminal. `Intl` says the same, but the first question to it takes as long as the rest of a short
 * run's end: only kinds of English other than the plain one are asked of it.
 */
import { DELIVERY_STATES, type DeliveryCounts } from '../domain/delivery.ts';

/** `12,345`, of a whole number. */
export function renderNumber(number: number): string {
  return String(number).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `1 post`, `3 posts`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${renderNumber(number)} ${number === 1 ? one : many}`;
}

/**
 * `Monday, November 23, 2026, 09:00 Europe/Berlin`. The terminal speaks English: of the kind that the publication is in, whose documents have
 * their dates so, and else of the kind that the plain tag `en` means there too.
 */
export function renderMoment(moment: Temporal.Instant, zone: string, language: string): string {
  const local = moment.toZonedDateTimeISO(zone);
  const day = /^en-(?!US$)/i.test(language)
    ? local.toLocaleString(language, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
    : renderDay(local);
  return `${day}, ${local.toPlainTime().toString({ smallestUnit: 'minute' })} ${zone}`;
}

const WEEKDAYS = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ');
const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);

function renderDay({ dayOfWeek, month, day, year }: Temporal.ZonedDateTime): string {
  return `${WEEKDAYS[dayOfWeek - 1]}, ${MONTHS[month - 1]} ${day}, ${year}`;
}

/** `3 accepted, 1 deferred`; only the states that occur. */
export function renderCounts(counts: DeliveryCounts): string {
  const said = DELIVERY_STATES.filter((state) => counts[state] > 0).map(
    (state) => `${renderNumber(counts[state])} ${state}`,
  );
  return said.length > 0 ? said.join(', ') : 'no deliveries';
}

/** Rows of two columns, the first padded to the widest. */
export function renderRows(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(0, ...rows.map(([label]) => label.length));
  return rows.map(([label, text]) => `  ${label.padEnd(width)}  ${text}\n`).join('');
}

/** `12 kB`: thousands, as Gmail counts them. */
export function renderBytes(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`;
  if (bytes >= 1e7) return `${(bytes / 1e6).toFixed(1)} MB`;
  return bytes < 1000 ? `${bytes} B` : `${(bytes / 1000).toFixed(bytes < 10_000 ? 1 : 0)} kB`;
}
