/** How long a sound runs, as people write it. */
import { expect, it } from 'vitest';
import { parseDuration } from '../../src/posts/parse-duration.ts';

it.each([
  ['754', 754],
  ['12:34', 754],
  ['0:59', 59],
  ['75:00', 4500],
  ['1:02:03', 3723],
  ['1:2:03', 3723],
])('%s is %d seconds', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});

it.each(['', '0', '0:00', '1:60', '1:60:00', '12m', '-5', '1:02:03:04', '12:3', '9999999', '1.5'])(
  '%j is none',
  (text) => {
    expect(parseDuration(text)).toBeNull();
  },
);
