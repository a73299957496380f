/** How the inbox writes moments, sizes and mailboxes for people. */

/** `Mon, 16 Nov 2026, 09:00` in the publication's zone. */
export function renderMoment(moment: Temporal.Instant, zone: string): string {
  return moment.toZonedDateTimeISO(zone).toLocaleString('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  });
}

/** `67 kB`, counted in thousands and rounded up: no mail weighs nothing. */
export function renderSize(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** Mailboxes as a header has them → without the quotation marks a plain name does not need; `nobody named` for none. */
export function renderPeople(text: string): string {
  return text.replace(/"([\p{L}\p{N}\p{M}\p{Zs}.'’&-]*)"/gu, '$1') || 'nobody named';
}
