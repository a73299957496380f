/** Times as lists have them → instants. Where no zone is said it is UTC, as it is in the exports of all programs we know. */

const TIME =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?))? ?(Z|UTC|GMT|[+-]\d\d:?\d\d)?(?: (?:UTC|GMT|[A-Z]{2,5}|[+-]\d{4}))?(?: m=\S+)?$/;

/** `2013-06-25 17:38:27`, ISO 8601, `2023-01-02 15:04:05.12 +0000 UTC` (Go's), a date alone. Null for anything else: 1/2/2024 may be in January or in February. */
export function parseListTime(text: string): Temporal.Instant | null {
  const [whole, date, time = '00:00', zone = 'Z'] = TIME.exec(text.trim()) ?? [];
  if (whole === undefined) return null;
  const offset = /^(?:UTC|GMT)$/.test(zone) ? 'Z' : zone;
  try {
    const instant = Temporal.Instant.from(`${date}T${time}${offset}`);
    return time.length > 12 ? instant.round('millisecond') : instant;
  } catch {
    // A month has no 31st day, an hour no 61st minute.
    return null;
  }
}
