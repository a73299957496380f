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

/** What a field may say: numbers from `low` to `high`, or names for them, counted from `firstName`. */
type Field = {
  readonly low: number;
  readonly high: number;
  readonly names?: readonly string[];
  readonly firstName?: number;
};

const MINUTE: Field = { low: 0, high: 59 };
const HOUR: Field = { low: 0, high: 23 };
const DAY: Field = { low: 1, high: 31 };
const MONTH: Field = {
  low: 1,
  high: 12,
  names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  firstName: 1,
};
/** Sunday is 0 and 7. */
const WEEKDAY: Field = {
  low: 0,
  high: 7,
  names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
};

const PART = /^(\*|[a-z0-9]+)(?:-([a-z0-9]+))?(?:\/(\d+))?$/;

/** Five fields of numbers, names, `*`, lists, ranges and steps → schedule, or null when a field makes no sense. */
export function parseSchedule(text: string): Schedule | null {
  const fields = text.trim().toLowerCase().split(/\s+/);
  if (fields.length !== 5) return null;
  const [minute, hour, day, month, weekday] = fields;
  const minutes = parseField(minute, MINUTE);
  const hours = parseField(hour, HOUR);
  const days = parseField(day, DAY);
  const months = parseField(month, MONTH);
  const weekdays = parseField(weekday, WEEKDAY);
  if (!minutes || !hours || !days || !months || !weekdays) return null;
  return {
    minutes,
    hours,
    days,
    months,
    weekdays: new Set([...weekdays].map((day) => (day === 0 ? 7 : day))),
  };
}

function parseField(text: string | undefined, field: Field): ReadonlySet<number> | null {
  const values = new Set<number>();
  for (const part of (text ?? '').split(',')) {
    const span = parsePart(part, field);
    if (span === null) return null;
    for (let value = span.start; value <= span.end; value += span.stride) values.add(value);
  }
  return values;
}

type Span = { readonly start: number; readonly end: number; readonly stride: number };

/** One part of a list: `*`, `5`, `1-5`, each with a step behind it or without; a step alone (`5/10`) goes on to the field's end. */
function parsePart(part: string, field: Field): Span | null {
  const match = PART.exec(part);
  if (!match) return null;
  const [, from = '', to, step] = match;
  const stride = step === undefined ? 1 : Number(step);
  const range = from === '*' ? parseWhole(to, field) : parseRange(from, to, step !== undefined, field);
  return range !== null && stride > 0 ? { ...range, stride } : null;
}

/** `*` is the whole field already: there is no `*-5`. */
function parseWhole(to: string | undefined, { low, high }: Field): Omit<Span, 'stride'> | null {
  return to === undefined ? { start: low, end: high } : null;
}

function parseRange(
  from: string,
  to: string | undefined,
  hasStep: boolean,
  field: Field,
): Omit<Span, 'stride'> | null {
  const start = parseValue(from, field);
  const end = to === undefined ? (hasStep ? field.high : start) : parseValue(to, field);
  return start >= field.low && end <= field.high && start <= end ? { start, end } : null;
}

/** NaN, which no comparison lets through, for what is neither a number nor a name of the field. */
function parseValue(text: string, { names = [], firstName = 0 }: Field): number {
  if (names.includes(text)) return names.indexOf(text) + firstName;
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
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
