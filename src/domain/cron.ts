/**
 * A schedule as local times: five cron fields (minute, hour, day of month, month, day of week), all of which must
 * match. Clock changes are not its business: it yields wall-clock minutes, and `slot.ts` finds their instants.
 */

/** Which values each field allows. */
export type Schedule = {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  /** 1 (Monday) … 7 (Sunday), as ISO 8601 and Temporal count. */
  readonly weekdays: ReadonlySet<number>;
};

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** Five fields of numbers, names, `*`, lists, ranges and steps → schedule, or null when a field makes no sense. */
export function parseSchedule(text: string): Schedule | null {
  const fields = text.trim().toLowerCase().split(/\s+/);
  if (fields.length !== 5) return null;
  const minutes = parseField(fields[0], 0, 59);
  const hours = parseField(fields[1], 0, 23);
  const days = parseField(fields[2], 1, 31);
  const months = parseField(fields[3], 1, 12, MONTHS, 1);
  const weekdays = parseField(fields[4], 0, 7, WEEKDAYS, 0);
  if (!minutes || !hours || !days || !months || !weekdays) return null;
  return {
    minutes,
    hours,
    days,
    months,
    weekdays: new Set([...weekdays].map((day) => (day === 0 ? 7 : day))),
  };
}

function parseField(
  field: string | undefined,
  low: number,
  high: number,
  names: readonly string[] = [],
  firstName = 0,
): Set<number> | null {
  const values = new Set<number>();
  const parseValue = (text: string): number =>
    names.includes(text) ? names.indexOf(text) + firstName : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  for (const part of (field ?? '').split(',')) {
    const match = /^(\*|[a-z0-9]+)(?:-([a-z0-9]+))?(?:\/(\d+))?$/.exec(part);
    if (!match) return null;
    const [, from = '', to, step] = match;
    const start = from === '*' ? low : parseValue(from);
    const end = from === '*' || (step && !to) ? high : to ? parseValue(to) : start;
    const stride = step ? Number(step) : 1;
    if (!(start >= low && end <= high && start <= end && stride > 0) || (from === '*' && to)) return null;
    for (let value = start; value <= end; value += stride) values.add(value);
  }
  return values;
}

/** Wall-clock minutes of the schedule after `after`, up to and with `until`, in order. */
export function* occurrences(
  schedule: Schedule,
  after: Temporal.PlainDateTime,
  until: Temporal.PlainDateTime,
): Generator<Temporal.PlainDateTime> {
  let day = after.toPlainDate();
  for (; Temporal.PlainDate.compare(day, until.toPlainDate()) <= 0; day = day.add({ days: 1 })) {
    if (
      !schedule.months.has(day.month) ||
      !schedule.days.has(day.day) ||
      !schedule.weekdays.has(day.dayOfWeek)
    ) {
      continue;
    }
    for (const time of timesOfDay(schedule)) {
      const moment = day.toPlainDateTime(time);
      const isInside =
        Temporal.PlainDateTime.compare(moment, after) > 0 &&
        Temporal.PlainDateTime.compare(moment, until) <= 0;
      if (isInside) yield moment;
    }
  }
}

function* timesOfDay(schedule: Schedule): Generator<Temporal.PlainTime> {
  const ascending = (a: number, b: number): number => a - b;
  for (const hour of [...schedule.hours].toSorted(ascending)) {
    for (const minute of [...schedule.minutes].toSorted(ascending)) {
      yield Temporal.PlainTime.from({ hour, minute });
    }
  }
}

/** The first wall-clock minute after `after`, or null when none comes within five years (30 February). */
export function nextOccurrence(
  schedule: Schedule,
  after: Temporal.PlainDateTime,
): Temporal.PlainDateTime | null {
  const [first] = occurrences(schedule, after, after.add({ years: 5 })).take(1);
  return first ?? null;
}
