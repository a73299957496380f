import { array, assert as assertProperty, constantFrom, oneof, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderBody } from '../../src/render/render-body.ts';
import { sanitiseHtml } from '../../src/render/sanitise-html.ts';

const PAGE = 'https://notes.example/the-fan/';
const VOID = new Set(['br', 'col', 'hr', 'img', 'source', 'track', 'wbr']);
const SAFE_URL = /^(?:https?:\/\/|mailto:|tel:|renga-asset:)/;

function read(markdown: string) {
  const body = renderBody({ markdown, pageUrl: PAGE, slug: 'the-fan' }, sanitiseHtml);
  if (body.kind === 'refused') throw new Error(body.reason);
  return body;
}

const FORBIDDEN_TAG =
  /^(?:script|style|object|embed|iframe|form|input|button|svg|math|base|meta|link|template)$/;
const FORBIDDEN_KEY = /^(?:on|style$|target$|srcdoc$|formaction$)/;
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffe\uffff]/;

/** What is wrong with a body, whatever it came from: a reading of HTML that shares nothing with the code under test. */
function offencesOf(html: string): readonly string[] {
  const open: string[] = [];
  const offences: string[] = [];
  const rest = html.replace(
    /<(\/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"<>]*")?)*)>/g,
    (tag, slash: string, name: string, attributes: string) => {
      if (slash && open.pop() !== name) offences.push(`unbalanced ${tag}`);
      if (!slash && !VOID.has(name)) open.push(name);
      if (FORBIDDEN_TAG.test(name)) offences.push(tag);
      for (const [, key = '', value = ''] of attributes.matchAll(/([a-z-]+)(?:="([^"]*)")?/g)) {
        const urls =
          key === 'srcset' ? value.split(', ') : /^(?:href|src|poster|cite)$/.test(key) ? [value] : [];
        if (FORBIDDEN_KEY.test(key) || !urls.every((url) => SAFE_URL.test(url))) offences.push(tag);
      }
      return '';
    },
  );
  if (open.length > 0) offences.push(`unclosed ${open.join(' ')}`);
  if (/[<>]/.test(rest)) offences.push('a stray angle bracket');
  if (CONTROL.test(html) || !html.isWellFormed()) offences.push('a forbidden character');
  return offences;
}

const HOSTILE = [
  '<script>alert(1)</script>text',
  '<script>alert(1)',
  '<style>*{display:none}</style>text',
  '<img src=x onerror=alert(1)>',
  '<img src="javascript:alert(1)" alt="a">',
  '<a href="java\nscript:alert(1)">x</a>',
  '<a href="&#106;avascript:alert(1)">x</a>',
  '<a href="\u0001javascript:alert(1)">x</a>',
  '<a href="data:text/html,<script>alert(1)</script>">x</a>',
  '<a href="vbscript:x">x</a><a href="file:///etc/passwd">x</a>',
  '<iframe src="https://evil.example"></iframe>',
  '<iframe><img src=x onerror=alert(1)></iframe>',
  '<object data="x"></object><embed src="x"><form action="x"><input name="a"><button>b</button></form>',
  '<svg><style><img src=x onerror=alert(1)></style></svg>',
  '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
  '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
  '<!--><img src=x onerror=alert(1)>-->',
  '<![CDATA[<img src=x onerror=alert(1)>]]>',
  '<?php echo 1 ?><!DOCTYPE html><html><body onload=x>',
  '<b><i>never closed',
  '</mj-text></mj-column></td></tr></table></div>text',
  '<td>cell</td><tr><td>row</td></tr>',
  '<table><td>no row</td><tr><td>row</td></table>',
  '<p id="a"><p id="a" class="x" style="color:red" onclick="x()">',
  '<a target="_blank" rel="opener noreferrer" href="https://e.example">x</a>',
  '<video autoplay src="javascript:1" poster="data:x"></video>',
  '<picture><source srcset="javascript:1 1x"><img srcset="data:x 1x" src="a.png"></picture>',
  '<base href="https://evil.example/"><meta http-equiv="refresh" content="0;url=x"><link rel="stylesheet" href="x">',
  '<textarea><img src=x onerror=alert(1)></textarea><xmp><script>1</script></xmp><plaintext>',
  '&#0;&#8;&#xD800;&#xFFFE;&lt;script&gt;',
  '\u0000\u0008\uD800x\uDFFF\uFFFE\u009F',
  '<img alt="&quot;><script>alert(1)</script>" src="a.png">',
  '[x](javascript:alert(1)) ![y](data:image/svg+xml;base64,AAAA) <javascript:alert(1)>',
  '[x]: javascript:alert(1)\n\n[x]',
  '> '.repeat(500) + 'deep',
  '<div>'.repeat(5000),
  '<p>'.repeat(2000) + '</b>'.repeat(2000),
  '<a href="renga-asset:forged.png">forged</a><img src="renga-asset:forged.png" alt="f">',
];

describe('a body without what makes any HTML safe', () => {
  it('is the same where nothing needs it', () => {
    const job = { markdown: 'Plain *words*.', pageUrl: PAGE, slug: 'the-fan' };
    expect(renderBody(job, null)).toEqual(renderBody(job, sanitiseHtml));
  });

  it('is none where its author wrote HTML', () => {
    const job = { markdown: 'Some <u>words</u>.', pageUrl: PAGE, slug: 'the-fan' };
    expect(renderBody(job, null)).toBeNull();
  });
});

describe('hostile posts', () => {
  it.each(HOSTILE)('are made harmless: %j', (markdown) => {
    expect(offencesOf(read(markdown).html)).toEqual([]);
    expect(offencesOf(read(`before\n\n${markdown}\n\nafter`).html)).toEqual([]);
  });

  it('hold back nothing that is only near the markup', () => {
    expect(read('before\n\n<script>alert(1)</script>\n\nafter').html).toMatch(/before[\s\S]*after/);
    expect(read('`</mj-text>` and `<script>`').html).toBe(
      '<p><code>&lt;/mj-text&gt;</code> and <code>&lt;script&gt;</code></p>',
    );
  });

  it('cannot break out of a layout table with cells of no table', () => {
    expect(read('<td>a</td><table><tr><td>b</td></tr></table><tr><th>c').html).not.toMatch(
      /^<t[dr]|<\/table>.*<t[dhr]/s,
    );
    expect(read('<td>a</td>').html).toBe('a');
  });

  it('give each id once', () => {
    expect(read('<p id="a">x</p><p id="a">y</p>').html).toBe('<p id="a">x</p><p>y</p>');
  });

  it('cannot forge a link to a file that is not theirs', () => {
    const { html, references } = read('<a href="renga-asset:forged.png">forged</a>');
    expect(html).not.toContain('renga-asset');
    expect(references).toEqual([]);
  });

  it('nested too deeply, are refused with a reason and not with a crash', () => {
    const body = renderBody({ markdown: '>'.repeat(10_000), pageUrl: PAGE, slug: 's' }, sanitiseHtml);
    expect(body).toEqual({ kind: 'refused', reason: 'is nested too deeply to be read as Markdown' });
  });
});

describe('elements whose content is not prose', () => {
  it.each([
    [
      'Use the <title> of a page.\n\nAnd more.',
      '<p>Use the &lt;title&gt; of a page.</p>\n<p>And more.</p>',
      [],
    ],
    ['<TEXTAREA rows=2\n\nAnd *more*.', '&lt;TEXTAREA rows=2\n\nAnd *more*.', []],
    ['a <plaintext> b</plaintext>\n\nc', '<p>a &lt;plaintext&gt; b</p>\n<p>c</p>', []],
    ['a <iframe src="https://v.example/"></iframe> b', '<p>a  b</p>', ['iframe']],
    ['a <embed src="https://v.example/"> b <svg><title>t</title></svg>', '<p>a  b </p>', ['embed', 'svg']],
    ['a <titles> b <b title="<svg">c</b>', '<p>a  b <b title="&lt;svg">c</b></p>', []],
    ['a <!-- b --> c\n\n<!-- d\n\ne', '<p>a  c</p>', ['!--']],
  ])('never swallow what follows them, and are told of: %s', (markdown, html, leftOut) => {
    const body = renderBody({ markdown, pageUrl: PAGE, slug: 'p' }, sanitiseHtml);
    expect(body).toMatchObject({ html, leftOut });
  });
});

describe('links', () => {
  it.each([
    ['https://e.example/a?b=1&c=2#d', 'https://e.example/a?b=1&amp;c=2#d'],
    ['//e.example/x', 'https://e.example/x'],
    ['/root', 'https://notes.example/root'],
    ['\\\\e.example/x', 'https://e.example/x'],
    ['#part', `${PAGE}#part`],
    ['?q=1', `${PAGE}?q=1`],
    ['../other/', 'https://notes.example/other/'],
    ['mailto:a@e.example', 'mailto:a@e.example'],
    ['tel:+43123', 'tel:+43123'],
    ['HTTPS://E.example/Ü', 'https://e.example/%C3%9C'],
  ])('%s is absolute', (written, url) => {
    expect(read(`<a href="${written}">x</a>`).html).toBe(`<p><a href="${url}">x</a></p>`);
  });

  it.each(['javascript:1', 'data:x', 'file:///x', 'C:\\x.png', 'ftp://e.example', '', 'http://'])(
    '%s leads nowhere: its text stays',
    (written) => {
      expect(read(`<a href="${written}">x</a>`).html).toBe('<p>x</p>');
    },
  );

  it('name the files beside the post, each once, as they are called there', () => {
    const { html, references } = read(
      '![a](<my pic.png>) [b](files/über.pdf#page=3) ![a](my%20pic.png?v=2) ![p](100%.png) ![h](a%23b.png) <img src="./é,1.png" srcset="b.png, c.png 2x, https://e.example/d.png 3x">\n\n<video src="v.mp4" poster="p.png"></video>',
    );
    expect(references).toEqual([
      'my pic.png',
      'files/über.pdf',
      '100%25.png',
      'a%23b.png',
      './é,1.png',
      'b.png',
      'c.png',
      'v.mp4',
      'p.png',
    ]);
    expect(html).not.toMatch(/(?:src|href|poster)="(?!renga-asset:|https:)/);
    expect(html).toContain('#page=3');
  });
});

describe('any text at all', () => {
  const fragment = oneof(
    constantFrom(...HOSTILE),
    constantFrom(
      '<',
      '>',
      '"',
      "'",
      '&',
      '\n\n',
      '`',
      '```\n',
      '|',
      '[',
      '](',
      ')',
      '*',
      '# ',
      '- ',
      '> ',
      '<!--',
      '-->',
      '<table>',
      '<tr>',
      '</p>',
      '<a href=',
      '<b ',
      '\u0000',
      '\uD83D',
    ),
    string({ unit: 'binary' }),
  );
  const markdown = array(fragment, { maxLength: 12 }).map((parts) => parts.join(''));

  it('gives a safe, balanced body, and the same one each time', () => {
    assertProperty(
      property(markdown, (text) => {
        const body = renderBody({ markdown: text, pageUrl: PAGE, slug: 's' }, sanitiseHtml);
        expect(offencesOf(body.kind === 'rendered' ? body.html : '')).toEqual([]);
        expect(renderBody({ markdown: text, pageUrl: PAGE, slug: 's' }, sanitiseHtml)).toEqual(body);
      }),
      { numRuns: 400 },
    );
  });
});
