/** A tag's name in URLs: readable where it can be, and never another tag's. */
import { array, assert, constantFrom, oneof, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composeTagSlug } from '../../src/posts/compose-tag-slug.ts';

const ODD = [
  'C++',
  'C',
  'C#',
  'con',
  'café',
  'cafe',
  '俳句',
  '🍂',
  '../..',
  'x'.repeat(99),
  'c-0123abcd',
  '-',
];

describe('composeTagSlug', () => {
  it.each([
    ['haiku', 'haiku'],
    ['Home servers', 'home-servers'],
    ['self-hosting', 'self-hosting'],
    ['2026', '2026'],
  ])('spells %s plainly', (tag, slug) => {
    expect(composeTagSlug(tag)).toBe(slug);
  });

  it.each(ODD)('makes %s safe, and unlike all the others', (tag) => {
    expect(composeTagSlug(tag)).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
    expect(ODD.filter((other) => composeTagSlug(other) === composeTagSlug(tag))).toEqual([tag]);
  });

  it('never gives two names one slug, but for case and a hyphen in place of a space', () => {
    const tag = oneof(
      string({ unit: 'binary', maxLength: 8 }),
      string({ unit: constantFrom('a', 'B', '-', ' ', '+', 'é'), maxLength: 6 }),
    );
    const same = (name: string): string =>
      name
        .normalize('NFC')
        .toLowerCase()
        .trim()
        .replace(/\s+/gu, ' ')
        .replace(/(?<=[a-z0-9]) (?=[a-z0-9])/g, '-');
    assert(
      property(array(tag, { maxLength: 12 }), (tags) => {
        const slugs = tags.map(
          (name) => [composeTagSlug(name.toWellFormed()), same(name.toWellFormed())] as const,
        );
        const clashes = slugs.filter(([slug, name]) =>
          slugs.some(([other, otherName]) => slug === other && name !== otherName),
        );
        expect(clashes).toEqual([]);
      }),
    );
  });
});
