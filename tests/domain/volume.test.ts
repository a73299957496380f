/** Volumes: whatever is published, dated anew or removed, and in whatever order, no volume ever gets another post. */
import { array, assert, constantFrom, integer, oneof, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closeVolumes, type Volume, VOLUME_BYTES, type VolumeCandidate } from '../../src/domain/volume.ts';

const candidate = (id: string, year: number, isInFeed = false, weight = 1_000): VolumeCandidate => ({
  id,
  year,
  isInFeed,
  weight,
});

const shapes = (volumes: readonly Volume[]): readonly string[] =>
  volumes.map(({ number, name, posts }) => `${number} ${name}: ${posts.join(' ')}`);

describe('closeVolumes', () => {
  it('closes none while all posts are in the feed', () => {
    expect(closeVolumes([candidate('b', 2026, true), candidate('a', 2025, true)], [])).toEqual([]);
  });

  it('closes one for each year, the oldest first, with what the feed has too', () => {
    const posts = [
      candidate('d', 2026, true),
      candidate('c', 2026),
      candidate('b', 2025),
      candidate('a', 2025),
    ];
    expect(shapes(closeVolumes(posts, []))).toEqual(['1 2025: a b', '2 2026: c d']);
  });

  it('closes none when a post of a volume leaves the feed, and the next when another one does', () => {
    const first = closeVolumes([candidate('b', 2026, true), candidate('a', 2026)], []);
    const later = [candidate('c', 2026, true), candidate('b', 2026), candidate('a', 2026)];
    expect(closeVolumes(later, first)).toEqual([]);
    const latest = [candidate('d', 2026, true), candidate('c', 2026), ...later.slice(1)];
    expect(shapes(closeVolumes(latest, first))).toEqual(['2 2026-2: c d']);
  });

  it('opens a volume of its own for a post with an old date', () => {
    const first: readonly Volume[] = [
      { number: 1, name: '2025', posts: ['a'] },
      { number: 2, name: '2026', posts: ['b'] },
    ];
    const posts = [candidate('b', 2026, true), candidate('late', 2025), candidate('a', 2025)];
    expect(shapes(closeVolumes(posts, first))).toEqual(['3 2025-2: late']);
  });

  it('splits a year by weight, and puts a post that is too heavy alone', () => {
    const half = VOLUME_BYTES / 2;
    const weights = [half, half, half, VOLUME_BYTES * 2, half];
    const posts = weights.map((weight, index) => candidate(`p${index}`, 2026, false, weight)).toReversed();
    expect(shapes(closeVolumes(posts, []))).toEqual([
      '1 2026: p0 p1',
      '2 2026-2: p2',
      '3 2026-3: p3',
      '4 2026-4: p4',
    ]);
  });

  it('never gives a volume another post, and always has every post in the feed or in one volume', () => {
    const change = record({
      what: oneof(
        { weight: 3, arbitrary: constantFrom('publish' as const) },
        constantFrom('remove' as const, 'date' as const),
      ),
      which: integer({ min: 0, max: 40 }),
      at: integer({ min: 2020 * 12, max: 2027 * 12 }),
      feed: integer({ min: 1, max: 6 }),
      weight: integer({ min: 100, max: 200_000 }),
    });
    assert(
      property(array(change, { maxLength: 60 }), (changes) => {
        const posts = new Map<string, { at: number; weight: number }>();
        const volumes: Volume[] = [];
        for (const { what, which, at, feed, weight } of changes) {
          const id = `post-${which}`;
          if (what === 'remove') posts.delete(id);
          else if (what === 'publish' || posts.has(id)) posts.set(id, { at, weight });
          const newest = [...posts].toSorted(([a, x], [b, y]) => y.at - x.at || (a < b ? -1 : 1));
          const published = newest.map(([key, post], index) =>
            candidate(key, Math.floor(post.at / 12), index < feed, post.weight),
          );
          // Their own copies: what is asserted is that no volume is touched.
          const before = structuredClone(volumes);
          volumes.push(...closeVolumes(published, volumes));
          expect(volumes.slice(0, before.length)).toEqual(before);
          const bound = volumes.flatMap((volume) => volume.posts);
          expect(new Set(bound).size).toBe(bound.length);
          for (const post of published) expect(post.isInFeed || bound.includes(post.id)).toBe(true);
          expect(new Set(volumes.map(({ name }) => name)).size).toBe(volumes.length);
          expect(volumes.map(({ number }) => number)).toEqual(volumes.map((_, index) => index + 1));
        }
      }),
    );
  });
});
