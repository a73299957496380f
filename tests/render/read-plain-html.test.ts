import { array, assert as assertProperty, constantFrom, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanText } from '../../src/render/clean-text.ts';
import { parseHtmlPieces, renderHtmlPieces } from '../../src/render/html-pieces.ts';
import { readPlainHtml } from '../../src/render/read-plain-html.ts';
import { renderMarkdown } from '../../src/render/render-markdown.ts';
import { sanitiseHtml } from '../../src/render/sanitise-html.ts';

const PAGE = 'https://notes.example/the-fan/';

const NAMES = 'p h2 h6 pre blockquote ul ol li table thead tbody tr th td em strong del code a sup div svg';
/** Pieces that stand in plain HTML, and their neighbours that do not. */
const PIECES = [
  ...NAMES.split(' ').flatMap((name) => [`<${name}>`, `</${name}>`, `<${name}>x</${name}>`]),
  '<br>',
  '<hr>',
  '<br />',
  '</br>',
  '<BR>',
  '<img src="a.png" alt="">',
  '<img src="a.png">',
  '<img alt="no picture">',
  '<img src="https://other.example/a.png" alt="&quot;a&#39;" title="&lt;b&gt;">',
  '<img src="javascript:alert(1)" alt="x">',
  '<img src="a.png" src="b.png" alt="twice">',
  '<img src="a.png" onerror="alert(1)">',
  '<a href="https://other.example/?a=1&amp;b=2" title="t">l</a>',
  '<a href="b.md#part">l</a>',
  '<a href="">l</a>',
  '<a href="java&#115;cript:alert(1)">l</a>',
  '<a href="javascript:alert(1)">l</a>',
  '<a href="//other.example/">l</a>',
  '<a href="mailto:a@b.example">l</a>',
  '<a id="n-mention-1" href="#n-note-1">1</a>',
  '<li id="n-note-1">note</li>',
  '<li id="n-note-1">twice</li>',
  '<code class="language-js">c</code>',
  '<code class="footnotes">c</code>',
  '<code class="language-js evil">c</code>',
  '<ol start="3">',
  '<ol class="footnotes">',
  '<ul class="tasks">',
  '<td class="align-right">r</td>',
  '<th scope="col" class="align-left">h</th>',
  '<p class="align-left">p</p>',
  '<p style="x">p</p>',
  '<script>alert(1)</script>',
  '<!-- c -->',
  'text &amp; &lt;b&gt; &quot;q&quot; &#39;a&#39;',
  '&nbsp;&copy; &#8; & &am',
  'a > b',
  '1 < 2',
  '<',
  '\n',
  '日本',
];

function sanitised(html: string): { readonly html: string; readonly references: readonly string[] } {
  const { html: clean, references } = sanitiseHtml(html, PAGE);
  return { html: renderHtmlPieces(parseHtmlPieces(clean)), references };
}

function plain(html: string): { readonly html: string; readonly references: readonly string[] } | null {
  const read = readPlainHtml(cleanText(html), PAGE);
  return read && { html: renderHtmlPieces(read.pieces), references: read.references };
}

describe('readPlainHtml', () => {
  it('takes what honest Markdown gives, as the sanitiser would leave it', () => {
    const markdown = [
      '# A\n\nSome *words*, `code`, **more** and ~~less~~ & "quotes".\nA [link](b.md "t") and <https://c.example>.',
      '```js\nif (a < b) c("d");\n```\n\n- one\n- two\n  1. three\n\n- [x] done\n\n> quote\n\n---\n',
      '| a | b |\n|---|--:|\n| 1 | 2 |\n\n![pic](a.png)  \nline[^1]\n\n[^1]: The note.',
    ];
    for (const text of markdown) {
      const html = renderMarkdown(text, 'the-fan');
      expect(plain(html)).not.toBeNull();
      expect(plain(html)).toEqual(sanitised(html));
    }
  });

  it('gives what the sanitiser gives, or leaves it to the sanitiser', () => {
    assertProperty(
      property(array(constantFrom(...PIECES), { maxLength: 14 }), (pieces) => {
        const html = pieces.join('');
        const clean = sanitised(html);
        expect(plain(html) ?? clean).toEqual(clean);
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    '<script>alert(1)</script>',
    '<p onclick="x">a</p>',
    '<P>a</P>',
    '<p>a',
    'a</p>',
    '<p><p>a</p></p>',
    '<a href="a"><em><a href="b">c</a></em></a>',
    '<em>a<p>b</p></em>',
    '<ul><em>a</em></ul>',
    '<!-- a -->',
    '<p>&nbsp;</p>',
    '<img src=a.png>',
    `${'<blockquote>'.repeat(60)}${'</blockquote>'.repeat(60)}`,
  ])('leaves %s to the sanitiser', (html) => {
    expect(plain(html)).toBeNull();
  });
});
