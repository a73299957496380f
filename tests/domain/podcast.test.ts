/** Apple's categories, as people write them. */
import { describe, expect, it } from 'vitest';
import { parsePodcastCategory, PODCAST_CATEGORIES } from '../../src/domain/podcast.ts';

describe('parsePodcastCategory', () => {
  it.each([
    ['Technology', { name: 'Technology', part: null }],
    [' arts>books ', { name: 'Arts', part: 'Books' }],
    ['TV  &  Film > After Shows', { name: 'TV & Film', part: 'After Shows' }],
  ])('reads "%s"', (text, category) => {
    expect(parsePodcastCategory(text)).toEqual(category);
  });

  it.each(['', 'Books', 'Arts > Baseball', 'Arts >', 'Verse'])('knows no "%s"', (text) => {
    expect(parsePodcastCategory(text)).toBe(null);
  });

  it('reads each that it names', () => {
    for (const category of PODCAST_CATEGORIES) {
      const { name, part } = parsePodcastCategory(category) ?? { name: '', part: null };
      expect([name, ...(part === null ? [] : [part])].join(' > ')).toBe(category);
    }
  });
});
