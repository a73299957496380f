/** Whether a body has headings, held to what each of its lines is. */
import { array, assert, constantFrom, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classifyLines, hasHeadings } from '../../src/posts/classify-lines.ts';

/** Said of all lines at once, which takes longer. */
function hasHeadingsByKind(lines: readonly string[]): boolean {
  const kinds = classifyLines(lines);
  return lines.some((line, index) => {
    if (/^ {0,3}<h[1-6][\s>]/i.test(line)) return true;
    if (kinds[index] === 'raw') return false;
    const before = kinds[index - 1] ?? 'blank';
    const isUnder = ['text', 'heading', 'closing'].includes(before);
    return (isUnder && /^ {0,3}(?:=+|-+)[ \t]*$/.test(line)) || /^ {0,3}#{1,6}(?:[ \t]|$)/.test(line);
  });
}

const LINES = [
  'A line of text, closed.',
  'A heading or a name',
  '— Ann',
  '- a list',
  '    code',
  '',
  '---',
  '===',
  '```',
  '~~~',
  '## Two',
  '#tag',
  '<h2>Three</h2>',
  '<pre>',
  '</pre>',
  '<div>',
  '<!-- a remark',
  '-->',
];

describe('hasHeadings', () => {
  it('finds those that stand outside of code and HTML, in any order of lines', () => {
    assert(
      property(array(constantFrom(...LINES)), (lines) => {
        expect(hasHeadings(lines)).toBe(hasHeadingsByKind(lines));
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    [['Text', '---'], true],
    [['- item', '---'], false],
    [['```', '## code', '```'], false],
    [['#tag'], false],
  ])('%j: %s', (lines, expected) => expect(hasHeadings(lines)).toBe(expected));
});
