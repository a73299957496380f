/** A date as readers of the publication write it: in its language, in its zone. */
import type { Publication } from '../../domain/publication.ts';

export function renderDate(date: Temporal.ZonedDateTime, { language, zone }: Publication): string {
  const format = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: zone });
  return format.format(new Date(date.epochMilliseconds));
}
