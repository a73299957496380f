/** Schedules as people say them. */
import { describe, expect, it } from 'vitest';
import { parseDuration } from '../../src/config/parse-duration.ts';
import { parseScheduleText } from '../../src/config/parse-schedule-text.ts';

describe('parseScheduleText', () => {
  it.each([
    ['Monday 09:00', '0 9 * * 1'],
    ['monday 9:05', '5 9 * * 1'],
    ['Sundays at 23:59', '59 23 * * 7'],
    ['every Friday 17:30', '30 17 * * 5'],
    ['Tue 06:00', '0 6 * * 2'],
    ['Monday and Thursday 18:30', '30 18 * * 1,4'],
    ['Mon, Wed and Friday 08:00', '0 8 * * 1,3,5'],
    ['Mon, Wed, and Fri 08:00', '0 8 * * 1,3,5'],
    ['daily 07:30', '30 7 * * *'],
    ['every day 00:00', '0 0 * * *'],
    ['weekdays 08:00', '0 8 * * 1-5'],
    ['weekends 10:15', '15 10 * * 6,7'],
    ['0 9 * * 1', '0 9 * * 1'],
    ['  0   9 * *   mon ', '0 9 * * mon'],
    ['0 0 29 2 *', '0 0 29 2 *'],
    ['0 0 29 2 mon', '0 0 29 2 mon'],
  ])('%j is %j', (text, cron) => {
    expect(parseScheduleText(text)).toEqual({ kind: 'cron', cron });
  });

  it.each(['each', ' Each ', 'each post'])('%j is each post as it comes', (text) => {
    expect(parseScheduleText(text)).toEqual({ kind: 'each' });
  });

  it.each([
    '',
    'Monday',
    '09:00',
    'Monday 24:00',
    'Monday 9:60',
    'Monday 9',
    'M 09:00',
    'Tu 09:00',
    'Mondayish 09:00',
    'Monday and 09:00',
    'Monday, , Friday 09:00',
    'daily and Monday 09:00',
    'Monday 09:00 and 10:00',
    '@daily',
    '* * * *',
    '0 0 0 * * *',
    '60 * * * *',
    'constructor 09:00',
  ])('%j is none', (text) => {
    expect(parseScheduleText(text)).toEqual({ kind: 'not-a-schedule' });
  });

  it.each(['0 0 30 2 *', '0 0 31 4,6,9,11 *', '0 0 30-31 feb *'])('%j never occurs', (text) => {
    expect(parseScheduleText(text)).toEqual({ kind: 'never' });
  });
});

describe('parseDuration', () => {
  it.each([
    ['48h', 2880],
    ['2d', 2880],
    ['90m', 90],
    ['1d 12h 30m', 2190],
    ['1 day 2 hours 3 minutes', 1563],
    ['15 min', 15],
    ['0h', 0],
    [' 24H ', 1440],
  ])('%j is %i minutes', (text, minutes) => {
    expect(parseDuration(text)?.total('minutes')).toBe(minutes);
  });

  it.each(['', '48', 'h', '-1h', '1.5h', '1h2', '1w', '12h 1d', '1h 1h', 'PT48H', '999999h'])(
    '%j is none',
    (text) => {
      expect(parseDuration(text)).toBeNull();
    },
  );
});
