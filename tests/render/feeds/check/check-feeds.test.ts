/** The last look at a feed: what we make passes whatever an author writes, and each kind of fault is seen and named. */
import { assert, constantFrom, oneof, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkFeeds } from '../../../../src/render/feeds/check/check-feeds.ts';
import { type RenderedFeeds, renderFeeds } from '../../../../src/render/feeds/render-feeds.ts';
import { SAMPLES, sampleDocument, sampleEntry } from '../sample-entries.ts';

const NOW = Temporal.Instant.from('2026-11-12T12:00:00Z');
const GOOD = renderFeeds(sampleDocument(SAMPLES));

const faultsOf = (changes: Partial<RenderedFeeds>): readonly string[] =>
  checkFeeds({ ...GOOD, ...changes }, NOW).map(({ entry, reason }) => `${entry ?? 'feed'}: ${reason}`);

const holding = (html: string): readonly string[] =>
  checkFeeds(renderFeeds(sampleDocument([sampleEntry({ slug: 'a', title: 'A', html })])), NOW).map(
    ({ entry, reason }) => `${entry}: ${reason}`,
  );

describe('checkFeeds', () => {
  it('has nothing to say about the samples', () => {
    expect(faultsOf({})).toEqual([]);
  });

  it.each(['rss', 'atom', 'json'] as const)('refuses %s that is cut short', (format) => {
    expect(faultsOf({ [format]: GOOD[format].slice(0, -30) })).not.toEqual([]);
  });

  it.each([
    ['a raw ampersand', (xml: string) => xml.replace('<title>', '<title>& '), /stands for no character/],
    ['a tag that is not closed', (xml: string) => xml.replace('</title>', ''), /is not open/],
    ['a control character', (xml: string) => xml.replace('<title>', '<title>\u0001'), /forbids/],
    [
      'an attribute twice',
      (xml: string) => xml.replace('version="2.0"', 'version="2.0" version="2.0"'),
      /twice/,
    ],
    [
      'a prefix that is not declared',
      (xml: string) => xml.replace(/ xmlns:dc="[^"]*"/, ''),
      /uses dc:creator, whose prefix is not declared/,
    ],
    [
      'an attribute whose prefix is not declared',
      (xml: string) => xml.replace('<channel>', '<channel x:lang="en">'),
      /uses x:lang/,
    ],
    [
      'a prefix that is declared elsewhere only',
      (xml: string) => xml.replace('<title>', '<title xmlns:a="urn:a"><a:b/></title><a:b/><title>'),
      /uses a:b/,
    ],
    ['an id twice', (xml: string) => xml.replace(/:swap</, ':natsu<'), /is in it twice/],
    ['an id too few', (xml: string) => xml.replace(/<guid.*?<\/guid>/, ''), /exactly one <guid>/],
    [
      'a link of half an address',
      (xml: string) => xml.replace(/<link>https:\/\/example.org\/blog\/swap/, '<link>/swap'),
      /no whole address/,
    ],
    ['a date in the future', (xml: string) => xml.replace(/(<pubDate>[^<]*)2026/, '$12031'), /has the date/],
    ['a date that is none', (xml: string) => xml.replace(/<pubDate>[^<]*/, '<pubDate>soon'), /has the date/],
    [
      'two addresses of its own',
      (xml: string) => xml.replace(/<atom:link [^>]*>/, '$&$&'),
      /its own address once/,
    ],
    [
      'another title than the others',
      (xml: string) => xml.replace('No verse', 'Verse'),
      /not the same in all/,
    ],
  ])('refuses %s', (_, spoil, said) => {
    const rss = spoil(GOOD.rss);
    expect(rss).not.toBe(GOOD.rss);
    expect(faultsOf({ rss }).join('\n')).toMatch(said);
  });

  it.each([
    '<script>x</script>',
    '<SCRIPT src="https://x.example/y.js">',
    '<p onclick="x">y</p>',
    '<p style="position:fixed">y</p>',
    '<a href="javascript:x">y</a>',
    '<a href=" JavaScript:x">y</a>',
    '<a href="/relative">y</a>',
    '<a href="#here">y</a>',
    '<img src="//x.example/y.png">',
    '<img src="https://x.example/a.png" srcset="b.png 2x">',
    '<video poster="p.png"></video>',
    '<blockquote cite="x">y</blockquote>',
    '<iframe src="https://x.example/"></iframe>',
    '<form action="https://x.example/"></form>',
    '<p>cut <a href="https://x.example/',
  ])('names the post that holds %s', (html) => {
    const faults = holding(html);
    expect(faults).not.toEqual([]);
    expect(faults[0]).toMatch(/^tag:example.org,2026-03-01:a: holds /);
  });

  it.each([
    '<p>5 &lt; 6, onclick="x" and javascript:x are words</p>',
    '<a href="mailto:a@example.org">y</a>',
    '<pre><code class="language-html">&lt;script&gt;</code></pre>',
    '<img src="https://x.example/a.png" srcset="https://x.example/b.png 2x, https://x.example/c.png 3x" alt="a > b">',
  ])('lets %s pass', (html) => {
    expect(holding(html)).toEqual([]);
  });

  it('lets everything pass that renderFeeds makes, whatever the titles, tags and haiku say', () => {
    const text = oneof(
      string({ unit: 'binary', maxLength: 30 }),
      constantFrom(']]>', '<script>', '&#0;', '\uD800', '" onclick="x', '<a href="javascript:x">'),
    );
    assert(
      property(text, text, text, (title, tag, summary) => {
        const haiku = [title, tag, summary] as const;
        const entry = sampleEntry({ slug: 'a', title, tags: [tag], summary, haiku });
        expect(checkFeeds(renderFeeds(sampleDocument([entry])), NOW)).toEqual([]);
      }),
    );
  });
});
