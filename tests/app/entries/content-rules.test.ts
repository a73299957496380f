/** What the issue of feeds asks of content, on one post that breaks every rule it can: the same in RSS, Atom and JSON, and on the page. */
import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { publishFeedsAndPages } from '../../../src/app/publish.ts';
import { checkPublishedFeeds } from '../../../src/app/feeds/check-published-feeds.ts';
import { PUBLICATION } from '../../render/feeds/sample-entries.ts';
import { openExamplePublication, openExampleWorkshop } from '../example-publication.ts';

const workshop = openExampleWorkshop();
afterAll(async () => await workshop.close());

/** One pixel. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

const HOSTILE = `---
title: Hostile
date: 2026-11-02
haiku: first line / second line / third line
---
# The first heading

Text.[^1] <script>steal()</script> <p onclick="steal()" style="color:red">Styled.</p>

<a href="//cdn.example/a">protocol-relative</a> <a href="/b">from the root</a> <a href="../c/">above</a>
<a href="javascript:steal()">script</a> <a href="data:text/html,x">data</a> <a href="#here">here</a> [note](note.txt)

![the dot](dot.png) <img src="//cdn.example/p.png" alt="far" width="30" height="20"> <img src="data:image/png;base64,AAAA" alt="inline">
<img src="dot.png" srcset="dot.png 1x, //cdn.example/2x.png 2x, javascript:x 3x" alt="set">
<img src="../posts/dot.png" alt="above">

<video poster="//cdn.example/poster.png" src="//cdn.example/film.mp4"></video>

<blockquote cite="/source"><p>Quoted.</p></blockquote> <q cite="../words/">Said.</q>

\`\`\`js
if (a < b && c) steal('</code>');
\`\`\`

[^1]: The first note.
`;

const TAME = `---\ntitle: Tame\ndate: 2026-11-01\n---\nText.[^1]\n\n[^1]: Another note.\n`;

/** Of the hostile post, by where it stands. */
const htmls = new Map<string, string>();
let tame = '';
let faults: readonly unknown[] = [];

beforeEach(async () => {
  const example = await openExamplePublication(workshop);
  await example.write('posts/hostile.md', HOSTILE);
  await example.write('posts/tame.md', TAME);
  await example.write('posts/dot.png', PNG);
  await example.write('posts/note.txt', 'A note.');
  const { site } = await publishFeedsAndPages(example.renga, { trustStamps: false, allowEmpty: false });
  const refused = site.problems.filter(({ severity }) => severity === 'error');
  faults = [...refused, ...(await checkPublishedFeeds(example.renga)).flatMap((found) => found.faults)];
  const text = async (path: string): Promise<string> => (await example.published(path)) ?? '';
  const [inJson, other] = parseJsonFeed(await text('feed.json')).items ?? [];
  htmls.set('JSON', inJson?.content_html ?? '');
  htmls.set('RSS', parseRssFeed(await text('rss.xml')).items?.[0]?.content?.encoded ?? '');
  const content: unknown = parseAtomFeed(await text('atom.xml')).entries?.[0]?.content;
  htmls.set('Atom', typeof content === 'string' ? content : ((content as { value?: string }).value ?? ''));
  const page = await text('hostile/index.html');
  htmls.set('page', page.slice(page.indexOf('<article'), page.indexOf('</article>')));
  tame = other?.content_html ?? '';
});

const FEEDS = ['RSS', 'Atom', 'JSON'] as const;
const htmlOf = (place: string): string => htmls.get(place) ?? '';
const valuesOf = (html: string, name: string): readonly string[] =>
  [...html.matchAll(new RegExp(` ${name}="([^"]*)"`, 'g'))].map(([, value = '']) => value);
const AT = `${PUBLICATION.url}hostile/`;

it('passes the last check, and says the same in all three formats', () => {
  expect(faults).toEqual([]);
  expect(htmlOf('RSS')).not.toBe('');
  expect(new Set(FEEDS.map(htmlOf)).size).toBe(1);
});

describe.each([...FEEDS, 'page'])('in %s', (place) => {
  it('has whole addresses alone, in every attribute that holds one', () => {
    const html = htmlOf(place);
    const sets = valuesOf(html, 'srcset').flatMap((set) => set.split(', '));
    const urls = ['href', 'src', 'poster', 'cite'].flatMap((name) => valuesOf(html, name)).concat(sets);
    expect(urls.length).toBeGreaterThan(14);
    expect(urls.filter((url) => !url.startsWith('https://'))).toEqual([]);
    expect(urls).toEqual(
      expect.arrayContaining([
        'https://cdn.example/a',
        'https://example.org/b',
        `${PUBLICATION.url}c/`,
        `${AT}note.txt`,
        `${AT}dot.png`,
        'https://cdn.example/p.png',
        'https://cdn.example/2x.png 2x',
        'https://cdn.example/poster.png',
        'https://cdn.example/film.mp4',
        'https://example.org/source',
      ]),
    );
  });

  it('has nothing active, and nothing that restyles', () => {
    expect(htmlOf(place)).not.toMatch(/<script|onclick|style=|javascript:|data:/i);
    expect(htmlOf(place)).toContain('Styled.');
  });

  it('knows the size of a picture beside the post, and keeps what its author said of another', () => {
    const pictures = htmlOf(place).match(/<img [^>]*>/g) ?? [];
    const find = (alt: string): string => pictures.find((tag) => tag.includes(`alt="${alt}"`)) ?? '';
    expect(find('the dot')).toMatch(/ width="1"[^>]* height="1"/);
    expect(find('far')).toMatch(/ width="30"[^>]* height="20"/);
  });

  it('begins its headings at the second level', () => {
    const body = htmlOf(place).replace(/<header[^]*?<\/header>/, '');
    expect(body).not.toContain('<h1');
    expect(body).toMatch(/<h2[^>]*>The first heading<\/h2>/);
  });

  it('keeps code with its language', () => {
    expect(htmlOf(place)).toMatch(
      /<pre><code class="language-js">if \(a &lt; b &amp;&amp; c\) steal\('&lt;\/code&gt;'\);\n?<\/code><\/pre>/,
    );
  });

  it('keeps the haiku on three lines without classes and styles', () => {
    expect(htmlOf(place).replace(/ class="[^"]*"/g, '')).toMatch(
      /<p[^>]*>first line<br\/?>second line<br\/?>third line<\/p>/,
    );
  });

  it('has ids and targets of footnotes that no other post in the document has', () => {
    const ids = valuesOf(htmlOf(place), 'id');
    const others = valuesOf(tame, 'id');
    expect([ids.length > 1, others.length > 1]).toEqual([true, true]);
    expect(new Set([...ids, ...others]).size).toBe(ids.length + others.length);
    const targets = valuesOf(htmlOf(place), 'href').filter(
      (url) => url.startsWith(`${AT}#`) && url !== `${AT}#here`,
    );
    expect(targets.length).toBeGreaterThan(1);
    for (const url of targets) expect(ids).toContain(new URL(url, AT).hash.slice(1));
  });
});

it('says with its line what is left out of a post with all that is in it', async () => {
  const example = await openExamplePublication(workshop);
  await example.write(
    'posts/film.md',
    'one / two / three\n\nText.\n\n<iframe src="https://v.example/"></iframe>\n',
  );
  const { site } = await publishFeedsAndPages(example.renga, { trustStamps: false, allowEmpty: false });
  expect(site.problems).toEqual([
    {
      severity: 'warning',
      path: 'posts/film.md',
      line: 5,
      message: expect.stringContaining('<iframe> in its text is left out') as string,
    },
  ]);
});
