/** Plain prose gets its headings and paragraphs, and ordinary Markdown is never hurt. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shapeProse } from '../../src/posts/shape-prose.ts';

const LONG =
  'This is a paragraph of plain prose that goes on for quite a while, as people write who never press return before they are done with it.';

function shape(text: string): string {
  return shapeProse(text.split('\n')).join('\n');
}

describe('a line alone', () => {
  it('becomes a heading when text follows', () => {
    expect(shape('First words.\n\nThe Setup\n\nWe had a server.')).toBe(
      'First words.\n\n## The Setup\n\nWe had a server.',
    );
  });

  it('becomes a heading when another heading follows', () => {
    const shaped = shape('Debugging Myths\n\nMyth: It Is Always the Network\n\nIt was the network.');
    expect(shaped).toBe('## Debugging Myths\n\n## Myth: It Is Always the Network\n\nIt was the network.');
  });

  it('becomes a heading at 80 characters, whatever their script, and stays text at 81', () => {
    const eighty = '字'.repeat(79) + '😀';
    expect(shape(`${eighty}\n\n文。`)).toBe(`## ${eighty}\n\n文。`);
    expect(shape(`${eighty}x\n\n文。`)).toBe(`${eighty}x\n\n文。`);
  });

  it('keeps a # at its end', () => {
    expect(shape('What I like about C #\n\nLittle.')).toBe('## What I like about C \\#\n\nLittle.');
  });

  it.each(['.', '!', '?', '…', ':', ',', ';', '。', '？', '.”', '!"', '.)', '.*'])(
    'that closes with %s stays text',
    (end) => {
      const text = `It was a short day${end}\n\nThen night came.`;
      expect(shape(text)).toBe(text);
    },
  );
});

describe('ordinary Markdown is not hurt', () => {
  it.each([
    ['a bullet list', '- one\n- two\n\n* three\n\n+ four\n\nText after it.'],
    ['an ordered list', '1. one\n2. two\n\nText.'],
    [
      'an ordered list set in by two, loose',
      '  1. Validation: always\n\n  2. Edge cases\n\n  3. People\n\nText.',
    ],
    ['an ordered list with brackets', '1) one\n\n2) two\n\nText.'],
    ['a task list', '- [ ] one\n\n- [x] two\n\nText.'],
    ['paragraphs in a list item', '- item\n\n  A short continuation\n\n  And more text.\n\nText.'],
    ['paragraphs set in by three', '1. item\n\n   A short continuation\n\n   And more text.\n\nText.'],
    ['fenced code', '```sh\nmake install\n\nmake clean\n\nText in code.\n```\n\nText.'],
    [
      'fenced code with tildes and backticks inside',
      '~~~~\n```\n\nshort line\n\n```\n~~~\n\nshort line\n\n~~~~\n\nText.',
    ],
    ['code that is never closed', '```\nshort line\n\nText.'],
    ['code set in', '    make install\n\n    make clean\n\nText.'],
    ['code set in by a tab', '\tmake install\n\nText.'],
    ['a quote', '> A quote without an end\n\nText.'],
    ['a table', '| a | b |\n|---|---|\n| 1 | 2 |\n\nText.'],
    ['a table without outer bars', 'a | b\n--|--\n1 | 2\n\nText.'],
    ['an image', '![A server](server.png)\n\nText.'],
    ['a caption', '![A server](server.png)\n\n*The server in May*\n\nText.'],
    ['a link', '[The manual](https://example.org)\n\nText.'],
    ['a line with a link in it', 'Read [the manual](https://example.org) first\n\nText.'],
    ['a bare URL', 'https://example.org/a\n\nText.'],
    ['a URL in angle brackets', '<https://example.org/a>\n\nText.'],
    ['a link’s definition', '[manual]: https://example.org\n\nText.'],
    ['a footnote', '[^1]: A note\n\nText.'],
    ['HTML', '<p>Short</p>\n\nText.'],
    ['HTML with blank lines in it', '<pre>\nshort line\n\nText.\n</pre>\n\nText.'],
    ['a comment', '<!-- a note\n\nshort line\n\nText. -->\n\nText.'],
    ['thematic breaks', 'Text.\n\n---\n\n***\n\n* * *\n\nText.'],
    [
      'hard-wrapped paragraphs',
      'This paragraph was wrapped by\nits author at thirty columns\nor so, as one does.\n\nText.',
    ],
    ['a short paragraph in two lines', 'Short line\nand another\n\nText.'],
    ['a line just above a list', 'Things to buy\n- milk\n\nText.'],
    ['a line that a list follows', 'Things to buy\n\n- milk\n- tea\n\nText.'],
    ['a line that code follows', 'Run this command\n\n    make install\n\nText.'],
    ['a line that fenced code follows', 'Run this command\n\n```\nmake install\n```'],
    ['a line that a table follows', 'The numbers\n\n| a | b |\n|---|---|\n| 1 | 2 |'],
    ['a line that a quote follows', 'She said\n\n> Yes.'],
    ['one line only', 'Just this'],
    ['a verse with hard breaks', 'old pond  \na frog leaps in  \nwater’s sound\n\nText.'],
    ['definition-like lines', 'Term\n: what it means\n\nText.'],
  ])('%s', (_, text) => {
    expect(shape(text)).toBe(text);
  });

  it.each([
    ['a greeting with a name', 'It was fun.\n\nUntil next time, Brandon'],
    ['a dash and a name', 'It was fun.\n\n— Ann'],
    ['two lines', 'It was fun.\n\nCheers,\n\nAnn'],
    ['a greeting, then a name', 'It was fun.\n\nUntil next time\n\nBrandon'],
    ['a name, then a place', 'It was fun.\n\nAnn Lee\n\nOslo, May 2026'],
    ['a postscript after it', 'It was fun.\n\n— Ann\n\nP.S. I forgot my keys.'],
    ['text after the greeting', 'It was fun.\n\nUntil next time, Brandon\n\nFeel free to tweak this!'],
    ['a greeting in a name’s place', 'It was fun.\n\nHappy debugging, everyone\n\nYours, Ann\n\nP.S. Bye.'],
    ['two hyphens', 'It was fun.\n\n-- Ann\n\nP.S. Bye.'],
  ])('a signature: %s', (_, text) => {
    expect(shape(text)).toBe(text);
  });

  it('whatever its lines: none is lost, none is changed but by ## before it', () => {
    const line = fc.constantFrom(
      '',
      'Short line',
      LONG,
      '- item',
      '  1. item',
      '```',
      '> quote',
      '    code',
      '<div>',
      'a | b',
      '— Ann',
      'text.',
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const filled = shapeProse(lines).filter((text) => text !== '');
        expect(filled.map((text) => text.replace(/^## /, ''))).toEqual(lines.filter((text) => text !== ''));
      }),
    );
  });

  it('a second shaping changes nothing that the first left', () => {
    const line = fc.constantFrom('', 'Short line', LONG, '- item', '> quote', '— Ann', 'text.');
    fc.assert(
      fc.property(fc.array(line, { maxLength: 10 }), (lines) => {
        const once = shapeProse(lines);
        expect(once.filter((text) => text.startsWith('## '))).toEqual(
          shapeProse(once).filter((text) => text.startsWith('## ')),
        );
      }),
    );
  });
});

describe('a body without blank lines', () => {
  it('has a paragraph on each line when one is longer than 120 characters', () => {
    expect(shape(`${LONG}\nThe Setup\n${LONG}\nShort end.`)).toBe(
      `${LONG}\n\n## The Setup\n\n${LONG}\n\nShort end.`,
    );
  });

  it('is one paragraph when no line is', () => {
    const text = 'Wrapped by hand at\nsome narrow width\nand nothing else.';
    expect(shape(text)).toBe(text);
  });

  it('is one hard-wrapped paragraph when only a URL is long', () => {
    const text = `See the page at\nhttps://example.org/${'a'.repeat(150)}\nfor all there is\nto say about it.`;
    expect(shape(text)).toBe(text);
  });

  it('keeps a wrapped sentence together', () => {
    const text = `${LONG.slice(0, -1)}\nand goes on in the next line without a capital`;
    expect(shape(text)).toBe(text);
  });

  it('keeps lists, code and tables together', () => {
    const shaped = shape(
      `${LONG}\n- one\n- two\n  and more\n${LONG}\n\`\`\`\nx\n\ny\n\`\`\``.replace('\n\ny', '\ny'),
    );
    expect(shaped).toBe(`${LONG}\n\n- one\n- two\n  and more\n\n${LONG}\n\n\`\`\`\nx\ny\n\`\`\``);
  });

  it('reads Japanese, which has no spaces', () => {
    const long = '朝から静かな雨が降っていて、古いサーバーの音だけが部屋に響いている。'.repeat(5);
    expect(shape(`${long}\n準備\n${long}`)).toBe(`${long}\n\n## 準備\n\n${long}`);
  });
});
