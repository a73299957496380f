/** How numbers, dates and counts are said in the terminal. */
import { DELIVERY_STATES, type DeliveryCounts } from '../domain/delivery.ts';

/** `1 post`, `3 posts`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
}

/**
 * `Monday, November 23, 2026, 09:00 Europe/Berlin`. The terminal speaks English: of the kind that the publication is in, whose documents have
 * their dates so, and else of the kind that the plain tag `en` means there too.
 */
export function renderMoment(moment: Temporal.Instant, zone: string, language: string): string {
  const local = moment.toZonedDateTimeISO(zone);
  const day = local.toLocaleString(/^en(?:-|$)/i.test(language) ? language : 'en', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  });
  return `${day}, ${local.toPlainTime().toString({ smallestUnit: 'minute' })} ${zone}`;
}

/** `3 accepted, 1 deferred`; only the states that occur. */
export function renderCounts(counts: DeliveryCounts): string {
  const said = DELIVERY_STATES.filter((state) => counts[state] > 0).map(
    (state) => `${counts[state].toLocaleString('en')} ${state}`,
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
