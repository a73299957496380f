/** Lines are the same wherever the text was cut, and whatever ends them. */
import { array, assert, asyncProperty, constantFrom, integer, string } from 'fast-check';
import { expect, it } from 'vitest';
import { splitLines } from '../../../src/app/lists/split-lines.ts';

async function* cut(text: string, size: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield await Promise.resolve(text.slice(at, at + size));
}

it('gives each line once, wherever the chunks are cut', async () => {
  const line = string({ unit: constantFrom('a', 'é', ' '), minLength: 1, maxLength: 5 });
  await assert(
    asyncProperty(
      array(line),
      constantFrom('\n', '\r\n', '\r'),
      integer({ min: 1, max: 4 }),
      async (lines, end, size) => {
        const text = lines.map((one) => one + end).join('');
        expect(await Array.fromAsync(splitLines(cut(text, size)))).toEqual(lines);
      },
    ),
  );
});

it('gives an empty line for each line end alone, and none after the last', async () => {
  expect(await Array.fromAsync(splitLines(cut('\r\n\n\r\ra', 1)))).toEqual(['', '', '', '', 'a']);
});

it('gives null for a line that is too long, and the next one whole', async () => {
  expect(await Array.fromAsync(splitLines(cut('ab\nabcdef\nabc\n', 2), 3))).toEqual(['ab', null, 'abc']);
});
