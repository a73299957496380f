/** The dates of feeds, held to what Temporal says of the same moments. */
import { assert, integer, property } from 'fast-check';
import { expect, it } from 'vitest';
import { atomDate, plainDate, rssDate, toSecond } from '../../../src/render/feeds/feed-dates.ts';

/** From the year 0 to far beyond four digits: an author may write any. */
const moments = integer({ min: -62_167_219_200_000, max: 8_640_000_000_000_000 }).map((milliseconds) =>
  Temporal.Instant.fromEpochMilliseconds(milliseconds),
);

it('are those of the whole second before', () => {
  assert(
    property(moments, (moment) => {
      const second = moment.round({ smallestUnit: 'second', roundingMode: 'floor' });
      expect(toSecond(moment)).toBe(second.epochMilliseconds);
      expect(plainDate(toSecond(moment))).toBe(second.toString());
      expect(atomDate(toSecond(moment))).toBe(second.toString({ smallestUnit: 'millisecond' }));
    }),
  );
});

it('name day and month in RSS', () => {
  assert(
    property(moments, (moment) => {
      const at = moment.toZonedDateTimeISO('UTC');
      const [, day, month, year, time] =
        /^(\w{3}, \d\d) (\w{3}) (\d{4,}) (\d\d:\d\d:\d\d) \+0000$/.exec(rssDate(toSecond(moment))) ?? [];
      const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
      const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
      expect(day).toBe(`${days[at.dayOfWeek - 1]}, ${String(at.day).padStart(2, '0')}`);
      expect(month).toBe(months[at.month - 1]);
      expect(Number(year)).toBe(at.year);
      expect(time).toBe(at.toPlainTime().toString({ smallestUnit: 'second', roundingMode: 'floor' }));
    }),
  );
});
