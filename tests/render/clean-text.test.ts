import { array, assert, constantFrom, integer, oneof, property } from 'fast-check';
import { expect, it } from 'vitest';
import { cleanText } from '../../src/render/clean-text.ts';

/** What is promised, said in code points and without haste. */
function cleanSlowly(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/(?![\t\n])[\p{Cc}\p{Noncharacter_Code_Point}]/gu, '');
}

it('keeps what is visible, and nothing else, of any text', () => {
  const unit = oneof(
    integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
    constantFrom(
      '\u0000',
      '\u000b',
      '\r',
      '\r\n',
      '\u001f',
      '\u007f',
      '\u009f',
      '\ufdd0',
      '\uffff',
      '🌊',
      '\u{1fffe}',
    ),
    constantFrom('a', 'é', '俳', ' ', '\t', '\n'),
  );
  assert(
    property(array(unit), (units) => {
      expect(cleanText(units.join(''))).toBe(cleanSlowly(units.join('')));
    }),
    { numRuns: 500 },
  );
});

it.each([
  '\u0000',
  '\u0008',
  '\u000b',
  '\u001f',
  '\u007f',
  '\u009f',
  '\ufdd0',
  '\ufdef',
  '\ufffe',
  '\uffff',
  '\u{10ffff}',
])('takes out %j wherever it stands alone', (character) => {
  expect(cleanText(`a${character}b`)).toBe('ab');
});
