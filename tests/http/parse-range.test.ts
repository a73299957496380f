/** A part of a file, as RFC 9110 §14 has it. */
import { describe, expect, it } from 'vitest';
import { parseRange } from '../../src/http/parse-range.ts';

const parse = (range: string, condition?: string) =>
  parseRange(new Headers({ range, ...(condition === undefined ? {} : { 'if-range': condition }) }), {
    size: 1000,
    etag: '"x"',
  });

describe('a range of a file of a thousand bytes', () => {
  it.each([
    ['bytes=0-0', 0, 0],
    ['bytes=0-1', 0, 1],
    ['bytes=500-', 500, 999],
    ['bytes=999-5000', 999, 999],
    ['bytes=-1', 999, 999],
    ['bytes=-5000', 0, 999],
    ['BYTES= 0-999', 0, 999],
  ])('is understood: %s', (range, first, last) => {
    expect(parse(range)).toEqual({ first, last });
  });

  it.each(['bytes=1000-', 'bytes=1000-2000', 'bytes=-0'])('asks for none of it: %s', (range) => {
    expect(parse(range)).toBe('unsatisfiable');
  });

  it.each([
    '',
    'bytes=',
    'bytes=-',
    'bytes=5-4',
    'bytes=0-1,5-6',
    'lines=0-1',
    'bytes=a-b',
    `bytes=0-${'9'.repeat(20)}`,
  ])('is the whole: %s', (range) => {
    expect(parse(range)).toBe(null);
  });

  it('holds only for the file that the client has a part of', () => {
    expect(parse('bytes=0-1', '"x"')).toEqual({ first: 0, last: 1 });
    expect(parse('bytes=0-1', '"y"')).toBe(null);
    expect(parse('bytes=0-1', 'W/"x"')).toBe(null);
    expect(parse('bytes=0-1', 'Sun, 22 Nov 2026 06:34:25 GMT')).toBe(null);
  });
});
