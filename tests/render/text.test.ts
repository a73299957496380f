import { assert as assertProperty, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderBody } from '../../src/render/render-body.ts';
import { sanitiseHtml } from '../../src/render/sanitise-html.ts';
import { renderText } from '../../src/render/text.ts';

function read(markdown: string): string {
  const body = renderBody({ markdown, pageUrl: 'https://n.example/p/', slug: 'p' }, sanitiseHtml);
  return body.kind === 'rendered' ? renderText(body.html) : body.reason;
}

describe('plain text made for reading', () => {
  it('numbers links and lists them below, each once', () => {
    expect(
      read(
        'See [one](https://e.example/1), [two](https://e.example/2) and [one again](https://e.example/1).',
      ),
    ).toBe('See one [1], two [2] and one again [1].\n\n[1] https://e.example/1\n[2] https://e.example/2');
  });

  it('does not repeat an address that is its own text', () => {
    expect(read('<https://e.example/x> and <a@e.example>')).toBe('https://e.example/x and a@e.example');
  });

  it('flows near 72 columns and never breaks a URL', () => {
    const url = `https://e.example/${'path/'.repeat(40)}`;
    const lines = read(`${'some words '.repeat(30)}<${url}> ${'and more '.repeat(20)}`).split('\n');
    expect(lines).toContain(url);
    expect(lines.filter((line) => line !== url).every((line) => line.length <= 72)).toBe(true);
  });

  it('keeps code as it stands, set in', () => {
    expect(read('```\nif (a)   {\n  b && c\n}\n```')).toBe('    if (a)   {\n      b && c\n    }');
  });

  it('keeps lists, quotes, tables and what is raised or struck', () => {
    expect(
      read('1. a\n   - b\n2. c\n\n> quote\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\n10<sup>3</sup> ~~no~~'),
    ).toBe(' 1. a\n    - b\n 2. c\n\n> quote\n\nx   y\n1   2\n\n10^3 ~no~');
  });

  it('reads pictures by their alt text, and silent ones not at all', () => {
    expect(read('a ![the rack](https://e.example/r.png) b ![](https://e.example/d.png) c')).toBe(
      'a [the rack] b c',
    );
  });

  it('says which footnote is meant', () => {
    expect(read('word[^1]\n\n[^1]: the note')).toBe('word^1\n\n* * *\n\n 1. the note');
  });

  it('holds for any text: no control characters, nothing trailing, the same each time', () => {
    assertProperty(
      property(string({ unit: 'binary', maxLength: 200 }), (markdown) => {
        const text = read(markdown);
        expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]|[ \t]$/m);
        expect(text.isWellFormed()).toBe(true);
        expect(read(markdown)).toBe(text);
      }),
    );
  });
});
