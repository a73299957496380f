/** Dates as HTTP spells them (RFC 9110 §5.6.7, IMF-fixdate): whole seconds, always GMT. */

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const FIXDATE = /^[A-Z][a-z]{2}, (\d{2}) ([A-Z][a-z]{2}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) GMT$/;

/** Seconds since 1970 → `Sun, 06 Nov 1994 08:49:37 GMT`. */
export function renderHttpDate(seconds: number): string {
  const moment = Temporal.Instant.fromEpochMilliseconds(seconds * 1000).toZonedDateTimeISO('UTC');
  const pad = (value: number): string => String(value).padStart(2, '0');
  const day = `${DAYS[moment.dayOfWeek - 1]}, ${pad(moment.day)} ${MONTHS[moment.month - 1]}`;
  return `${day} ${String(moment.year).padStart(4, '0')} ${moment.toPlainTime().toString({ smallestUnit: 'second' })} GMT`;
}

/**
 * `Sun, 06 Nov 1994 08:49:37 GMT` → seconds since 1970; null for anything else. The two obsolete forms are not read: a condition
 * that is not understood is ignored (§13.1.3), which costs a body and is never wrong.
 */
export function parseHttpDate(text: string): number | null {
  const [, day, name = '', year, hour, minute, second] = FIXDATE.exec(text) ?? [];
  const month = MONTHS.indexOf(name) + 1;
  if (month === 0) return null;
  try {
    const pad = String(month).padStart(2, '0');
    return (
      Temporal.Instant.from(`${year}-${pad}-${day}T${hour}:${minute}:${second}Z`).epochMilliseconds / 1000
    );
  } catch {
    return null;
  }
}
