/** Identity is fixed when a post is first seen: no reader meets an old post as a new one, whatever its author does to it. */
import { array, assert, constantFrom, nat, property, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Identified,
  type Identifying,
  identifyPosts,
} from '../../../src/app/identity/identify-posts.ts';
import type { Post, PostFile, PostRecord } from '../../../src/domain/post.ts';
import { samplePostFile as fileOf } from '../../domain/sample-post.ts';

const NOW = Temporal.Instant.from('2026-11-16T22:30:15.678Z');
const LATER = NOW.add({ hours: 48 });
const CONTEXT: Identifying = { authority: 'example.org', zone: 'Europe/Berlin', now: NOW, witness: () => [] };

/** What the store holds afterwards. */
function remember(records: readonly PostRecord[], { changedRecords }: Identified): readonly PostRecord[] {
  const byId = new Map([...records, ...changedRecords].map((record) => [record.id, record]));
  return [...byId.values()];
}

/** First as `before`, then as `after`, two days later. */
function seeTwice(
  before: readonly PostFile[],
  after: readonly PostFile[],
  context: Partial<Identifying> = {},
): { readonly first: Identified; readonly second: Identified } {
  const first = identifyPosts(before, [], CONTEXT);
  const second = identifyPosts(after, remember([], first), { ...CONTEXT, now: LATER, ...context });
  return { first, second };
}

const idsOf = ({ posts }: Identified): readonly string[] => posts.map(({ id }) => id);
const times = (post: Post | undefined): readonly (string | undefined)[] => [
  post?.publishedAt.toString(),
  post?.updatedAt.toString(),
];

describe('a post that was never seen', () => {
  it('gets a tag URI of its date and slug (RFC 4151), the same on every machine', () => {
    const { posts, newIds, changedRecords } = identifyPosts([fileOf('a')], [], CONTEXT);
    expect(posts[0]?.id).toBe('tag:example.org,2026-03-01:a');
    expect([...newIds]).toEqual(['tag:example.org,2026-03-01:a']);
    expect(changedRecords).toHaveLength(1);
    const elsewhere = identifyPosts([fileOf('a')], [], { ...CONTEXT, now: LATER });
    expect(idsOf(elsewhere)).toEqual(['tag:example.org,2026-03-01:a']);
  });

  it('keeps the id that its author gave it', () => {
    expect(idsOf(identifyPosts([fileOf('a', { id: 'urn:x:1' })], [], CONTEXT))).toEqual(['urn:x:1']);
  });

  it('without a date has the moment it was first seen, in the zone of the publication, for good', () => {
    const undated = fileOf('a', { publishedAt: null });
    const { first, second } = seeTwice([undated], [undated]);
    expect(first.posts[0]?.id).toBe('tag:example.org,2026-11-16:a');
    expect(times(first.posts[0])[0]).toBe('2026-11-16T23:30:15+01:00[Europe/Berlin]');
    expect(times(second.posts[0])).toEqual(times(first.posts[0]));
    const tokyo = identifyPosts([undated], [], { ...CONTEXT, zone: 'Asia/Tokyo' });
    expect(idsOf(tokyo)).toEqual(['tag:example.org,2026-11-17:a']);
  });

  it('never takes an id that a post of the past has', () => {
    const moved = fileOf('b', { contentHash: 'content a' });
    const { second } = seeTwice([fileOf('a')], [moved]);
    const third = identifyPosts(
      [fileOf('a', { contentHash: 'other' }), moved],
      second.changedRecords,
      CONTEXT,
    );
    expect(idsOf(third)).toEqual(['tag:example.org,2026-03-01:a-2', 'tag:example.org,2026-03-01:a']);
    expect([...third.newIds]).toEqual(['tag:example.org,2026-03-01:a-2']);
  });

  it('never takes an id that another file names as its own', () => {
    const named = fileOf('b', { id: 'tag:example.org,2026-03-01:a' });
    const { posts, newIds } = identifyPosts([fileOf('a'), named], [], CONTEXT);
    expect(posts.map(({ id }) => id)).toEqual([
      'tag:example.org,2026-03-01:a-2',
      'tag:example.org,2026-03-01:a',
    ]);
    expect(newIds.size).toBe(2);
  });

  it('may be a copy of another, which stays what it was', () => {
    const copy = fileOf('copy', { contentHash: 'content a' });
    const { second } = seeTwice([fileOf('a')], [fileOf('a'), copy]);
    expect(idsOf(second)).toEqual(['tag:example.org,2026-03-01:a', 'tag:example.org,2026-03-01:copy']);
    expect([...second.newIds]).toEqual(['tag:example.org,2026-03-01:copy']);
  });
});

describe('a post that is known', () => {
  const KNOWN = 'tag:example.org,2026-03-01:a';
  const redated = Temporal.ZonedDateTime.from('2020-01-01T00:00[Europe/Berlin]');

  it.each<[string, Partial<PostFile>]>([
    ['renamed', { path: 'posts/new/b.md', slug: 'b' }],
    ['moved', { path: 'posts/archive/a.md' }],
    ['edited', { contentHash: 'edited', fileHash: 'edited' }],
    [
      'edited and moved with its slug kept',
      { path: 'posts/x.md', contentHash: 'edited', fileHash: 'edited' },
    ],
    ['edited, with another slug', { slug: 'other', contentHash: 'edited', fileHash: 'edited' }],
    ['dated otherwise', { publishedAt: redated, fileHash: 'redated' }],
    ['retagged', { tags: ['x'], fileHash: 'retagged' }],
  ])('is the same when it is %s', (_, changes) => {
    const { second } = seeTwice([fileOf('a')], [fileOf('a', changes)]);
    expect(idsOf(second)).toEqual([KNOWN]);
    expect(second.newIds.size).toBe(0);
    expect(second.changedRecords).toHaveLength(1);
  });

  it('is the same under a new domain and in a new zone', () => {
    const { second } = seeTwice([fileOf('a')], [fileOf('a')], {
      authority: 'else.example',
      zone: 'Asia/Tokyo',
    });
    expect(idsOf(second)).toEqual([KNOWN]);
    expect(second.changedRecords).toEqual([]);
  });

  it('is the same after it was away', () => {
    const first = identifyPosts([fileOf('a'), fileOf('b')], [], CONTEXT);
    const records = remember([], first);
    const away = identifyPosts([fileOf('b')], records, CONTEXT);
    expect(away.changedRecords).toEqual([]);
    const back = identifyPosts([fileOf('a'), fileOf('b')], remember(records, away), CONTEXT);
    expect(idsOf(back)).toEqual(idsOf(first));
  });

  it('is told from its twin in content by its place', () => {
    const twins = ['a', 'b', 'c'].map((name) => fileOf(name, { contentHash: 'the same' }));
    const { first, second } = seeTwice(twins, twins.toReversed());
    expect(idsOf(second)).toEqual(idsOf(first).toReversed());
    expect(second.changedRecords).toEqual([]);
  });

  it('keeps its id when it swaps names with another', () => {
    const a = fileOf('a');
    const b = fileOf('b');
    const { first, second } = seeTwice(
      [a, b],
      [
        { ...b, path: a.path, slug: a.slug },
        { ...a, path: b.path, slug: b.slug },
      ],
    );
    expect(idsOf(second)).toEqual([idsOf(first)[1], idsOf(first)[0]]);
  });

  it('is the same when its twin in content is renamed with it', () => {
    const twin = { contentHash: 'the same' };
    const before = [fileOf('a', twin), fileOf('b', twin)];
    const after = [fileOf('c', twin), fileOf('d', twin)];
    const { first, second } = seeTwice(before, after);
    expect(second.newIds.size).toBe(0);
    expect(idsOf(second).toSorted()).toEqual(idsOf(first).toSorted());
  });

  it('that names its id is that one wherever it lies and whatever it says', () => {
    const named = fileOf('a', { id: KNOWN, path: 'posts/z.md', slug: 'z', contentHash: 'edited' });
    const { second } = seeTwice([fileOf('a')], [named]);
    expect([idsOf(second), second.newIds.size]).toEqual([[KNOWN], 0]);
  });

  it('gives way to one that names another id at its path', () => {
    const { second } = seeTwice([fileOf('a')], [fileOf('a', { id: 'urn:x:2' })]);
    expect(idsOf(second)).toEqual(['urn:x:2']);
    expect([...second.newIds]).toEqual(['urn:x:2']);
  });

  it('costs no write when nothing changed', () => {
    expect(seeTwice([fileOf('a'), fileOf('b')], [fileOf('a'), fileOf('b')]).second.changedRecords).toEqual(
      [],
    );
  });
});

describe('the moment of a change', () => {
  const changed = { contentHash: 'edited', fileHash: 'edited' };
  const changedAt = LATER.toZonedDateTimeISO('Europe/Berlin').toString();

  it('moves with what readers see, and stays from then on', () => {
    const first = identifyPosts([fileOf('a')], [], CONTEXT);
    const records = remember([], first);
    const second = identifyPosts([fileOf('a', changed)], records, { ...CONTEXT, now: LATER });
    expect(times(second.posts[0])[1]).toBe(changedAt);
    const third = identifyPosts([fileOf('a', changed)], remember(records, second), {
      ...CONTEXT,
      now: LATER.add({ hours: 1 }),
    });
    expect(times(third.posts[0])[1]).toBe(changedAt);
  });

  it('does not move with a rename, nor with what readers do not see', () => {
    const renamed = { path: 'posts/b.md', slug: 'b', fileHash: 'touched', tags: ['x'] };
    const { first, second } = seeTwice([fileOf('a')], [fileOf('a', renamed)]);
    expect(times(second.posts[0])).toEqual(times(first.posts[0]));
    const edited = identifyPosts([fileOf('a', changed)], first.changedRecords, { ...CONTEXT, now: LATER });
    const after = identifyPosts([fileOf('a', { ...changed, ...renamed })], edited.changedRecords, {
      ...CONTEXT,
      now: LATER.add({ hours: 9 }),
    });
    expect(times(after.posts[0])[1]).toBe(changedAt);
  });

  it('is what the author says, but never before the post itself', () => {
    const says = (text: string): Partial<PostFile> => ({ updatedAt: Temporal.ZonedDateTime.from(text) });
    const later = identifyPosts([fileOf('a', says('2026-04-01T00:00[UTC]'))], [], CONTEXT);
    expect(times(later.posts[0])[1]).toBe('2026-04-01T00:00:00+00:00[UTC]');
    const earlier = identifyPosts([fileOf('a', says('2020-04-01T00:00[UTC]'))], [], CONTEXT);
    expect(times(earlier.posts[0])[1]).toBe('2026-03-01T09:00:00+01:00[Europe/Berlin]');
  });
});

describe('any history of single changes', () => {
  type Change = readonly ['rename' | 'edit' | 'redate' | 'retag' | 'domain' | 'hide' | 'swap', number];
  const change = tuple(
    constantFrom<Change[0]>('rename', 'edit', 'redate', 'retag', 'domain', 'hide', 'swap'),
    nat(3),
  );

  function apply(files: readonly PostFile[], [what, index]: Change, step: number): readonly PostFile[] {
    const file = files[index];
    const other = files[(index + 1) % files.length];
    if (!file || !other) throw new Error('there are four files');
    const { path, slug } = file;
    const next: Readonly<Record<Change[0], readonly PostFile[]>> = {
      rename: files.with(index, { ...file, path: `posts/step-${step}.md`, slug: `step-${step}` }),
      edit: files.with(index, { ...file, contentHash: `step ${step}`, fileHash: `step ${step}` }),
      redate: files.with(index, { ...file, publishedAt: null, fileHash: `step ${step}` }),
      retag: files.with(index, { ...file, tags: [`step ${step}`], fileHash: `step ${step}` }),
      swap: files
        .with(index, { ...file, path: other.path, slug: other.slug })
        .with(files.indexOf(other), { ...other, path, slug }),
      domain: files,
      hide: files,
    };
    return next[what];
  }

  it('leaves each post its id, and no two the same', () => {
    assert(
      property(array(change, { maxLength: 12 }), (changes) => {
        let files: readonly PostFile[] = ['a', 'b', 'c', 'd'].map((name) => fileOf(name));
        const first = identifyPosts(files, [], CONTEXT);
        let records = remember([], first);
        for (const [step, made] of changes.entries()) {
          files = apply(files, made, step);
          const seen = made[0] === 'hide' ? files.toSpliced(made[1], 1) : files;
          const authority = made[0] === 'domain' ? `d${step}.example` : 'example.org';
          const next = identifyPosts(seen, records, { ...CONTEXT, authority, now: LATER });
          records = remember(records, next);
          expect(next.newIds.size).toBe(0);
        }
        expect(idsOf(identifyPosts(files, records, CONTEXT))).toEqual(idsOf(first));
        expect(records).toHaveLength(4);
      }),
      { numRuns: 300 },
    );
  });
});
