import { array, assert, constant, constantFrom, oneof, property, string, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../src/posts/parse-front-matter.ts';
import { readPlainFields } from '../../src/posts/read-plain-fields.ts';

function readByPackage(text: string): unknown {
  const parsed = parseYaml(text, 2);
  return parsed.kind === 'fields' ? [...parsed.fields] : parsed;
}

/** Pieces that mean something to YAML, and some that do not. */
const PIECES =
  ': |:| #|#|,|, |[|]|{|}|"|\'|\\|\\n|- |-|  | |\t|\n|\n  |title|null|~|true|.5|0x1F|1_000|.nan|2025-12-31|12:30|a: b|https://example.org/#a|&|*|!|>|%|@|`|?|...|---|=|<<|./a.png|é|雪|🍵|\u00A0|\uFEFF|\u2028|\u200D'.split(
    '|',
  );
const word = constantFrom('a', 'b1', ' ', 'Zug ', 'some words');
const scalar = oneof(
  string({ unit: 'grapheme', maxLength: 8 }),
  array(oneof(word, word, constantFrom('|', ...PIECES)), { maxLength: 4 }).map((all) => all.join('')),
);
const value = oneof(
  scalar,
  scalar.map((text) => JSON.stringify(text)),
  scalar.map((text) => `'${text}'`),
);
const list = array(value, { maxLength: 4 }).map((items) => `[${items.join(', ')}]`);
const below = tuple(constantFrom('', '  ', ' '), array(value, { minLength: 1, maxLength: 3 })).map(
  ([indent, items]) => items.map((item) => `\n${indent}- ${item}`).join(''),
);
const key = oneof(
  { weight: 9, arbitrary: constantFrom('title', 'tags', 'a', 'a-b', 'date') },
  { weight: 1, arbitrary: oneof(constantFrom('null', 'True', '"a"', 'x y', '__proto__'), scalar) },
);
const line = tuple(
  key,
  constantFrom(': ', ': ', ': ', ':', ':  ', ' : '),
  oneof(value, list, below, constant('')),
  constantFrom('', '', ' '),
).map((parts) => parts.join(''));
const frontMatter = array(line, { minLength: 1, maxLength: 2 }).map((lines) => lines.join('\n'));

describe('readPlainFields', () => {
  it('gives what the package gives, for whatever it takes', () => {
    let taken = 0;
    assert(
      property(frontMatter, (text) => {
        const fields = readPlainFields(text, 2);
        if (fields) taken += 1;
        expect(fields ? [...fields] : readByPackage(text)).toEqual(readByPackage(text));
      }),
      { numRuns: 3_000 },
    );
    expect(taken).toBeGreaterThan(300);
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
    expect([...(fields ?? [])]).toEqual(readByPackage(text));
    const items = ['disks', 'night shift', '3'].map((item) => ({ kind: 'text', text: item }));
    expect(fields?.get('tags')).toEqual({ line: 6, value: { kind: 'list', items } });
  });

  it.each([
    '',
    'a: b\n\nc: d',
    'a: |\n  b',
    'a: b # c',
    'a: b\na: c',
    'a: "\\u0041"',
    'a: {b: c}',
    'a: [[b]',
    'a:\n  b: c',
    '# a',
    'a: &x b',
    'a: b\n  c',
    'null: a',
  ])('leaves %j to the package', (text) => {
    expect(readPlainFields(text, 2)).toBeNull();
  });
});
