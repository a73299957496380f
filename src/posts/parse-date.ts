/**
 * Text → date, in the forms authors write: ISO 8601 with or without time and zone, and English long form. A date that could be
 * two days, or none, is refused by name: a post dated wrongly is worse than one left out.
 */

export type DateReading =
  /** In the publication's zone, to the second. */
  | { readonly kind: 'date'; readonly at: Temporal.ZonedDateTime }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'not-a-date' };

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH_NAMES =
  'jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?';
const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const WEEKDAY_NAMES =
  'mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?';

const WEEKDAY = `(?:(?<weekday>${WEEKDAY_NAMES})\\.?,?\\s+)?`;
const DAY = '(?<day>\\d{1,2})(?:st|nd|rd|th)?';
const MONTH = `(?<month>${MONTH_NAMES})\\.?`;
const MONTH_FIRST = `${WEEKDAY}${MONTH}\\s+${DAY},?\\s+(?<year>\\d{4})`;
const DAY_FIRST = `${WEEKDAY}(?:the\\s+)?${DAY}(?:\\s+of)?\\s+${MONTH},?\\s+(?<year>\\d{4})`;
const TIME = '(?<time>\\d{2}:\\d{2}(?::\\d{2}(?:[.,]\\d{1,9})?)?)';
const OFFSET = '(?<offset>z|utc|[+-]\\d{2}(?::?\\d{2})?)';
const ISO = `(?<date>\\d{4}-\\d{2}-\\d{2})(?:(?:t|\\s+)${TIME}(?:\\s*${OFFSET})?(?:\\[(?<zone>[\\w/+-]+)\\])?)?`;

const FORMS = [ISO, MONTH_FIRST, DAY_FIRST];
const WHOLE = FORMS.map((form) => new RegExp(`^${form}$`, 'i'));
const OPENING = FORMS.map((form) => new RegExp(`^${form}(?![\\w/-])`, 'i'));
const NUMBERS = /^(?:(\d{1,2})([/.-])(\d{1,2})\2(\d{4})|(\d{4})([/.])(\d{1,2})\6(\d{1,2}))$/;

/** The longest date there is to write, with room. */
const LONGEST = 80;

/** Text that is nothing but a date → that date, read in `zone` unless it names its own. */
export function parseDate(text: string, zone: string): DateReading {
  const written = text.trim();
  if (written.length > LONGEST) return { kind: 'not-a-date' };
  if (NUMBERS.test(written)) return refuseNumbers(written);
  const match = firstMatch(WHOLE, written);
  return match ? readMatch(match, written, zone) : { kind: 'not-a-date' };
}

/** The date that text opens with (`November 11, 2024. It feels …`), or null. */
export function parseOpeningDate(text: string, zone: string): Temporal.ZonedDateTime | null {
  const match = firstMatch(OPENING, text.slice(0, LONGEST).replace(/^ {0,3}[*_]{0,3}/, ''));
  if (!match) return null;
  const reading = readMatch(match, match[0], zone);
  return reading.kind === 'date' ? reading.at : null;
}

function firstMatch(forms: readonly RegExp[], text: string): RegExpExecArray | null {
  for (const form of forms) {
    const match = form.exec(text);
    if (match) return match;
  }
  return null;
}

function readMatch(match: RegExpExecArray, written: string, zone: string): DateReading {
  const groups = match.groups ?? {};
  try {
    const at = groups['date'] === undefined ? readLongForm(groups, zone) : readIso(groups, zone);
    if (at && at.year < FIRST_YEAR) return refuseEmpty(written);
    return at
      ? { kind: 'date', at: at.withTimeZone(zone).round({ smallestUnit: 'second', roundingMode: 'floor' }) }
      : {
          kind: 'refused',
          reason: `the date "${written}" has the wrong day of the week: correct one of the two`,
        };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { kind: 'refused', reason: `the date "${written}" does not exist: write the day that is meant` };
  }
}

/** There are no older posts. `0001-01-01` is how some generators (Hugo) write that there is no date, and many a reader takes that for 2001. */
const FIRST_YEAR = 1000;

function refuseEmpty(written: string): DateReading {
  const reason = `the date "${written}" is long before any post: write the day that is meant, or leave the line out`;
  return { kind: 'refused', reason };
}

type Groups = Readonly<Record<string, string | undefined>>;

/** Null when the weekday it names is another day's. */
function readLongForm(groups: Groups, zone: string): Temporal.ZonedDateTime | null {
  const { weekday, day, month, year } = groups as {
    weekday?: string;
    day: string;
    month: string;
    year: string;
  };
  const monthNumber = MONTHS.indexOf(month.slice(0, 3).toLowerCase()) + 1;
  const date = Temporal.PlainDate.from(
    { year: Number(year), month: monthNumber, day: Number(day) },
    { overflow: 'reject' },
  );
  const isMeant =
    weekday === undefined || WEEKDAYS.indexOf(weekday.slice(0, 3).toLowerCase()) + 1 === date.dayOfWeek;
  return isMeant ? date.toZonedDateTime(zone) : null;
}

function readIso(groups: Groups, zone: string): Temporal.ZonedDateTime {
  const {
    date,
    time,
    offset,
    zone: named,
  } = groups as { date: string; time?: string; offset?: string; zone?: string };
  const day = Temporal.PlainDate.from(date, { overflow: 'reject' });
  if (time === undefined) return day.toZonedDateTime(zone);
  const local = `${date}T${refuseLeapSecond(time.replace(',', '.'))}`;
  if (named !== undefined) {
    return Temporal.ZonedDateTime.from(`${local}${renderOffset(offset)}[${named}]`, { offset: 'reject' });
  }
  if (offset !== undefined)
    return Temporal.Instant.from(local + renderOffset(offset)).toZonedDateTimeISO(zone);
  return Temporal.PlainDateTime.from(local, { overflow: 'reject' }).toZonedDateTime(zone);
}

/** Temporal reads `:60` as `:59`; a post has no business there. */
function refuseLeapSecond(time: string): string {
  if (time.slice(6, 8) === '60') throw new RangeError('leap second');
  return time;
}

function renderOffset(offset: string | undefined): string {
  return offset === undefined ? '' : /^(?:z|utc)$/i.test(offset) ? 'Z' : offset;
}

/** `11/02/2026` is two days, and `25/12/2026` is in no form worth learning: the reason offers what may be meant. */
function refuseNumbers(written: string): DateReading {
  const [, first = '', , second = '', lastYear, year = lastYear ?? '', , month = '', day = ''] =
    NUMBERS.exec(written) ?? [];
  const pairs =
    lastYear === undefined
      ? [[month, day]]
      : [
          [second, first],
          [first, second],
        ];
  const meant = new Set(
    pairs.map(([month = '', day = '']) => `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`),
  );
  const possible = [...meant].filter(isDay);
  const quality =
    possible.length > 1
      ? 'is ambiguous'
      : possible.length === 1
        ? 'is in no form Renga reads'
        : 'does not exist';
  const advice = possible.length > 0 ? `write ${possible.join(' or ')}` : 'write the day that is meant';
  return { kind: 'refused', reason: `the date "${written}" ${quality}: ${advice}` };
}

/** Whether `YYYY-MM-DD` is a day of the calendar. */
export function isDay(text: string): boolean {
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString() === text;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
