/** `feeds.podcast`: what directories accept, and a mistake told with what was meant. */
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse-config.ts';

const read = (lines: string) =>
  parseConfig({
    text: `publication:\n  title: T\nfeeds:\n  podcast:\n${lines}`,
    root: '/srv/blog',
    environment: {},
    port: undefined,
  });

describe('feeds.podcast', () => {
  it('is plain where nothing is said', () => {
    expect(read('').feeds.podcast).toEqual({ category: null, explicit: false, imageUrl: null });
  });

  it('keeps category, warning and artwork', () => {
    const lines =
      '    category: arts > books\n    explicit: true\n    image: HTTPS://almanac.example/Cover.JPG\n';
    expect(read(lines).feeds.podcast).toEqual({
      category: { name: 'Arts', part: 'Books' },
      explicit: true,
      imageUrl: 'https://almanac.example/Cover.JPG',
    });
  });

  it.each([
    ['category: Tecnology', /categories, perhaps Technology/],
    ['category: Zoology of the deep sea', /such as Technology or Arts > Books/],
    ['category: [Arts]', /one of Apple’s categories/],
    ['explicit: maybe', /must be true or false/],
    ['image: cover.jpg', /begins with https/],
    ['image: https://almanac.example/cover.webp', /ends in .jpg/],
    ['image: https://ann:secret@almanac.example/cover.jpg', /must be an address/],
    ['artwork: https://almanac.example/cover.jpg', /artwork/],
  ])('refuses "%s"', (line, said) => {
    expect(() => read(`    ${line}\n`)).toThrow(said);
  });
});
