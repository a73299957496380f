/** Dates as HTTP spells them, there and back. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseHttpDate, renderHttpDate } from '../../src/http/http-date.ts';

describe('a date in HTTP', () => {
  it('is the standard’s own example', () => {
    expect(renderHttpDate(784_111_777)).toBe('Sun, 06 Nov 1994 08:49:37 GMT');
    expect(parseHttpDate('Sun, 06 Nov 1994 08:49:37 GMT')).toBe(784_111_777);
  });

  it.each([
    '',
    'yesterday',
    '1994-11-06T08:49:37Z',
    'Sunday, 06-Nov-94 08:49:37 GMT',
    'Sun Nov  6 08:49:37 1994',
    'Sun, 31 Feb 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 25:49:37 GMT',
    'Sun, 06 Foo 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 08:49:37 +0100',
  ])('%j is not understood', (text) => {
    expect(parseHttpDate(text)).toBeNull();
  });

  it('comes back as it was', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 253_402_300_799 }), (seconds) => {
        const text = renderHttpDate(seconds);
        expect(parseHttpDate(text)).toBe(seconds);
        expect(new Date(seconds * 1000).toUTCString()).toBe(text);
      }),
    );
  });
});
