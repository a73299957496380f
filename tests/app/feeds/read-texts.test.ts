/** Plain texts of a feed: made once for each content, and kept for as long as the feed has it. */
import { describe, expect, it } from 'vitest';
import { readTexts, type TextReader } from '../../../src/app/feeds/read-texts.ts';

/** A workshop that shouts, and refuses what it is told to; a cache of one kind. */
function openReader(version = '1.0') {
  const rows = new Map<string, string>();
  const asked: string[] = [];
  const reader = {
    version,
    cache: {
      all: () => new Map(rows),
      put: (_: string, changes: ReadonlyMap<string, string | null>) => {
        for (const [key, value] of changes) {
          if (value === null) rows.delete(key);
          else rows.set(key, value);
        }
      },
    },
    workshop: {
      text: async (html: string) => {
        asked.push(html);
        return await Promise.resolve(html === 'hostile' ? null : html.toUpperCase());
      },
    },
  } as unknown as TextReader;
  return { reader, rows, asked };
}

describe('the texts of a feed', () => {
  it('are made once for each content', async () => {
    const { reader, asked } = openReader();
    const texts = await readTexts(reader, ['a', 'b', 'a']);
    expect([...texts]).toEqual([
      ['a', 'A'],
      ['b', 'B'],
    ]);
    expect((await readTexts(reader, ['b', 'c', 'a'])).get('c')).toBe('C');
    expect(asked).toEqual(['a', 'b', 'c']);
  });

  it('are forgotten when the feed has their content no more', async () => {
    const { reader, rows, asked } = openReader();
    await readTexts(reader, ['a', 'b']);
    await readTexts(reader, ['b']);
    expect([...rows.values()]).toEqual(['B']);
    await readTexts(reader, ['a']);
    expect(asked).toEqual(['a', 'b', 'a']);
  });

  it('are made anew by another version', async () => {
    const { reader, asked } = openReader();
    await readTexts(reader, ['a']);
    expect((await readTexts({ ...reader, version: '2.0' }, ['a'])).get('a')).toBe('A');
    expect(asked).toEqual(['a', 'a']);
  });

  it('are asked for again where they could not be made', async () => {
    const { reader, rows, asked } = openReader();
    expect((await readTexts(reader, ['hostile'])).get('hostile')).toBeNull();
    await readTexts(reader, ['hostile']);
    expect([asked.length, rows.size]).toEqual([2, 0]);
  });
});
