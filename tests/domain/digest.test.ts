/** Which posts a digest has. */
import { describe, expect, it } from 'vitest';
import { draftDigest } from '../../src/domain/digest.ts';
import type { Series } from '../../src/domain/publication.ts';
import { samplePost } from './sample-post.ts';

const SERIES: Series = {
  name: 'weekly',
  schedule: { kind: 'cron', cron: '0 9 * * 1' },
  zone: 'UTC',
  minimum: 3,
  label: null,
  backlog: 'skip',
  body: 'auto',
  subject: '',
};
const NEWEST_FIRST = ['c', 'b', 'a'].map((id, index) => samplePost(id, `2026-01-0${3 - index}T00:00[UTC]`));

describe('draftDigest', () => {
  const draft = (carried: readonly string[]) => draftDigest(SERIES, NEWEST_FIRST, new Set(carried));

  it('takes what was not carried yet, oldest first', () => {
    expect(draft([]).posts.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(draft(['b', 'unknown']).posts.map(({ id }) => id)).toEqual(['a', 'c']);
  });

  it('is empty when everything was carried, and says nothing of the minimum', () => {
    expect(draft(['a', 'b', 'c'])).toEqual({ series: SERIES, posts: [], leftOut: [] });
    expect(draft(['a', 'b']).posts).toHaveLength(1);
  });

  it('goes by id: a post that was renamed or dated anew was carried all the same', () => {
    const moved = samplePost('a', '2026-12-01T00:00[UTC]', { slug: 'new-name', path: 'posts/new-name.md' });
    expect(draftDigest(SERIES, [moved], new Set(['a'])).posts).toEqual([]);
  });

  it('leaves out what its author keeps out of digests, and says so; what was carried is told otherwise', () => {
    const quiet = samplePost('q', '2026-02-01T00:00[UTC]', { inDigests: false });
    const { posts, leftOut } = draftDigest(SERIES, [quiet, ...NEWEST_FIRST], new Set(['a', 'b']));
    expect(posts.map(({ id }) => id)).toEqual(['c']);
    expect(leftOut).toEqual([{ post: quiet, reason: 'its author keeps it out of digests' }]);
    expect(draftDigest(SERIES, [quiet], new Set(['q'])).leftOut).toEqual([]);
  });

  it('leaves the list it was given as it was', () => {
    const before = [...NEWEST_FIRST];
    draft([]);
    expect(NEWEST_FIRST).toEqual(before);
  });
});
