/** Text such as `48h`, `90m` or `1d 12h` → a span of time. */

const SPAN =
  /^(?:(?<days>\d{1,5})\s*d(?:ays?)?)?\s*(?:(?<hours>\d{1,5})\s*h(?:ours?)?)?\s*(?:(?<minutes>\d{1,5})\s*m(?:in(?:utes?)?)?)?$/i;

/** A day is 24 hours: the result has hours and minutes only, so that an instant can be moved by it. Null when it is no span. */
export function parseDuration(text: string): Temporal.Duration | null {
  const trimmed = text.trim();
  const groups = SPAN.exec(trimmed)?.groups;
  if (!groups || trimmed === '') return null;
  const read = (unit: string): number => Number(groups[unit] ?? 0);
  return Temporal.Duration.from({ hours: read('days') * 24 + read('hours'), minutes: read('minutes') });
}
