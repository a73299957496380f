import { describe, expect, it } from 'vitest';
import { linkAssets } from '../../src/render/link-assets.ts';
import { renderBody } from '../../src/render/render-body.ts';
import { sanitiseHtml } from '../../src/render/sanitise-html.ts';

const SIZE = { width: 640, height: 480 };
const LINKS = new Map([
  ['a.png', { url: 'https://n.example/p/a.png', size: SIZE }],
  ['b c.pdf', { url: 'https://n.example/p/b%20c.pdf', size: null }],
  ['gone.png', null],
]);

function link(markdown: string): string {
  const body = renderBody({ markdown, pageUrl: 'https://n.example/p/', slug: 'p' }, sanitiseHtml);
  return body.kind === 'rendered' ? linkAssets(body.html, LINKS) : body.reason;
}

describe('files beside a post', () => {
  it('get their URL, and pictures their size', () => {
    expect(link('![A](a.png)')).toBe(
      '<p><img src="https://n.example/p/a.png" alt="A" loading="lazy" width="640" height="480"></p>',
    );
    expect(link('[B](<b c.pdf>) [page](b%20c.pdf#page=2)')).toBe(
      '<p><a href="https://n.example/p/b%20c.pdf">B</a> <a href="https://n.example/p/b%20c.pdf#page=2">page</a></p>',
    );
  });

  it('keep the size their author gave', () => {
    expect(link('<img src="a.png" width="10" alt="">')).toBe(
      '<img src="https://n.example/p/a.png" width="10" alt="" loading="lazy">',
    );
  });

  it('that are missing are left out: a picture becomes its alt text, a link its text', () => {
    expect(link('![A <b>](gone.png) and [*text* ![x](a.png)](nowhere.pdf) ![](gone.png)')).toMatch(
      /^<p>A &lt;b&gt; and <em>text<\/em> <img src="https:\/\/n.example\/p\/a.png"[^>]*> <\/p>$/,
    );
    expect(link('<video src="gone.mp4">no film</video>')).toBe('<p>no film</p>');
  });

  it('that are missing from a srcset or a picture leave the others', () => {
    expect(link('<img src="a.png" srcset="gone.png 1x, a.png 2x" alt="">')).toContain(
      'srcset="https://n.example/p/a.png 2x"',
    );
    expect(link('<picture><source srcset="gone.png"><img src="a.png" alt=""></picture>')).toMatch(
      /^<p><picture><img src="https:[^>]*><\/picture><\/p>$/,
    );
    expect(link('<picture><source srcset="a.png"><img src="gone.png" alt="A"></picture>')).toBe('<p>A</p>');
  });

  it('leave everything else alone', () => {
    const html = '<p>renga-asset: <a href="https://e.example/">x</a></p>';
    expect(linkAssets(html, new Map())).toBe(html);
  });
});
