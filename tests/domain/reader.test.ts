/** Names and subscribers out of User-Agents as fetchers write them, and nothing else out of hostile ones. */
import { assert, ipV4, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseReader, UNNAMED } from '../../src/domain/reader.ts';

describe('a reader', () => {
  it.each([
    [
      'Feedly/1.0 (+http://www.feedly.com/fetcher.html; 16 subscribers; like FeedFetcher-Google)',
      'Feedly',
      16,
    ],
    ['Mozilla/5.0 (compatible; inoreader.com; 5 subscribers)', 'inoreader.com', 5],
    [
      'NewsBlur Feed Fetcher - 123 subscribers - https://www.newsblur.com/site/1/x (Mac)',
      'NewsBlur Feed Fetcher',
      123,
    ],
    ['Feedbin feed-id:1373711 - 142 subscribers', 'Feedbin', 142],
    [
      'Mozilla/5.0 (compatible; theoldreader.com; 3 subscribers; feed-id=0123456789abcdef)',
      'theoldreader.com',
      3,
    ],
    ['NetNewsWire (RSS Reader; https://netnewswire.com/)', 'NetNewsWire', null],
    ['FreshRSS/1.24.0 (Linux; https://freshrss.org)', 'FreshRSS', null],
    ['Tiny Tiny RSS/21.11 (http://tt-rss.org/)', 'Tiny Tiny RSS', null],
    ['Miniflux/2.0.50 (+https://miniflux.app)', 'Miniflux', null],
    ['newsboat/2.30 (Linux x86_64)', 'newsboat', null],
    ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/120 Safari/537.36', 'browser', null],
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:121.0) Gecko/20100101 Firefox/121.0', 'browser', null],
    ['curl', 'curl', null],
    ['', UNNAMED, null],
    ['192.0.2.1/1.0', UNNAMED, null],
    ['ann@example.org', UNNAMED, null],
    ['\u0000\u001b[2J', UNNAMED, null],
    ['<script>alert(1)</script>', UNNAMED, null],
    ['a'.repeat(5000), UNNAMED, null],
    ['Greedy (99999999999 subscribers)', 'Greedy', null],
    ['Greedy (999999999 subscribers)', 'Greedy', null],
  ])('%j is %s, for %s', (agent, name, subscribers) => {
    expect(parseReader(agent)).toEqual({ name, subscribers });
  });

  it('has a short, plain name without an address, whatever was sent', () => {
    assert(
      property(string({ unit: 'binary', maxLength: 80 }), ipV4(), (agent, address) => {
        for (const text of [agent, agent + address, address + agent]) {
          const { name } = parseReader(text);
          expect(name).toMatch(/^[\p{L}\p{N}][\p{L}\p{N} ._+!'-]{0,39}$/u);
          expect(name).not.toContain(address);
        }
      }),
    );
  });

  it('is found at once in a text that is made to take long', () => {
    expect(parseReader(`${' -'.repeat(200)}(${' 1'.repeat(5000)}`).name).toBe(UNNAMED);
  });
});
