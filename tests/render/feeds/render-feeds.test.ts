/** The three feeds: golden, alike, well-formed for any Unicode, and as feedsmith reads them. */
import { assert, constantFrom, oneof, property, string } from 'fast-check';
import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith';
import { XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/domain/entry.ts';
import { renderFeeds } from '../../../src/render/feeds/render-feeds.ts';
import { PUBLICATION, SAMPLES, sampleDocument, sampleEntry } from './sample-entries.ts';

const render = (
  entries: readonly Entry[],
  content: 'full' | 'summary' = 'full',
  { complete = true, description = PUBLICATION.description } = {},
) =>
  renderFeeds({
    ...sampleDocument(entries),
    publication: { ...PUBLICATION, description },
    content,
    history: complete ? { kind: 'complete' } : { kind: 'newest', older: null },
  });

describe('renderFeeds', () => {
  it.each(['rss.xml', 'atom.xml', 'feed.json'] as const)('renders %s as it was reviewed', async (file) => {
    const { rss, atom, json } = render(SAMPLES);
    const document = { 'rss.xml': rss, 'atom.xml': atom, 'feed.json': json }[file];
    await expect(document).toMatchFileSnapshot(`golden/${file}`);
  });

  it('says the same ids, links, titles and moments in all three', () => {
    const { rss, atom, json } = render(SAMPLES);
    const moment = (text: string | undefined): number => Date.parse(text ?? '');
    const ofRss = parseRssFeed(rss).items?.map((item) => [
      item.guid?.value,
      item.link,
      item.title,
      moment(item.pubDate),
    ]);
    const ofAtom = parseAtomFeed(atom).entries?.map((entry) => [
      entry.id,
      entry.links?.[0]?.href,
      typeof entry.title === 'string' ? entry.title : (entry.title as { value?: string } | undefined)?.value,
      moment(entry.published),
    ]);
    const ofJson = (
      JSON.parse(json) as { items: { id: string; url: string; title: string; date_published: string }[] }
    ).items.map((item) => [item.id, item.url, item.title, moment(item.date_published)]);
    expect(ofRss).toHaveLength(SAMPLES.length);
    expect(ofRss?.map((row) => [row[0], row[1], row[3]])).toEqual(
      ofJson.map((row) => [row[0], row[1], row[3]]),
    );
    expect(ofAtom?.map((row) => [row[0], row[1], row[3]])).toEqual(
      ofJson.map((row) => [row[0], row[1], row[3]]),
    );
    expect(ofRss?.map((row) => row[2])).toEqual(ofJson.map((row) => row[2]));
    expect(ofAtom?.map((row) => row[2])).toEqual(ofJson.map((row) => row[2]));
    expect(parseJsonFeed(json).items?.[0]?.title).toBe('夏の夜');
  });

  it('opens content and description with the haiku on three lines', () => {
    const { rss, json } = render(SAMPLES);
    const verse = '<p class="haiku">夏の夜や<br/>サーバの唸り<br/>子守唄</p>';
    const [item] = parseRssFeed(rss).items ?? [];
    expect(item?.description?.startsWith(verse)).toBe(true);
    expect(item?.content?.encoded?.startsWith(verse)).toBe(true);
    const [first] = (JSON.parse(json) as { items: Record<string, unknown>[] }).items;
    expect(first?.['_haiku']).toEqual(['夏の夜や', 'サーバの唸り', '子守唄']);
    expect(String(first?.['content_html']).startsWith(verse)).toBe(true);
  });

  it('takes its dates from the entries and never from the clock', () => {
    const { rss, atom } = render(SAMPLES);
    expect(rss).toContain('<lastBuildDate>Sat, 01 Aug 2026 08:00:00 +0000</lastBuildDate>');
    expect(atom).toContain('<updated>2026-08-01T08:00:00.000Z</updated>');
    expect(render([]).rss).toContain('<lastBuildDate>Thu, 01 Jan 1970 00:00:00 +0000</lastBuildDate>');
  });

  it('says the same moments of change in all three, for the whole and for each entry', () => {
    const edited = '2026-09-09T09:09:09.900[Europe/Berlin]';
    const [first, second, third] = SAMPLES;
    if (!first || !second || !third) throw new Error('there are three samples');
    // The newest change need not be the newest post's.
    const older = { ...second, post: { ...second.post, updatedAt: Temporal.ZonedDateTime.from(edited) } };
    const { rss, atom, json } = render([first, older, third]);
    const moment = (text: unknown): number => Date.parse(typeof text === 'string' ? text : '');
    const ofAtom = parseAtomFeed(atom);
    const ofJson = JSON.parse(json) as { items: { date_modified: string }[] };
    const changes = ofJson.items.map((item) => moment(item.date_modified));
    expect(changes[1]).toBe(moment('2026-09-09T07:09:09Z'));
    expect(ofAtom.entries?.map((entry) => moment(entry.updated))).toEqual(changes);
    expect(moment(ofAtom.updated)).toBe(Math.max(...changes));
    expect(moment(parseRssFeed(rss).lastBuildDate)).toBe(Math.max(...changes));
  });

  it('says that it is complete only when it is, and in XML alone (RFC 5005 §2)', () => {
    const part = render(SAMPLES, 'full', { complete: false });
    for (const document of Object.values(part)) expect(document).not.toContain('complete/>');
    const whole = render(SAMPLES);
    for (const document of [whole.rss, whole.atom]) {
      expect(document.match(/<fh:complete\/>/g)).toHaveLength(1);
      expect(document).toContain('xmlns:fh="http://purl.org/syndication/history/1.0"');
      expect(document.indexOf('<fh:complete/>')).toBeLessThan(document.search(/<(?:item|entry)>/));
    }
    const unmarked = (document: string): string => document.replace(/\n\s*<fh:complete\/>/, '');
    expect([unmarked(whole.rss), unmarked(whole.atom), whole.json]).toEqual([part.rss, part.atom, part.json]);
  });

  it('carries only the summary where that is wanted', () => {
    const { rss, atom, json } = render(SAMPLES, 'summary');
    for (const document of [rss, atom, json]) {
      expect(document).not.toContain('language-sh');
      expect(document).toContain('A summary.');
    }
  });

  it('leaves out elements that would be empty', () => {
    const bare = sampleEntry({ slug: 'bare', title: 'Nothing but a title', summary: '', html: '' });
    for (const content of ['full', 'summary'] as const) {
      const { rss, atom, json } = render([bare], content, { description: '' });
      for (const document of [rss, atom]) expect(document).not.toMatch(/<([\w:]+)(?: [^>]*)?><\/\1>/);
      const [item] = (JSON.parse(json) as { items: object[] }).items;
      expect(item).not.toHaveProperty('summary');
      // JSON Feed 1.1: one of content_html and content_text must be there.
      expect(item).toHaveProperty('content_html', '');
      expect(JSON.parse(json)).not.toHaveProperty('description');
      expect(parseAtomFeed(atom).entries?.[0]?.links?.[0]).toMatchObject({
        rel: 'alternate',
        href: bare.url,
      });
      // RSS 2.0 requires it of the channel: the title stands in.
      expect(parseRssFeed(rss).description).toBe(PUBLICATION.title);
    }
  });

  it('describes an entry in RSS by its haiku alone, or by its summary alone', () => {
    const verse = sampleEntry({ slug: 'v', title: 'V', summary: '', haiku: ['a', 'b', 'c'] });
    const prose = sampleEntry({ slug: 'p', title: 'P', summary: 'Said & done.' });
    const described = parseRssFeed(render([verse, prose]).rss).items?.map((item) => item.description);
    expect(described).toEqual(['<p class="haiku">a<br/>b<br/>c</p>', '<p>Said &amp; done.</p>']);
  });

  it('says author, address and tags alike in all three, and the picture in JSON', () => {
    const plain = sampleEntry({ slug: 'a', title: 'A', tags: ['\u0000', ' two  words '] });
    const imageUrl = 'https://example.org/blog/a/p.png';
    const url = 'HTTPS://Example.org:443/blog/ä b/';
    const entry = { ...plain, url, imageUrl, post: { ...plain.post, author: 'Bo <Lee>' } };
    const { rss, atom, json } = render([entry]);
    const [item] = parseRssFeed(rss).items ?? [];
    const [inAtom] = parseAtomFeed(atom).entries ?? [];
    const [inJson] = (JSON.parse(json) as { items: Record<string, unknown>[] }).items;
    const address = 'https://example.org/blog/%C3%A4%20b/';
    expect([item?.dc?.creators?.[0], item?.link, item?.categories?.map(({ name }) => name)]).toEqual([
      'Bo <Lee>',
      address,
      ['two words'],
    ]);
    expect([inAtom?.authors, inAtom?.links?.[0]?.href]).toEqual([[{ name: 'Bo <Lee>' }], address]);
    expect(inAtom?.categories?.map(({ term }) => term)).toEqual(['two words']);
    expect(inJson).toMatchObject({
      authors: [{ name: 'Bo <Lee>' }],
      url: address,
      tags: ['two words'],
      image: imageUrl,
    });
  });

  it('lets no line of a haiku become markup, and cleans it everywhere', () => {
    const haiku = ['<b>one</b>', 'two\u0000  \n words', 'three & more'] as const;
    const { rss, json } = render([sampleEntry({ slug: 'a', title: 'A', summary: '', haiku })]);
    const verse = '<p class="haiku">&lt;b&gt;one&lt;/b&gt;<br/>two words<br/>three &amp; more</p>';
    expect(parseRssFeed(rss).items?.[0]?.description).toBe(verse);
    const [item] = (JSON.parse(json) as { items: object[] }).items;
    expect(item).toMatchObject({ _haiku: ['<b>one</b>', 'two words', 'three & more'] });
  });

  it('carries nothing that XML forbids from the publication either', () => {
    const { rss, atom } = render(SAMPLES, 'full', { description: 'a\u0000\u000b\uffffb' });
    expect(parseRssFeed(rss).description).toBe('ab');
    expect(parseAtomFeed(atom).subtitle).toEqual({ value: 'ab' });
  });

  it('is well-formed for any Unicode anywhere', () => {
    const text = string({ unit: 'binary', maxLength: 40 });
    const hostile = oneof(
      text,
      constantFrom(']]>', '<![CDATA[', '\uD800', '\u0000', '&#0;', 'renga-text-0-renga', '</title>'),
    );
    assert(
      property(hostile, hostile, hostile, (title, tag, summary) => {
        const entry = sampleEntry({
          slug: 'a',
          title,
          tags: [tag],
          summary,
          haiku: [title, tag, summary],
          html: summary,
        });
        const { rss, atom, json } = render([entry]);
        expect(XMLValidator.validate(rss)).toBe(true);
        expect(XMLValidator.validate(atom)).toBe(true);
        // Characters XML 1.0 §2.2 forbids are gone from all three.
        expect(`${rss}${atom}${json}`).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
        expect((JSON.parse(json) as { items: unknown[] }).items).toHaveLength(1);
      }),
      { numRuns: 300 },
    );
  });
});
