/** When a series comes, in plain words and in the language of the page: `every Monday at 09:00`. */
import { nextOccurrence, parseSchedule, type Schedule } from '../../domain/cron.ts';
import type { Series } from '../../domain/publication.ts';
import type { Texts } from '../../domain/texts.ts';

/** A Monday, to count weekdays from. */
const MONDAY = Temporal.PlainDate.from('2026-11-16');

/** A schedule that has no short name is told by when it is due next; '' where that is never. */
export function describeSchedule(
  { schedule, zone }: Pick<Series, 'schedule' | 'zone'>,
  texts: Texts,
  now: Temporal.Instant,
): string {
  if (schedule.kind === 'each') return texts.say('schedule.each');
  const parsed = parseSchedule(schedule.cron);
  if (!parsed) throw new Error(`The schedule was not checked: ${schedule.cron}`);
  return describeCommon(parsed, texts) ?? describeNext(parsed, texts, now.toZonedDateTimeISO(zone));
}

/** Once a day, on some weekdays, or on one day of the month; null for what is more intricate. */
function describeCommon({ minutes, hours, days, months, weekdays }: Schedule, texts: Texts): string | null {
  const [[minute], [hour]] = [minutes, hours];
  const isOnceADay = minutes.size === 1 && hours.size === 1;
  if (!isOnceADay || months.size < 12) return null;
  const { language } = texts;
  const time = Temporal.PlainTime.from({ hour, minute }).toLocaleString(language, { timeStyle: 'short' });
  if (days.size === 31 && weekdays.size === 7) return texts.say('schedule.daily', { time });
  if (days.size === 31) return texts.say('schedule.weekly', { days: listWeekdays(weekdays, language), time });
  const [day] = days;
  if (days.size > 1 || weekdays.size < 7) return null;
  return texts.say('schedule.monthly', { day: String(day), time });
}

function listWeekdays(weekdays: ReadonlySet<number>, language: string): string {
  const names = [...weekdays]
    .toSorted((one, other) => one - other)
    .map((day) => MONDAY.add({ days: day - 1 }).toLocaleString(language, { weekday: 'long' }));
  return new Intl.ListFormat(language).format(names);
}

function describeNext(schedule: Schedule, texts: Texts, now: Temporal.ZonedDateTime): string {
  const next = nextOccurrence(schedule, now.toPlainDateTime());
  if (next === null) return '';
  const date = next.toLocaleString(texts.language, { dateStyle: 'long', timeStyle: 'short' });
  return texts.say('schedule.next', { date });
}
