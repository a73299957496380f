/** Real readers before our feeds: posts in five scripts, as hostile as their authors. Each must show the same ids, links, titles and moments, and nothing new when it looks again. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { Entry } from '../../src/domain/entry.ts';
import { renderFeeds } from '../../src/render/feeds/render-feeds.ts';
import { sampleDocument, sampleEntry, SAMPLES } from '../render/feeds/sample-entries.ts';

const WORDS = [
  '夏の夜や',
  'Der Größe nach & <b>',
  'Привет ]]> мир',
  'مرحبا بالعالم',
  'नमस्ते 🍂 "दुनिया"',
] as const;

const MANY: readonly Entry[] = Array.from({ length: 400 }, (_, index) => {
  const word = WORDS[index % WORDS.length] ?? '';
  const at = Temporal.PlainDateTime.from('2026-01-01T09:00').add({ hours: 400 - index });
  return sampleEntry({
    slug: `post-${index}`,
    title: `${word} ${index}`,
    summary: `${word}.`,
    haiku: [word, 'two', `${index}`],
    tags: [word],
    html: `<p>${index} &amp; <em>text</em></p><pre><code>a &lt; b</code></pre>`,
    at: at.toString(),
  });
});

const DOCUMENT = sampleDocument([...MANY, ...SAMPLES]);
const FEEDS = renderFeeds({
  ...DOCUMENT,
  hubs: ['https://hub.example/'],
  deleted: [{ id: 'tag:example.org,2025:gone', deletedAt: Temporal.Instant.from('2026-01-01T00:00:00Z') }],
});
const WANTED = DOCUMENT.entries.map(({ post, url }) => [
  post.id,
  url,
  post.title,
  Math.floor(post.publishedAt.epochMilliseconds / 1000),
]);

const folder = mkdtempSync(join(tmpdir(), 'renga-readers-'));
const below = (name: string): string => join(folder, name);
const beside = (name: string): string => fileURLToPath(new URL(`feeds/${name}`, import.meta.url));
writeFileSync(below('rss.xml'), FEEDS.rss);
writeFileSync(below('atom.xml'), FEEDS.atom);
afterAll(() => rmSync(folder, { recursive: true }));

const run = (program: string, parameters: readonly string[], input = ''): string =>
  execFileSync(program, [...parameters], {
    input,
    encoding: 'utf8',
    env: { ...process.env, HOME: folder },
    stdio: 'pipe',
    maxBuffer: 64_000_000,
  });

describe.each(['rss', 'atom'] as const)('%s', (format) => {
  it('is read by feedparser without a fault, the same in all it says', () => {
    const said = run('/usr/bin/python3', [beside('read-feedparser.py')], FEEDS[format]);
    expect(JSON.parse(said)).toEqual({ bozo: false, entries: WANTED });
  });

  it('is read by sfeed, the same in all it says', () => {
    const rows = run('sfeed', [], FEEDS[format])
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t'));
    const read = rows.map(([at, title, link, , , id]) => [id, link, title, Number(at)]);
    const bySlug = (a: readonly unknown[], b: readonly unknown[]): number =>
      String(a[0]) < String(b[0]) ? -1 : 1;
    expect(read.toSorted(bySlug)).toEqual(WANTED.toSorted(bySlug));
  });

  it('is read by newsboat, which finds nothing new when it looks again', () => {
    writeFileSync(below('urls'), `file://${below(`${format}.xml`)}\n`);
    writeFileSync(below('config'), '');
    const newsboat = (...parameters: readonly string[]): string =>
      run('newsboat', [
        '-u',
        below('urls'),
        '-c',
        below(`${format}.db`),
        '-C',
        below('config'),
        ...parameters,
      ]);
    newsboat('-x', 'reload');
    expect(newsboat('-x', 'print-unread')).toMatch(new RegExp(`^${WANTED.length} unread`));
    newsboat('-x', 'reload');
    expect(newsboat('-x', 'print-unread')).toMatch(new RegExp(`^${WANTED.length} unread`));
  });
});

describe('RFC 4287', () => {
  const validate = (xml: string): string => {
    writeFileSync(below('judged.xml'), xml);
    return run('xmllint', ['--noout', '--nonet', '--relaxng', beside('atom.rng'), below('judged.xml')]);
  };

  it('has nothing against our Atom, of the feed and of a volume', () => {
    const volume = renderFeeds({
      ...DOCUMENT,
      folder: 'archive/2026/',
      history: { kind: 'volume', older: 'archive/2025/', newer: null },
    });
    for (const atom of [FEEDS.atom, volume.atom]) expect(() => validate(atom)).not.toThrow();
  });

  it('would refuse an entry without its date', () => {
    expect(() => validate(FEEDS.atom.replace(/<updated>[^<]*<\/updated>/g, ''))).toThrow('xmllint');
  });
});
