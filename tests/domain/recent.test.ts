/** What was made last is at hand, and never more than so many. */
import { expect, it } from 'vitest';
import { Recent } from '../../src/domain/recent.ts';

it('has what was set last, and never grows beyond its number', () => {
  const recent = new Recent<number, string>(3);
  for (const key of [1, 2, 3]) recent.set(key, `${key}`);
  expect([1, 2, 3].map((key) => recent.get(key))).toEqual(['1', '2', '3']);
  recent.set(4, '4');
  expect([1, 2, 3, 4].map((key) => recent.get(key))).toEqual([undefined, undefined, undefined, '4']);
});
