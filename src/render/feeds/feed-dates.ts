/**
 * The dates of a feed, each in the words of its format. A moment is milliseconds since the epoch here: feeds are rendered in a thread, and threads have no Temporal on
 * every Node.
 */

/** Of Temporal no more than that. */
export type Moment = Pick<Temporal.Instant, 'epochMilliseconds'>;

const SECOND = 1000;

/** RSS knows whole seconds: the same moment is said in all three formats. */
export function toSecond({ epochMilliseconds }: Moment): number {
  return Math.floor(epochMilliseconds / SECOND) * SECOND;
}

/** RSS Advisory Board profile: RFC 822 §5, with four digits of the year and a numeric zone. Of a whole second. */
export function rssDate(moment: number): string {
  return toDate(moment).toUTCString().replace('GMT', '+0000');
}

/** RFC 4287 §3.3, to the millisecond. */
export function atomDate(moment: number): string {
  return toDate(moment).toISOString();
}

/** RFC 3339, of a whole second. */
export function plainDate(moment: number): string {
  return toDate(moment).toISOString().replace('.000Z', 'Z');
}

export function toDate(moment: number): Date {
  return new Date(moment);
}
