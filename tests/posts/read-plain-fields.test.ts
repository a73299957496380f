import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../src/posts/parse-front-matter.ts';
import { readPlainFields } from '../../src/posts/read-plain-fields.ts';

const byPackage = (text: string): unknown => {
  const parsed = parseYaml(text, 2);
  return parsed.kind === 'fields' ? [...parsed.fields] : parsed;
};

/** Pieces that mean something to YAML, and some that do not. */
const piece = fc.constantFrom(
  ...[
    ': ',
    ':',
    ' #',
    '#',
    ',',
    ', ',
    '[',
    ']',
    '{',
    '}',
    '"',
    "'",
    '\\',
    '\\n',
    '- ',
    '-',
    '  ',
    ' ',
    '\t',
    '\n',
    '\n  ',
  ],
  ...[
    'title',
    'null',
    '~',
    'true',
    '.5',
    '0x1F',
    '1_000',
    '.nan',
    '2025-12-31',
    '12:30',
    'a: b',
    'https://example.org/#a',
  ],
  ...[
    '&',
    '*',
    '!',
    '|',
    '>',
    '%',
    '@',
    '`',
    '?',
    '...',
    '---',
    '=',
    '<<',
    './a.png',
    'é',
    '雪',
    '🍵',
    '\u00A0',
    '\uFEFF',
    '\u2028',
    '\u200D',
  ],
);
const word = fc.constantFrom('a', 'b1', ' ', 'Zug ', 'some words');
const scalar = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.array(fc.oneof(word, word, piece), { maxLength: 4 }).map((all) => all.join('')),
);
const quoted = scalar.map((text) => JSON.stringify(text));
const single = scalar.map((text) => `'${text}'`);
const value = fc.oneof(scalar, quoted, single);
const list = fc.array(value, { maxLength: 4 }).map((items) => `[${items.join(', ')}]`);
const below = fc
  .tuple(fc.constantFrom('', '  ', ' '), fc.array(value, { minLength: 1, maxLength: 3 }))
  .map(([indent, items]) => items.map((item) => `\n${indent}- ${item}`).join(''));
const plainKey = fc.constantFrom('title', 'tags', 'a', 'a-b', 'date');
const key = fc.oneof(
  { weight: 9, arbitrary: plainKey },
  { weight: 1, arbitrary: fc.oneof(fc.constantFrom('null', 'True', '"a"', 'x y', '__proto__'), scalar) },
);
const line = fc
  .tuple(
    key,
    fc.constantFrom(': ', ': ', ': ', ':', ':  ', ' : '),
    fc.oneof(value, list, below, fc.constant('')),
    fc.constantFrom('', '', ' '),
  )
  .map((parts) => parts.join(''));
const frontMatter = fc.array(line, { minLength: 1, maxLength: 2 }).map((lines) => lines.join('\n'));

describe('readPlainFields', () => {
  it('gives what the package gives, for whatever it takes', () => {
    fc.assert(
      fc.property(frontMatter, (text) => {
        const fields = readPlainFields(text, 2);
        if (fields) expect([...fields]).toEqual(byPackage(text));
      }),
      { numRuns: 3_000 },
    );
  });

  it('takes what people write', () => {
    const text = [
      'title: "A day, spent: well"',
      "author: 'Ann Lee'",
      'date: 2025-12-31 08:30',
      'haiku: one / two / three',
      'tags: [disks, "night shift", 3]',
      'image: ./cup.png',
      'canonical: https://example.org/a?b=c&d',
      'draft: false',
      'summary:',
      'links:',
      '  - one',
      '  - "two: three"',
      'words:',
      '- 雪 falls',
      'id: tag:example.org,2025:a',
    ].join('\n');
    const fields = readPlainFields(text, 2);
    expect([...(fields ?? [])]).toEqual(byPackage(text));
    expect(fields?.size).toBe(12);
    expect(fields?.get('tags')).toEqual({
      line: 6,
      value: {
        kind: 'list',
        items: ['disks', 'night shift', '3'].map((item) => ({ kind: 'text', text: item })),
      },
    });
  });

  it.each([
    '',
    'a: b\n\nc: d',
    'a: |\n  b',
    'a: b # c',
    'a: b\na: c',
    'a: "\\u0041"',
    'a: {b: c}',
    'a:\n  b: c',
    '# a',
    'a: &x b',
    'a: b\n  c',
    'null: a',
  ])('leaves %j to the package', (text) => {
    expect(readPlainFields(text, 2)).toBeNull();
  });
});
