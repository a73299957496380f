/** Entries of a document told apart, for documents that this program writes and for whatever else may lie there. */
import { array, assert, constantFrom, oneof, property, string, subarray } from 'fast-check';
import { parseFeed } from 'feedsmith';
import { describe, expect, it } from 'vitest';
import { splitFeed } from '../../../src/http/feeds/split-feed.ts';
import { ENTRIES, exampleEntry, exampleFeeds, idOf } from './example-feeds.ts';

const { rss, atom, json } = exampleFeeds(ENTRIES);

describe('a feed', () => {
  it.each([
    ['RSS', rss],
    ['Atom', atom],
    ['JSON Feed', json],
  ])('of kind %s has its entries in order, and is itself when all are kept', (_, text) => {
    const split = splitFeed(text)!;
    expect(split.entries.map(({ id }) => id)).toEqual(ENTRIES.map(idOf));
    expect(split.select(() => true)).toBe(text.replaceAll(/\s*<fh:complete\/>/g, ''));
  });

  it.each([
    ['RSS', rss],
    ['Atom', atom],
    ['JSON Feed', json],
  ])('of kind %s is well-formed with any of its entries, and has those', (_, text) => {
    const split = splitFeed(text)!;
    assert(
      property(subarray(ENTRIES.map(idOf), { minLength: 1 }), (ids) => {
        const chosen = split.select(({ id }) => ids.includes(id));
        expect(splitFeed(chosen)!.entries.map(({ id }) => id)).toEqual(ids);
        expect(() => parseFeed(chosen)).not.toThrow();
        expect(chosen).not.toContain('fh:complete');
      }),
    );
  });

  it('has another mark for an entry that changed, and the same for one that did not', () => {
    const [first, ...rest] = splitFeed(atom)!.entries;
    const [changed, ...same] = splitFeed(
      exampleFeeds([exampleEntry(1, '<p>other</p>'), ...ENTRIES.slice(1)]).atom,
    )!.entries;
    expect(changed!.mark).not.toBe(first!.mark);
    expect(same).toEqual(rest);
  });
});

describe('what is no feed', () => {
  it.each([
    '{}',
    '{"items": 1}',
    '{',
    'null',
    '<rss><item><guid>a</guid>',
    '<rss><item><item><guid>a</guid></item></item></rss>',
    '<rss></item></rss>',
    '<rss><item><title>no id</title></item></rss>',
    '<rss><item><guid>a</guid></item><item><guid>a</guid></item></rss>',
  ])('%s is not taken for one', (text) => {
    expect(splitFeed(text)?.entries.length ?? 0).toBe(0);
  });

  it('is never broken by anything', () => {
    const piece = constantFrom(
      '<item>',
      '</item>',
      '<entry>',
      '<![CDATA[',
      ']]>',
      '<!--',
      '-->',
      '<id>',
      'a',
      '{',
    );
    assert(
      property(array(oneof(piece, string()), { maxLength: 30 }), (pieces) => {
        const text = pieces.join('');
        expect(splitFeed(text)?.select(() => true) ?? text).toBeTypeOf('string');
      }),
    );
  });
});
