/** What a body weighs, held to the same said with patterns, for any text. */
import { array, assert, constantFrom, property, string } from 'fast-check';
import { expect, it } from 'vitest';
import { weighBody } from '../../../src/render/feeds/weigh-entry.ts';

const countOf = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

function weighByPatterns(html: string): number {
  const bytes = Buffer.byteLength(html);
  const xml = bytes + countOf(html, /[&<>"]/g) * 5;
  const text = Buffer.byteLength(html.replace(/<[^>]*>/g, '')) * 1.3;
  const links = [...html.matchAll(/ (?:href|src)="([^"]*)"/g)].reduce(
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
