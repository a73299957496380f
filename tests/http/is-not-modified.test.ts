/** RFC 9110 §13 as a table: which conditions a copy meets. */
import { describe, expect, it } from 'vitest';
import { isNotModified } from '../../src/http/is-not-modified.ts';

const COPY = { etag: '"abc"', modified: 784_111_777 };
const SAME = 'Sun, 06 Nov 1994 08:49:37 GMT';
const EARLIER = 'Sun, 06 Nov 1994 08:49:36 GMT';
const LATER = 'Mon, 07 Nov 1994 08:49:37 GMT';

describe('a conditional request', () => {
  it.each([
    [{}, false],
    [{ 'If-None-Match': '"abc"' }, true],
    [{ 'If-None-Match': 'W/"abc"' }, true],
    [{ 'If-None-Match': '"x", W/"y",  "abc"' }, true],
    [{ 'If-None-Match': ' * ' }, true],
    [{ 'If-None-Match': '"x,y", "z"' }, false],
    [{ 'If-None-Match': 'abc' }, false],
    [{ 'If-None-Match': '"abcd"' }, false],
    [{ 'If-None-Match': '"a' }, false],
    [{ 'If-None-Match': '' }, false],
    [{ 'If-Modified-Since': SAME }, true],
    [{ 'If-Modified-Since': LATER }, true],
    [{ 'If-Modified-Since': EARLIER }, false],
    [{ 'If-Modified-Since': 'never' }, false],
    // RFC 9110 §13.1.3: ignored beside If-None-Match, whatever that says.
    [{ 'If-None-Match': '"x"', 'If-Modified-Since': LATER }, false],
    [{ 'If-None-Match': '"abc"', 'If-Modified-Since': EARLIER }, true],
  ])('%j: not modified is %s', (headers, expected) => {
    expect(isNotModified(new Headers(headers as Record<string, string>), COPY)).toBe(expected);
  });
});
