import { describe, expect, it } from 'vitest';
import { renderBody } from '../../src/render/render-body.ts';
import { sanitiseHtml } from '../../src/render/sanitise-html.ts';

const PAGE = 'https://notes.example/the-fan/';

function read(markdown: string) {
  const body = renderBody({ markdown, pageUrl: PAGE, slug: 'the-fan' }, sanitiseHtml);
  if (body.kind === 'refused') throw new Error(body.reason);
  return body;
}

describe('Markdown as GitHub reads it', () => {
  it('keeps tables, code with its language, strikethrough, kbd, sub and sup', () => {
    const { html } = read(
      '| a | b |\n|---|--:|\n| 1 | 2 |\n\n```ts\nlet a = 1 < 2;\n```\n\n~~no~~ <kbd>Ctrl</kbd> H<sub>2</sub>O x<sup>2</sup>',
    );
    expect(html).toContain('<th scope="col" class="align-right">b</th>');
    expect(html).toContain('<code class="language-ts">let a = 1 &lt; 2;\n</code>');
    expect(html).toContain('<del>no</del> <kbd>Ctrl</kbd> H<sub>2</sub>O x<sup>2</sup>');
  });

  it('draws the boxes of a task list, for a mail has no form', () => {
    const { html } = read('- [x] done\n- [ ] open');
    expect(html).toBe('<ul class="tasks">\n<li>☑ done</li>\n<li>☐ open</li>\n</ul>');
  });

  it('keeps details, figures and pictures', () => {
    const html =
      '<details open><summary>More</summary><figure><img src="https://e.example/a.png" alt="a"><figcaption>A</figcaption></figure></details>';
    expect(read(html).html).toBe(html.replace('alt="a"', 'alt="a" loading="lazy"'));
  });
});

describe('headings', () => {
  it.each([
    ['# One\n\n## Two\n\n### Three', ['h2', 'h3', 'h4']],
    ['### Three\n\n#### Four', ['h2', 'h3']],
    ['## Two', ['h2']],
    ['# One\n\n###### Six', ['h2', 'h6']],
    ['<h1>raw</h1>\n\n## Two', ['h2', 'h3']],
  ])('move so that the topmost is an h2: %j', (markdown, names) => {
    expect([...read(markdown).html.matchAll(/<(h\d)/g)].map(([, name]) => name)).toEqual(names);
  });

  it('are listed as text, and each has an id of its own', () => {
    const { html, headings } = read(
      '## The `Fix` & more\n\n## 再起動\n\n## The Fix & more\n\n## !!!\n\n<p id="section"></p>x',
    );
    expect(headings).toEqual(['The Fix & more', '再起動', 'The Fix & more', '!!!']);
    const ids = [...html.matchAll(/<h2 id="([^"]*)"/g)].map(([, id]) => id);
    expect(ids).toEqual(['the-fix-more', '再起動', 'the-fix-more-2', 'section-2']);
  });
});

describe('footnotes', () => {
  it('leave a line whole that has its mention, or what looks like one, after its first letter', () => {
    expect(read('I[^1] think\n\n[^1]: Well.').html).toContain('<p>I<sup>');
    expect(read('I[^ think').html).toBe('<p>I[^ think</p>');
  });

  it('are numbered by mention, unique per post, and lead there and back', () => {
    const { html } = read('First[^b], then[^a], again[^b].\n\n[^a]: Note A\n[^b]: Note B\n    goes on.');
    expect(html).toContain(`First<sup><a id="the-fan-mention-1" href="${PAGE}#the-fan-note-1">1</a></sup>`);
    expect(html).toContain(`again<sup><a href="${PAGE}#the-fan-note-1">1</a></sup>`);
    expect(html).toMatch(/<li id="the-fan-note-1"><p>Note B\s+goes on\. <a href="[^"]*#the-fan-mention-1"/);
    expect(html.indexOf('Note B')).toBeLessThan(html.indexOf('Note A'));
  });

  it('leave a mention without a note, and code, as they are written', () => {
    expect(read('no[^x] `a[^1]`\n\n[^1]: unmentioned').html).toBe('<p>no[^x] <code>a[^1]</code></p>');
  });
});

describe('the excerpt', () => {
  it('is the first paragraph with text, without footnote numbers', () => {
    expect(
      read('# T\n\n![x](https://e.example/x.png)\n\nSome *text*[^1]\nhere & there.\n\nMore.\n\n[^1]: n')
        .excerpt,
    ).toBe('Some text here & there.');
  });

  it('is cut at a word near 280 characters, and never inside a grapheme', () => {
    const words = read('word '.repeat(100)).excerpt;
    expect(words.length).toBeLessThanOrEqual(280);
    expect(words).toMatch(/ word…$/);
    const family = read('👩‍👩‍👧‍👦'.repeat(60)).excerpt;
    expect(family).toMatch(/^(?:👩‍👩‍👧‍👦)+…$/u);
  });
});

describe('right-to-left text', () => {
  it('lets every block find its own direction, and code stay as it is', () => {
    const { html } = read('مرحبا\n\n> اقتباس\n\nHello\n\n```\nls -l\n```');
    expect(html).toContain('<p dir="auto">مرحبا</p>');
    expect(html).toContain('<blockquote dir="rtl">');
    expect(html).toContain('<p dir="auto">Hello</p>');
    expect(html).toContain('<pre dir="ltr">');
  });

  it('changes nothing for other posts', () => {
    expect(read('Hello 日本').html).toBe('<p>Hello 日本</p>');
  });
});
