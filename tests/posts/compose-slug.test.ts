/** Slugs are safe in URLs and on every disk, whatever the path or the front matter says. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composeSlug } from '../../src/posts/compose-slug.ts';

describe('composeSlug', () => {
  it.each([
    [
      'the-branch-was-deleted-/-we-moved-along-/-the-secret-rotated.md',
      'the-branch-was-deleted-we-moved-along-the-secret-rotated',
    ],
    ['2026/11/My Post.md', '2026-11-my-post'],
    ['2026-11-20-note.markdown', '2026-11-20-note'],
    ['trip/index.md', 'trip'],
    ['Ann’s café.md', 'anns-cafe'],
    ['тихий-сервер.md', 'tikhiy-server'],
    ['a\u0301.md', 'a'],
  ])('makes of the path %s', (name, slug) => {
    expect(composeSlug(null, name)).toEqual({ slug, isChanged: false });
  });

  it.each([
    ['index.md'],
    ['con.md'],
    ['NUL.md'],
    ['com1.md'],
    ['feeds.md'],
    ['404.md'],
    ['unsubscribe.md'],
    ['assets.md'],
  ])('never makes a reserved name of %s', (name) => {
    expect(composeSlug(null, name).slug).toBe(`${name.replace('.md', '').toLowerCase()}-post`);
  });

  it.each([
    ['../../etc/passwd', 'etc-passwd'],
    ['a\0b', 'a-b'],
    ['a/b\\c', 'a-b-c'],
    ['My Slug', 'my-slug'],
    ['aux', 'aux-post'],
    ['%2e%2e%2f', '2e-2e-2f'],
  ])('makes %j safe and says so', (asked, slug) => {
    expect(composeSlug(asked, 'x.md')).toEqual({ slug, isChanged: true });
  });

  it('leaves a good one as it is', () => {
    expect(composeSlug('my-slug-2', 'x.md')).toEqual({ slug: 'my-slug-2', isChanged: false });
  });

  it('cuts 400 characters between words', () => {
    const { slug } = composeSlug('word-'.repeat(80), 'x.md');
    expect(slug).toMatch(/^(?:word-)+word$/);
    expect(slug.length).toBeLessThanOrEqual(100);
  });

  it('keeps two long paths apart that begin alike', () => {
    const name = 'a-long-line-'.repeat(12);
    expect(composeSlug(null, `${name}1.md`).slug).not.toBe(composeSlug(null, `${name}2.md`).slug);
  });

  it('is never empty, and stays the same', () => {
    const { slug } = composeSlug(null, '。。.md');
    expect(slug).toMatch(/^post-[0-9a-f]{8}$/);
    expect(composeSlug(null, '。。.md').slug).toBe(slug);
  });

  it('is safe for any text', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ maxLength: 400 }));
    fc.assert(
      fc.property(fc.option(text), text, (asked, name) => {
        const { slug } = composeSlug(asked, name);
        expect(slug).toMatch(/^[a-z0-9]+(?:-+[a-z0-9]+)*$/);
        expect(slug.length).toBeLessThanOrEqual(105);
      }),
    );
  });
});
