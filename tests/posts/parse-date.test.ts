/** Dates in every form the issue names; ambiguous and impossible ones refused by name. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDate, parseOpeningDate } from '../../src/posts/parse-date.ts';

const ZONE = 'Europe/Oslo';

function day(text: string): string {
  const reading = parseDate(text, 'UTC');
  if (reading.kind !== 'date') return reading.kind === 'refused' ? reading.reason : reading.kind;
  return reading.at.toPlainDate().toString();
}

describe('parseDate', () => {
  it.each([
    ['2024-11-11'],
    ['November 11, 2024'],
    ['November 11 2024'],
    ['november 11th, 2024'],
    ['Nov 11, 2024'],
    ['Nov. 11, 2024'],
    ['Monday, November 11, 2024'],
    ['Mon 11 Nov 2024'],
    ['11 November 2024'],
    ['11th of November 2024'],
    ['the 11th of November, 2024'],
    ['  11 november 2024  '],
  ])('reads %s', (text) => {
    expect(day(text)).toBe('2024-11-11');
  });

  it('takes a bare date as the first moment of that day in the publication’s zone', () => {
    const reading = parseDate('2026-07-01', ZONE);
    expect(reading.kind === 'date' && reading.at.toString()).toBe('2026-07-01T00:00:00+02:00[Europe/Oslo]');
  });

  it.each([
    ['2026-11-20T08:00:00+01:00', '2026-11-20T08:00:00+01:00[Europe/Oslo]'],
    ['2026-11-20 08:00:00 -0500', '2026-11-20T14:00:00+01:00[Europe/Oslo]'],
    ['2026-11-20T08:00Z', '2026-11-20T09:00:00+01:00[Europe/Oslo]'],
    ['2026-11-20 08:00 UTC', '2026-11-20T09:00:00+01:00[Europe/Oslo]'],
    ['2026-11-20T08:00', '2026-11-20T08:00:00+01:00[Europe/Oslo]'],
    ['2026-11-20 08:00:59.999', '2026-11-20T08:00:59+01:00[Europe/Oslo]'],
    ['2026-11-20T08:00:00[Asia/Tokyo]', '2026-11-20T00:00:00+01:00[Europe/Oslo]'],
  ])('keeps the moment of %s', (text, expected) => {
    const reading = parseDate(text, ZONE);
    expect(reading.kind === 'date' && reading.at.toString()).toBe(expected);
  });

  it('refuses a date that may be two days, naming both', () => {
    expect(day('11/02/2026')).toBe('the date "11/02/2026" is ambiguous: write 2026-02-11 or 2026-11-02');
    expect(day('11.02.2026')).toContain('is ambiguous');
  });

  it('refuses numbers in any order, and says how to write them', () => {
    expect(day('25/12/2026')).toBe('the date "25/12/2026" is in no form Renga reads: write 2026-12-25');
    expect(day('2026/12/25')).toContain('write 2026-12-25');
    expect(day('5/5/2026')).toContain('write 2026-05-05');
    expect(day('31/31/2026')).toContain('does not exist');
  });

  it.each([
    ['30 February 2026'],
    ['February 30, 2026'],
    ['2026-02-30'],
    ['2026-13-01'],
    ['2025-02-29'],
    ['2026-11-20T25:00'],
    ['2026-11-20T23:59:60Z'],
    ['2026-11-20T10:00:00+99:00'],
    ['2026-11-20T10:00:00[Nowhere/Land]'],
    ['0 March 2026'],
  ])('refuses the impossible %s by name', (text) => {
    expect(day(text)).toBe(`the date "${text}" does not exist: write the day that is meant`);
  });

  it.each([['0001-01-01'], ['0001-01-01T00:00:00Z'], ['1 January 0099']])(
    'refuses %s, which generators write for no date',
    (text) => {
      expect(day(text)).toContain(`the date "${text}" is long before any post`);
    },
  );

  it('takes the oldest there may be', () => {
    expect(day('1000-01-01')).toContain('1000-01-01');
  });

  it('refuses a weekday that is another day’s', () => {
    expect(day('Tuesday, November 11, 2024')).toContain('wrong day of the week');
  });

  it.each([['Hello'], ['2024'], ['Chapter 11, 2024'], ['Nov 11'], ['10.15.04'], ['x'.repeat(5000)], ['']])(
    'does not take %s for a date',
    (text) => {
      expect(parseDate(text, ZONE).kind).toBe('not-a-date');
    },
  );

  it('reads back every day it could be given', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60_000 }), (days) => {
        const date = Temporal.PlainDate.from('1970-01-01').add({ days });
        expect(day(date.toString())).toBe(date.toString());
        const month = new Date(`${date.toString()}T00:00:00Z`).toLocaleString('en', {
          month: 'long',
          timeZone: 'UTC',
        });
        expect(day(`${month} ${date.day}, ${date.year}`)).toBe(date.toString());
      }),
    );
  });

  it('never throws', () => {
    const text = fc.stringMatching(/^[0-9TZ:+\-/. ,a-z[\]]{0,30}$/);
    const kinds = ['date', 'refused', 'not-a-date'];
    fc.assert(
      fc.property(text, (written) => {
        expect(kinds).toContain(parseDate(written, ZONE).kind);
      }),
    );
  });
});

describe('parseOpeningDate', () => {
  it.each([
    ['November 11, 2024. It feels like a new frontier', '2024-11-11'],
    ['2024-11-11: the day of', '2024-11-11'],
    ['11 November 2024 — a quiet day', '2024-11-11'],
    ['**November 11, 2024.** It feels', '2024-11-11'],
  ])('finds the date that opens “%s”', (text, expected) => {
    expect(parseOpeningDate(text, 'UTC')?.toPlainDate().toString()).toBe(expected);
  });

  it.each([
    ['On November 11, 2024 we met'],
    ['- 2024-11-11 in a list'],
    ['    2024-11-11 in code'],
    ['February 30, 2024. Not a day'],
    ['11/02/2026 is unclear'],
    ['2024-11-111'],
    ['2024-11-11-log.txt is a file'],
  ])('finds none in “%s”', (text) => {
    expect(parseOpeningDate(text, 'UTC')).toBeNull();
  });
});
