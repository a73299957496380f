/** The line of a reference, for who is to mend it. */
import { expect, it } from 'vitest';
import { openLineFinder } from '../../src/posts/find-line.ts';
import { makePublication } from './publication-folder.ts';

it('is found as it was written, and read once however often it is asked for', () => {
  const { root, write } = makePublication();
  write('a.md', 'one\r\n[x](b%20c.md)\rtwo [y](d&amp;e.md)\n');
  const find = openLineFinder(root, 'posts/a.md');
  expect(find('b c.md')).toBe(2);
  write('a.md', '');
  expect([find('d&e.md'), find('\ud800.md')]).toEqual([3, null]);
  const asked = Array.from({ length: 100 }, () => find('b c.md'));
  expect([asked[0], asked.at(-1)]).toEqual([2, null]);
});

it('is none of a file that cannot be read', () => {
  expect(openLineFinder('/nowhere', 'posts/a.md')('b')).toBe(null);
});
