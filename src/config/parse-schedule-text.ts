/** A schedule as people say it (`Monday 09:00`, `weekdays 08:00`, `each`) or as cron says it → one that does occur. */
import { occurrences, parseSchedule } from '../domain/cron.ts';
import type { SeriesSchedule } from '../domain/publication.ts';

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const GROUPS: ReadonlyMap<string, string> = new Map([
  ['daily', '*'],
  ['day', '*'],
  ['weekday', '1-5'],
  ['weekend', '6,7'],
]);
const SPOKEN = /^(?:every\s+)?(.+?)\s+(?:at\s+)?([01]?\d|2[0-3]):([0-5]\d)$/i;

export type ScheduleReading =
  | SeriesSchedule
  | { readonly kind: 'not-a-schedule' }
  /** It makes sense and no day fits it: 30 February. */
  | { readonly kind: 'never' };

export function parseScheduleText(text: string): ScheduleReading {
  if (/^each(?: post)?$/i.test(text.trim())) return { kind: 'each' };
  const cron = parseSpoken(text.trim()) ?? text.trim().replace(/\s+/g, ' ');
  if (parseSchedule(cron) === null) return { kind: 'not-a-schedule' };
  return occurs(cron) ? { kind: 'cron', cron } : { kind: 'never' };
}

function parseSpoken(text: string): string | null {
  const [, days = '', hour, minute] = SPOKEN.exec(text) ?? [];
  const weekdays = parseDays(days.toLowerCase());
  return weekdays === null ? null : `${Number(minute)} ${Number(hour)} * * ${weekdays}`;
}

/** One group (`weekdays`), or days in any number (`Mon, Wed and Friday`). */
function parseDays(text: string): string | null {
  const group = GROUPS.get(text.replace(/^(weekday|weekend)s$/, '$1'));
  if (group !== undefined) return group;
  const names = text.split(/\s*,\s*(?:and\s+)?|\s+and\s+/);
  const numbers = names.map(parseDay);
  return numbers.includes(0) ? null : numbers.join(',');
}

/** 1 (Monday) … 7, or 0: at least three letters of the day's name, or its plural. */
function parseDay(name: string): number {
  const singular = name.replace(/days$/, 'day');
  return singular.length < 3 ? 0 : DAYS.findIndex((day) => day.startsWith(singular)) + 1;
}

/** In 28 years every day of the year, 29 February too, falls on every day of the week. Which 28 is all the same, so no clock is asked. */
function occurs(cron: string): boolean {
  const schedule = parseSchedule(cron);
  const start = Temporal.PlainDateTime.from('2000-01-01T00:00');
  const [first] = schedule ? occurrences(schedule, start, start.add({ years: 28 })).take(1) : [];
  return first !== undefined;
}
