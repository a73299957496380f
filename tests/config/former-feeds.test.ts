/** The settings about feeds that were: what may be said of them, and how mistakes are told. */
import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import { OperatorError } from '../../src/domain/operator-error.ts';

const read = (text: string): Config['feeds'] =>
  parseConfig({ text: `publication:\n  title: T\nfeeds: ${text}\n`, root: '/srv/blog', environment: {} })
    .feeds;

function refusal(text: string): string {
  try {
    read(text);
  } catch (error) {
    if (error instanceof OperatorError) return error.message;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('former feeds', () => {
  it('are none by default', () => {
    expect(read('{}')).toMatchObject({ moved: {}, retired: [] });
  });

  it('are paths below the publication, with or without a slash at the end, and lead to feeds', () => {
    const { moved, retired } = read(
      '{moved: {/index.xml: rss.xml, /feed/: /atom.xml, /tags/über/index.xml: tags/uber/rss.xml, /a: "https://b.example/f?x=1"}, retired: [/old/rss.xml, /comments/feed/]}',
    );
    expect(moved).toEqual({
      'index.xml': 'rss.xml',
      feed: 'atom.xml',
      'tags/über/index.xml': 'tags/uber/rss.xml',
      a: 'https://b.example/f?x=1',
    });
    expect(retired).toEqual(['old/rss.xml', 'comments/feed']);
  });

  it.each([
    ['{moved: {index.xml: rss.xml}}', 'must be a path that begins with /'],
    ['{moved: {/: rss.xml}}', 'must be a path'],
    ['{moved: {"//evil": rss.xml}}', 'must be a path'],
    ['{moved: {/a?feed=rss2: rss.xml}}', 'must be a path'],
    ['{moved: {/a%20b: rss.xml}}', 'must be a path'],
    ['{moved: {/../a: rss.xml}}', 'must be a path'],
    ['{moved: {/.well-known: rss.xml}}', 'must be a path'],
    ['{moved: {"/a b": rss.xml}}', 'must be a path'],
    ['{moved: {"/a\\"; return 200": rss.xml}}', 'must be a path'],
    ['{moved: {/a: about.html}}', 'must be a feed such as'],
    ['{moved: {/a: "//evil.example/rss.xml"}}', 'must be a feed such as'],
    ['{moved: {/a: "javascript:alert(1)//rss.xml"}}', 'must be a feed such as'],
    ['{moved: {/a: "https://u:p@b.example/"}}', 'must be a feed such as'],
    ['{moved: {/a: 7}}', 'must be a feed such as'],
    ['{moved: [/a]}', 'must be lines of'],
    ['{retired: /a}', 'must be a list of paths'],
    ['{retired: [a]}', 'must be a path that begins with /'],
    ['{moved: {/rss.xml: atom.xml}}', 'feeds.moved names an address that Renga answers itself'],
    ['{retired: [/feed.json]}', 'feeds.retired names an address that Renga answers itself'],
    ['{retired: [/subscribe/]}', 'feeds.retired names an address that Renga answers itself'],
    ['{moved: {/a: rss.xml, /a/: atom.xml}}', 'name an address twice'],
    ['{moved: {/a: rss.xml}, retired: [/a/]}', 'name an address twice'],
    [
      '{moved: {/tags/a/rss.xml: tags/b/rss.xml, /tags/b/rss.xml: tags/a/rss.xml}}',
      'feeds.moved names a feed that feeds.moved leads to',
    ],
    [
      '{moved: {/a: tags/b/rss.xml}, retired: [/tags/b/rss.xml]}',
      'feeds.retired names a feed that feeds.moved leads',
    ],
  ])('not %s', (text, message) => {
    expect(refusal(text)).toContain(message);
    expect(refusal(text)).toMatch(/^config\/renga\.yaml:\d+: feeds/u);
  });
});
