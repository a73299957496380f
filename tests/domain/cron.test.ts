/** Five fields → wall-clock minutes. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextOccurrence, occurrences, parseSchedule, type Schedule } from '../../src/domain/cron.ts';

function read(text: string): Schedule {
  const schedule = parseSchedule(text);
  if (schedule) return schedule;
  throw new Error(`"${text}" is no schedule`);
}

const at = (text: string) => Temporal.PlainDateTime.from(text);
const next = (text: string, after: string): string | null =>
  nextOccurrence(read(text), at(after))?.toString({ smallestUnit: 'minute' }) ?? null;

function all(text: string, after: string, until: string): readonly string[] {
  return [...occurrences(read(text), at(after), at(until))].map((moment) =>
    moment.toString({ smallestUnit: 'minute' }),
  );
}

describe('parseSchedule', () => {
  it.each([
    ['5', [5]],
    ['0,30', [0, 30]],
    ['30,0,30', [0, 30]],
    ['10-13', [10, 11, 12, 13]],
    ['7-7', [7]],
    ['*/20', [0, 20, 40]],
    ['*/59', [0, 59]],
    ['*/100', [0]],
    ['5/20', [5, 25, 45]],
    ['10-20/4', [10, 14, 18]],
    ['1,10-12,50/5', [1, 10, 11, 12, 50, 55]],
    ['00', [0]],
  ])('reads minutes %j', (field, minutes) => {
    expect([...read(`${field} * * * *`).minutes].toSorted((a, b) => a - b)).toEqual(minutes);
  });

  it('reads * as all there are', () => {
    const { minutes, hours, days, months, weekdays } = read('* * * * *');
    expect([minutes, hours, days, months, weekdays].map(({ size }) => size)).toEqual([60, 24, 31, 12, 7]);
    expect(Math.min(...days, ...months, ...weekdays)).toBe(1);
  });

  it('reads names in any case, and Sunday as 0, 7 and sun', () => {
    expect(read('0 0 * JAN,dec Mon-Fri')).toEqual(read('0 0 * 1,12 1-5'));
    for (const sunday of ['0', '7', 'sun', 'SUN', '0,7'])
      expect([...read(`0 0 * * ${sunday}`).weekdays]).toEqual([7]);
    expect([...read('0 0 * * 0-6').weekdays].toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect([...read('0 0 * * sat').weekdays]).toEqual([6]);
  });

  it('does not mind white space', () => {
    expect(read('  0\t9  *   * 1\n')).toEqual(read('0 9 * * 1'));
  });

  it.each([
    '',
    '* * * *',
    '* * * * * *',
    '60 * * * *',
    '-1 * * * *',
    '* 24 * * *',
    '* * 0 * *',
    '* * 32 * *',
    '* * * 0 *',
    '* * * 13 *',
    '* * * * 8',
    '1.5 * * * *',
    '1e1 * * * *',
    '0x1 * * * *',
    '+1 * * * *',
    '١ * * * *',
    ', * * * *',
    '1, * * * *',
    '1,,2 * * * *',
    '5-1 * * * *',
    '1- * * * *',
    '*-5 * * * *',
    '1-2-3 * * * *',
    '*/0 * * * *',
    '*/-1 * * * *',
    '*/ * * * *',
    '1/2/3 * * * *',
    '** * * * *',
    'jan * * * *',
    '* * mon * *',
    '* * * mon *',
    '* * * * jan',
    '* * * * monday',
    '* * * * toString',
    '99999999999999999999 * * * *',
    '@weekly',
    '0 9 ? * 1',
    '0 9 L * *',
    '0 9 * * 1#2',
  ])('%j makes no sense', (text) => {
    expect(parseSchedule(text)).toBeNull();
  });

  it('never throws, and never allows what its field cannot hold', () => {
    const field = fc.oneof(
      fc.constantFrom('*', '*/7', '1-5', 'mon', 'feb', '0', '59', '7,1'),
      fc.string({ maxLength: 6 }),
    );
    fc.assert(
      fc.property(fc.tuple(field, field, field, field, field), (fields) => {
        const schedule = parseSchedule(fields.join(' ')) ?? read('* * * * *');
        for (const [values, low, high] of [
          [schedule.minutes, 0, 59],
          [schedule.hours, 0, 23],
          [schedule.days, 1, 31],
          [schedule.months, 1, 12],
          [schedule.weekdays, 1, 7],
        ] as const) {
          expect([...values].every((value) => Number.isInteger(value) && value >= low && value <= high)).toBe(
            true,
          );
          expect(values.size).toBeGreaterThan(0);
        }
      }),
    );
  });
});

describe('occurrences', () => {
  it('begin after the first moment and end with the last', () => {
    expect(all('0 * * * *', '2026-11-16T09:00', '2026-11-16T11:00')).toEqual([
      '2026-11-16T10:00',
      '2026-11-16T11:00',
    ]);
    expect(all('0 * * * *', '2026-11-16T08:59:59', '2026-11-16T09:59:59')).toEqual(['2026-11-16T09:00']);
    expect(all('0 * * * *', '2026-11-16T09:00', '2026-11-16T09:00')).toEqual([]);
    expect(all('* * * * *', '2026-11-16T09:00', '2026-11-15T09:00')).toEqual([]);
  });

  it('come in order, whatever the order of the fields', () => {
    expect(all('45,5 18,6 * * *', '2026-12-31T06:05', '2027-01-01T07:00')).toEqual([
      '2026-12-31T06:45',
      '2026-12-31T18:05',
      '2026-12-31T18:45',
      '2027-01-01T06:05',
      '2027-01-01T06:45',
    ]);
  });

  it('ask for day of month AND day of week', () => {
    expect(next('0 0 13 * fri', '2026-01-01T00:00')).toBe('2026-02-13T00:00');
    expect(all('0 0 13 * fri', '2026-01-01T00:00', '2026-12-31T00:00')).toHaveLength(3);
  });

  it('are wall-clock minutes: they know nothing of clock changes', () => {
    expect(all('30 2 * * *', '2026-03-28T12:00', '2026-03-30T12:00')).toEqual([
      '2026-03-29T02:30',
      '2026-03-30T02:30',
    ]);
  });

  it('are lazy: the first of a thousand years costs one day', () => {
    const [first] = occurrences(read('* * * * *'), at('2026-01-01T00:00'), at('3026-01-01T00:00')).take(1);
    expect(first?.toString()).toBe('2026-01-01T00:01:00');
  });
});

describe('nextOccurrence', () => {
  it.each([
    ['0 9 * * 1', '2026-11-16T08:59', '2026-11-16T09:00'],
    ['0 9 * * 1', '2026-11-16T09:00', '2026-11-23T09:00'],
    ['0 9 * * 7', '2026-11-16T09:00', '2026-11-22T09:00'],
    ['0 0 31 * *', '2026-01-31T00:00', '2026-03-31T00:00'],
    ['0 0 1 jan *', '2026-01-01T00:00', '2027-01-01T00:00'],
    ['59 23 31 12 *', '2026-12-31T23:58', '2026-12-31T23:59'],
    ['0 0 29 2 *', '2026-01-01T00:00', '2028-02-29T00:00'],
    ['0 0 29 2 *', '2028-02-29T00:00', '2032-02-29T00:00'],
  ])('%j after %s is %s', (text, after, expected) => {
    expect(next(text, after)).toBe(expected);
  });

  it.each(['0 0 30 2 *', '0 0 31 2 *', '0 0 31 apr,jun,sep,nov *'])('%j never comes', (text) => {
    expect(next(text, '2026-01-01T00:00')).toBeNull();
  });
});
