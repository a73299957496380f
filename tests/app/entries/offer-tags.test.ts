/** Which tags subscribers may choose from. */
import { expect, it } from 'vitest';
import { keepTags, offerTags } from '../../../src/app/entries/offer-tags.ts';
import type { Cache } from '../../../src/domain/cache.ts';
import { openMemory } from '../../http/example-web.ts';
import { samplePost } from '../../domain/sample-post.ts';

const open = (): Cache => ({ ...openMemory(), all: () => new Map(), each: () => [], close: () => undefined });
const withTags = (...tags: readonly string[]) => ({
  post: { ...samplePost('a', '2026-03-01T09:00[UTC]'), tags },
});

it('offers what published posts have, or what the writer names', () => {
  const cache = open();
  expect(offerTags(cache, [])).toEqual([]);
  keepTags(cache, [withTags('verse', 'code'), withTags(), withTags('Code')]);
  expect(offerTags(cache, [])).toEqual(['Code', 'verse']);
  expect(offerTags(cache, ['small joys'])).toEqual(['small joys']);
  keepTags(cache, []);
  expect(offerTags(cache, [])).toEqual([]);
});

it('offers the fifty that most posts have', () => {
  const cache = open();
  const rare = Array.from({ length: 200 }, (_, index) => withTags(`rare ${index}`));
  keepTags(cache, [...rare, withTags('often'), withTags('often')]);
  expect(offerTags(cache, [])).toHaveLength(50);
  expect(offerTags(cache, [])).toContain('often');
});
