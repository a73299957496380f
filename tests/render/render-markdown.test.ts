/** What asks fewer rules finds what the package finds, in any text. */
import { array, assert, constantFrom, oneof, property, string } from 'fast-check';
import { Marked } from 'marked';
import { expect, it } from 'vitest';
import { QuickLexer, QuickTokenizer } from '../../src/render/render-markdown.ts';

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

const LINE_PIECES =
  'word|two words|a1| | |.|, |! |(|)|*|**|***|*em*|**strong words**|*a b* |`|``|`code`|` x `|`*`| *|* |_|[|:|é|枝|\n|  \n|&amp;|&#33;|\\|www.a.example|http://a.example|\t|~|<'.split(
    '|',
  );
const line = array(constantFrom(...LINE_PIECES), { maxLength: 12 }).map((pieces) => pieces.join(''));

it('reads every line as the package does', () => {
  assert(
    property(line, (text) => {
      const quick = new Marked({ gfm: true });
      const html = quick.parser(new QuickLexer(quick.defaults).lex(text));
      expect(html).toBe(new Marked({ gfm: true }).parse(text));
    }),
    { numRuns: 20_000 },
  );
});

it('reads every text as the package does', () => {
  assert(
    property(markdown, (text) => {
      const quick = new Marked({ gfm: true });
      quick.setOptions({ tokenizer: new QuickTokenizer() });
      const html = quick.parser(new QuickLexer(quick.defaults).lex(text));
      expect(html).toBe(new Marked({ gfm: true }).parse(text));
    }),
    { numRuns: 5000 },
  );
});
