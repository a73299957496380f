/** Which coding a client gets, by what it says it takes (RFC 9110 §12.5.3). */
import { assert, constantFrom, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseCoding } from '../../../src/http/feeds/choose-coding.ts';
import { CODINGS } from '../../../src/http/feeds/encode-body.ts';

describe('a coding', () => {
  it.each([
    [null, 'identity'],
    ['', 'identity'],
    ['gzip', 'gzip'],
    ['x-gzip', 'gzip'],
    ['GZIP;Q=0.5', 'gzip'],
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip, zstd', 'zstd'],
    ['br;q=0.5, gzip;q=0.8', 'gzip'],
    ['br;q=0, *', 'zstd'],
    ['*;q=0', 'identity'],
    ['*', 'br'],
    ['identity', 'identity'],
    ['identity;q=1, gzip;q=0.5', 'identity'],
    ['identity, gzip', 'gzip'],
    ['identity;q=0', 'identity'],
    ['gzip;q=0.000', 'identity'],
    ['gzip;q=7', 'identity'],
    ['gzip;q=', 'identity'],
    ['compress, deflate', 'identity'],
  ])('for %j is %s', (accepted, coding) => {
    expect(chooseCoding(accepted, () => true)).toBe(coding);
  });

  it('that there is not is never chosen', () => {
    expect(chooseCoding('br, gzip', (coding) => coding === 'gzip')).toBe('gzip');
    expect(chooseCoding('br', (coding) => coding === 'gzip')).toBe('identity');
  });

  it('that was refused is never chosen, whatever else was said', () => {
    const coding = constantFrom(...CODINGS);
    assert(
      property(coding, string(), (refused, noise) => {
        const clean = noise.replaceAll(/[,;]/g, ' ');
        expect(chooseCoding(`${clean}, *;q=0.5, ${refused};q=0`, () => true)).not.toBe(refused);
      }),
    );
  });
});
