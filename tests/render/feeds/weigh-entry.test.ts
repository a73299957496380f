/** What a body weighs, held to the same said with patterns, for any text. */
import {
  type Arbitrary,
  array,
  assert,
  constantFrom,
  option,
  property,
  record,
  string,
  tuple,
  uniqueArray,
} from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Entry, Media } from '../../../src/domain/entry.ts';
import { renderFeeds } from '../../../src/render/feeds/render-feeds.ts';
import { weighBody, weighEntry } from '../../../src/render/feeds/weigh-entry.ts';
import { escapeHtml } from '../../../src/render/html-pieces.ts';
import { sampleDocument, sampleEntry } from './sample-entries.ts';

const FILE = { bytes: 123_456_789, size: null };
const PICTURE: Media = {
  ...FILE,
  kind: 'image',
  url: 'https://example.org/blog/a/b.png',
  type: 'image/png',
  size: { width: 1920, height: 1080 },
};
const SOUND: Media = {
  ...FILE,
  kind: 'audio',
  url: 'https://example.org/blog/a/b.mp3',
  type: 'audio/mpeg',
  seconds: 12_345,
};

const countOf = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

function weighByPatterns(html: string): number {
  const bytes = Buffer.byteLength(html);
  const xml = bytes + countOf(html, /[&<>"]/g) * 5;
  const text =
    Buffer.byteLength(html.replace(/<[^>]*>/g, '')) *
    (/<(?:table|pre|[uod]l|blockquote|hr)\b/.test(html) ? 1.3 : 1.05);
  const links = [...html.matchAll(/ href="([^"]*)"/g)].reduce(
    (sum, [, url = '']) => sum + url.length + 12,
    0,
  );
  const json = bytes + countOf(html, /["\\\n]/g) + text + links + countOf(html, /\n/g) * 5;
  return Math.ceil(Math.max(xml, json));
}

const html = array(
  constantFrom(
    ...'&lt;é漢🜁\\\n<>" '.split(''),
    '<a href="/x">',
    '<img src="y" />',
    '<ul>',
    '</a>',
    '<a title="b" href="">',
  ),
);

it('is what the longest of the three formats says', () => {
  const hold = (text: string): void => {
    expect(weighBody(text)).toBe(weighByPatterns(text));
  };
  assert(property(html, (pieces) => hold(pieces.join(''))));
  assert(property(string(), hold));
});

type Generated = Pick<Entry['post'], 'title' | 'haiku' | 'tags'> &
  Pick<Entry, 'summary' | 'media'> & { readonly paragraphs: readonly string[] };

const PLAIN = 'abcé漢🜁 '.split('');
const media = constantFrom<Entry['media']>([], [PICTURE], [SOUND], [SOUND, PICTURE]);

function entriesOf(letters: readonly string[]): Arbitrary<Generated> {
  const words = string({ maxLength: 60, unit: constantFrom(...letters) });
  const line = words.map((text) => text.trim());
  return record({
    title: line,
    summary: line,
    haiku: option(tuple(line, line, line)),
    tags: uniqueArray(words, { maxLength: 4 }),
    paragraphs: array(words, { maxLength: 4 }),
    media,
  });
}

/** What is reckoned for an entry, and what one more of it adds to the longest of the three formats. */
function weighBoth(
  { paragraphs, media: files, ...sample }: Generated,
  content: 'full' | 'summary',
): { readonly reckoned: number; readonly added: number } {
  const html = paragraphs.map((text) => `<p>${escapeHtml(text)}</p>`).join('\n');
  const plain = sampleEntry({ slug: 'a-slug', html, ...sample });
  const imageUrl = files.find(({ kind }) => kind === 'image')?.url ?? null;
  const entry: Entry = { ...plain, media: files, imageUrl };
  const bytes = (count: number): readonly number[] => {
    const document = sampleDocument(Array.from({ length: count }, () => entry));
    return Object.values(renderFeeds({ ...document, content })).map((text) => Buffer.byteLength(text));
  };
  const [one, two] = [bytes(1), bytes(2)];
  const added = Math.max(...two.map((length, index) => length - (one[index] ?? 0)));
  const body = content === 'full' ? weighBody(html) : 0;
  return { reckoned: weighEntry(entry, content, 'Ann Lee') + body, added };
}

describe.each(['full', 'summary'] as const)('what is reckoned for an entry: %s', (content) => {
  it('is never less than it takes, whatever it says', () => {
    assert(
      property(entriesOf([...PLAIN, ...'&<>"\\'.split('')]), (entry) => {
        const { reckoned, added } = weighBoth(entry, content);
        expect(reckoned).toBeGreaterThanOrEqual(added);
      }),
    );
  });

  it('is hardly more', () => {
    assert(
      property(entriesOf(PLAIN), (entry) => {
        const { reckoned, added } = weighBoth(entry, content);
        expect(reckoned).toBeLessThan(400 + added * 1.06);
      }),
    );
  });
});
