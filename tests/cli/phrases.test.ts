/** What the terminal says agrees with what documents say. */
import { assert, bigInt, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderMoment, renderNumber } from '../../src/cli/phrases.ts';
import { renderDate } from '../../src/render/digest/render-date.ts';
import { PUBLICATION } from '../render/feeds/sample-entries.ts';

const MONDAY = Temporal.Instant.from('2026-11-23T08:00:00Z');
const ZONE = 'Europe/Berlin';

describe('renderMoment', () => {
  it.each(['en', 'en-GB', 'en-US', 'en-AU'])('has the date as documents in %s have it', (language) => {
    const date = renderDate(MONDAY.toZonedDateTimeISO(ZONE), { ...PUBLICATION, language, zone: ZONE });
    const said = renderMoment(MONDAY, ZONE, language);
    expect(said).toContain(date);
    expect(said).toMatch(/^Monday.*, 09:00 Europe\/Berlin$/);
  });

  it('stays English where the publication is not', () => {
    expect(renderMoment(MONDAY, ZONE, 'de')).toBe(renderMoment(MONDAY, ZONE, 'en'));
  });
});

describe('without asking Intl', () => {
  it('numbers are what it would say', () => {
    assert(property(integer({ min: 0 }), (number) => renderNumber(number) === number.toLocaleString('en')));
  });

  it('dates are what it would say', () => {
    const latest = BigInt(Temporal.Instant.from('9999-01-01T00:00:00Z').epochMilliseconds);
    assert(
      property(bigInt({ min: 0n, max: latest }), (milliseconds) => {
        const moment = Temporal.Instant.fromEpochMilliseconds(Number(milliseconds));
        const date = renderDate(moment.toZonedDateTimeISO(ZONE), {
          ...PUBLICATION,
          language: 'en',
          zone: ZONE,
        });
        const weekday = moment.toZonedDateTimeISO(ZONE).toLocaleString('en', { weekday: 'long' });
        return renderMoment(moment, ZONE, 'en').startsWith(`${weekday}, ${date}, `);
      }),
    );
  });
});
