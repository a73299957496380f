/** Our documents before the rules of the W3C's feed validator: no error, and no warning but those that docs/feeds.md explains. */
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { renderFeeds } from '../../../src/render/feeds/render-feeds.ts';
import { sampleDocument, sampleEntry, SAMPLES } from './sample-entries.ts';
import { judgeAtom, judgeOpml, judgeRss } from './validator-rules.ts';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const nameOf = (finding: string): string => finding.replace(/ .*/, '');

describe('the documents that were reviewed', async () => {
  const files = (await readdir(at('golden'))).filter((file) => /\.(?:xml|opml)$/.test(file));

  it.each(files)('%s', async (file) => {
    const text = await readFile(at(`golden/${file}`), 'utf8');
    const judge = file.endsWith('.opml') ? judgeOpml : file.endsWith('rss.xml') ? judgeRss : judgeAtom;
    const explained = await readExplained();
    expect(judge(text).filter((finding) => !explained.includes(nameOf(finding)))).toEqual([]);
  });
});

/** The names of warnings in the table of docs/feeds.md. */
async function readExplained(): Promise<readonly string[]> {
  const page = await readFile(at('../../../docs/feeds.md'), 'utf8');
  const part = page.slice(page.indexOf('## Before a validator'));
  return [...part.matchAll(/^\| `(\w+)`/gm)].map(([, name = '']) => name);
}

it('what is explained is a warning that our documents can give', async () => {
  const explained = await readExplained();
  expect(explained.length).toBeGreaterThan(3);
  expect(explained).not.toContain('InvalidFullLink');
});

describe('the rules', () => {
  const html = '<p>Text. <a href="https://example.org/">link</a></p>';
  const entries = [sampleEntry({ slug: 'a', title: 'Title', html }), ...SAMPLES.slice(0, 1)];
  const { rss, atom } = renderFeeds({ ...sampleDocument(entries), title: 'Plain' });

  it('find nothing in a plain document', () => {
    expect([judgeRss(rss), judgeAtom(atom)]).toEqual([[], []]);
  });

  it.each([
    ['MissingGuid', /<guid.*<\/guid>/, ''],
    ['InvalidHttpGUID', 'isPermaLink="false"', ''],
    ['MissingAtomSelfLink', 'rel="self"', 'rel="alternate"'],
    ['InvalidRFC2822Date', /<pubDate>.*<\/pubDate>/, '<pubDate>2026-03-01</pubDate>'],
    ['IncorrectDOW', /<pubDate>\w{3}/, '<pubDate>Xxx'.replace('Xxx', 'Mon')],
    ['ImplausibleDate', /<pubDate>.*<\/pubDate>/, '<pubDate>Sat, 01 Jan 1983 00:00:00 +0000</pubDate>'],
    ['NeedDescriptionBeforeContent', /<description>&#x3C;.*<\/description>/, ''],
    ['ContainsRelRef', 'https://example.org/&#x22;&#x3E;link', '/here&#x22;&#x3E;link'],
    ['SecurityRisk', '&#x3C;a href', '&#x3C;script href'],
    ['SecurityRiskAttr', '&#x3C;a href', '&#x3C;a onclick=&#x22;x()&#x22; href'],
    ['DangerousStyleAttr', '&#x3C;a href', '&#x3C;a style=&#x22;x&#x22; href'],
    ['BadCharacters', 'Text. ', 'Text.\u0085'],
    ['ContainsHTML', '<title>Title', '<title>&#x3C;b&#x3E;Title&#x3C;/b&#x3E;'],
    ['InvalidFullLink', /<link>.*<\/link>/, '<link>/blog/</link>'],
    ['InvalidLanguage', '<language>en', '<language>English language'],
    ['InvalidPositiveInteger', '<ttl>60', '<ttl>0'],
    ['FeedRelInCompleteFeed', 'rel="self"', 'rel="prev-archive"'],
    ['MisplacedItem', '</channel>', '<category>x</category></channel>'],
    ['DuplicateElement', '<ttl>60</ttl>', '<ttl>60</ttl><ttl>61</ttl>'],
    ['NotBlank', '<title>Title', '<title>'],
  ])('find %s in RSS', (name, from, to) => {
    const broken = rss.replace(from, to);
    expect(broken).not.toBe(rss);
    expect(judgeRss(broken).map(nameOf)).toContain(name);
  });

  it.each([
    ['MissingElement', /<id>tag:[^<]*<\/id>/, ''],
    ['MissingSelf', 'rel="self"', 'rel="related"'],
    ['SelfNotAtom', 'type="application/atom+xml"', 'type="text/html"'],
    ['InvalidFullLink', /<id>tag:[^<]*/, '<id>a-name'],
    ['InvalidTAG', /<id>tag:[^<]*/, '<id>tag:example.org:a'],
    ['NonCanonicalURI', /<id>https:[^<]*/, '<id>HTTPS://Example.org'],
    ['DuplicateEntries', '2026-03-01:a<', '2026-03-01:natsu<'],
    ['InvalidRFC3339Date', /<updated>[^<]*/, '<updated>yesterday'],
    ['MisplacedMetadata', '</feed>', '<subtitle>x</subtitle></feed>'],
    ['InvalidTextType', 'type="html"', 'type="markdown"'],
    ['UnregisteredAtomLinkRel', 'rel="self"', 'rel="mine"'],
    ['AttrNotBlank', /term="[^"]*"/, 'term=""'],
    ['DuplicateAtomLink', /(<link rel="self"[^>]*>)/, '$1$1'],
    ['NotBlank', /<name>[^<]*/, '<name>'],
  ])('find %s in Atom', (name, from, to) => {
    const broken = atom.replace(from, to);
    expect(broken).not.toBe(atom);
    expect(judgeAtom(broken).map(nameOf)).toContain(name);
  });
});
