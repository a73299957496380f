/** What asks fewer rules finds what the package finds, in any text. */
import { array, assert, constantFrom, oneof, property, string } from 'fast-check';
import { Marked } from 'marked';
import { expect, it } from 'vitest';
import { QuickTokenizer } from '../../src/render/render-markdown.ts';

/** What Markdown is made of, and what it is nearly made of. */
const PIECES = [
  'line\n'.repeat(30),
  '\n',
  '\n',
  '\n\n',
  ' \n',
  '  \n',
  '\\\n',
  ' ',
  '  ',
  '   ',
  '    ',
  '\t',
  ' \t',

  '#',
  '## ',
  '#######',
  '>',
  '> ',
  '- ',
  '* ',
  '+ ',
  '1. ',
  '92) ',
  '-',
  '--',
  '---',
  '===',
  '=',
  '***',
  '_ _ _',

  '```',
  '~~~',
  '```js\n',
  '`',
  '``',
  '*',
  '**',
  '_',
  '__',
  '~',
  '~~',
  '|',
  '| a | b |\n|---|:-:|\n',
  ':-',
  '|-|',

  '[a]',
  '[a]: /b "t"',
  '[a](b)',
  '![a](b "t")',
  '[a][b]',
  '[',
  ']',
  '(',
  ')',
  '<',
  '>',
  '<p>',
  '</div>',
  '<!-- -->',

  '<https://a.example>',
  '<a@b.example>',
  'a@b.example',
  'https://a.example/b_c',
  'www.a.example',
  '&amp;',
  '&#33;',
  '\\*',
  '\\',
  'word',
  'two words',
  'snake_case',
  'é',
  '枝',
  '😀',
  '[x] ',
  '.',
  ',',
];
const markdown = array(
  oneof({ weight: 20, arbitrary: constantFrom(...PIECES) }, { weight: 1, arbitrary: string() }),
  { maxLength: 30 },
).map((pieces) => pieces.join(''));

it('reads every text as the package does', () => {
  assert(
    property(markdown, (text) => {
      const quick = new Marked({ gfm: true });
      quick.setOptions({ tokenizer: new QuickTokenizer() });
      expect(quick.parse(text)).toBe(new Marked({ gfm: true }).parse(text));
    }),
    { numRuns: 5000 },
  );
});
