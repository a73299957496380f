/** When readers may see a post, and in which order. */
import { describe, expect, it } from 'vitest';
import { compareNewestFirst, isPublished } from '../../src/domain/post.ts';
import { samplePost } from './sample-post.ts';

describe('isPublished', () => {
  const now = Temporal.Instant.from('2026-11-16T08:00:00Z');
  const published = (date: string, draft = false) => isPublished(samplePost('a', date, { draft }), now);

  it('holds a post back until its moment, in whatever zone it was written', () => {
    expect(published('2026-11-16T09:00[Europe/Berlin]')).toBe(true);
    expect(published('2026-11-16T09:00:01[Europe/Berlin]')).toBe(false);
    expect(published('2026-11-16T03:00[America/New_York]')).toBe(true);
    expect(published('2026-11-16T17:01[Asia/Tokyo]')).toBe(false);
  });

  it('holds a draft back always', () => {
    expect(published('2020-01-01T00:00[UTC]', true)).toBe(false);
  });
});

describe('compareNewestFirst', () => {
  it('orders by instant, and posts of one instant by id', () => {
    const posts = [
      samplePost('b', '2026-01-01T00:00[UTC]'),
      samplePost('old', '2025-01-01T00:00[UTC]'),
      samplePost('a', '2026-01-01T01:00[Europe/Berlin]'),
      samplePost('new', '2026-02-01T00:00[UTC]'),
    ];
    const order = (list: typeof posts) => list.toSorted(compareNewestFirst).map(({ id }) => id);
    expect(order(posts)).toEqual(['new', 'a', 'b', 'old']);
    expect(order(posts.toReversed())).toEqual(['new', 'a', 'b', 'old']);
    expect(compareNewestFirst(posts[0]!, posts[0]!)).toBe(0);
  });
});
