/** Paths that name a file, and the many that only try to. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePath } from '../../src/http/parse-path.ts';

describe('a path', () => {
  it.each([
    ['/', ['']],
    ['/rss.xml', ['rss.xml']],
    ['/a/b/', ['a', 'b', '']],
    ['/a%20b/%C3%A9.png', ['a b', 'é.png']],
    ['/a..b/...', null],
    ['/a..b/x.', ['a..b', 'x.']],
    ['/100%25', ['100%']],
  ])('%s is read as %j', (path, segments) => {
    expect(parsePath(path)).toEqual(segments);
  });

  it.each([
    '/..',
    '/../x',
    '/a/../b',
    '/./x',
    '/%2e%2e/x',
    '/%2E%2E%2Fetc/passwd',
    '/a%2fb',
    '/a%5c..%5cb',
    '/a\\b',
    '/a%00.html',
    '/%00',
    '//evil.example/x',
    '/a//b',
    '/a//',
    '/.git/config',
    '/.renga-new/x',
    '/a/.htaccess',
    '/%2egit',
    '/%zz',
    '/%e0%a4%a',
    '/%ff',
  ])('%s is refused', (path) => {
    expect(parsePath(path)).toBeNull();
  });

  it('never names what is hidden, above, or elsewhere, whatever it is made of', () => {
    const piece = fc.constantFrom(
      '.',
      '..',
      '/',
      '\\',
      '%2e',
      '%2f',
      '%5c',
      '%00',
      '%25',
      '2e',
      'a',
      '\0',
      ':',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        for (const segment of parsePath(`/${pieces.join('')}`) ?? []) {
          expect(segment).not.toMatch(/^\.|[/\\\0]/);
        }
      }),
    );
  });
});
