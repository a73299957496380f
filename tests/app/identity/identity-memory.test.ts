/** Identity given to what changed is the identity that all files together would have been given. */
import { array, assert, constantFrom, option, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Identifying, identifyPosts } from '../../../src/app/identity/identify-posts.ts';
import { IdentityMemory } from '../../../src/app/identity/identity-memory.ts';
import { compareNewestFirst, type PostFile, type PostRecord } from '../../../src/domain/post.ts';
import { succeed } from '../../../src/domain/succession.ts';
import { refuseTwins } from '../../../src/posts/refuse-twins.ts';
import { samplePostFile } from '../../domain/sample-post.ts';

const NOW = Temporal.Instant.from('2026-11-16T22:30:15.678Z');

type Sight = {
  readonly name: string;
  readonly content: string;
  readonly id: string | null;
  readonly day: number | null;
};

const sight = record({
  name: constantFrom('a', 'b', 'c', 'd', 'e'),
  content: constantFrom('u', 'v', 'w', 'x', 'y', 'z'),
  id: option(constantFrom('urn:1', 'urn:2', 'tag:example.org,2026-03-01:a'), { freq: 3 }),
  day: option(constantFrom(1, 2, 3)),
});

const fileOf = ({ name, content, id, day }: Sight): PostFile =>
  samplePostFile(name, {
    fileHash: `file ${content} ${id} ${day}`,
    contentHash: `content ${content}`,
    id,
    title: content,
    publishedAt: day === null ? null : Temporal.ZonedDateTime.from(`2026-03-0${day}T09:00[UTC]`),
  });

/** As the store gives them. */
const inOrder = <One extends { readonly id: string }>(records: readonly One[]): readonly One[] =>
  records.toSorted((a, b) => (a.id < b.id ? -1 : 1));

describe('a memory of identities', () => {
  it('gives what all files together would have been given', () => {
    assert(
      property(array(array(sight, { maxLength: 6 }), { minLength: 2, maxLength: 6 }), (rounds) => {
        const memory = new IdentityMemory();
        const read = new Map<string, PostFile>();
        let records: readonly PostRecord[] = [];
        let last: readonly PostFile[] | null = null;
        for (const [index, sights] of rounds.entries()) {
          const seen = sights.map((one) => {
            const key = JSON.stringify(one);
            read.set(key, read.get(key) ?? fileOf(one));
            return read.get(key) ?? fileOf(one);
          });
          const distinct = refuseTwins(seen.toSorted((a, b) => (a.path < b.path ? -1 : 1)));
          // As they are read: a list of files tells what it came of.
          const files: readonly PostFile[] = succeed(last, distinct.files);
          last = files;
          const now = NOW.add({ hours: index });
          const context: Identifying = { authority: 'example.org', zone: 'UTC', now, witness: () => [] };
          const whole = identifyPosts(files, records, context);
          const part = memory.identify(files, index === 0 ? records : null, context);
          expect(JSON.stringify(part.posts)).toBe(JSON.stringify(whole.posts));
          expect(JSON.stringify(part.changedRecords)).toBe(JSON.stringify(whole.changedRecords));
          const newestFirst = whole.posts.toSorted(compareNewestFirst);
          expect(JSON.stringify(memory.newestFirst)).toBe(JSON.stringify(newestFirst));
          const byId = new Map(records.map((one) => [one.id, one]));
          for (const changed of whole.changedRecords) byId.set(changed.id, changed);
          records = inOrder([...byId.values()]);
          expect(JSON.stringify(inOrder(memory.records))).toBe(JSON.stringify(records));
        }
      }),
      { numRuns: 1500 },
    );
  });

  it('gives a post that did not change as the same value, also when all are looked at', () => {
    const memory = new IdentityMemory();
    const context: Identifying = { authority: 'example.org', zone: 'UTC', now: NOW, witness: () => [] };
    const [a, b] = [
      fileOf({ name: 'a', content: 'u', id: null, day: 1 }),
      fileOf({ name: 'b', content: 'v', id: null, day: null }),
    ];
    const [first] = memory.identify([a], [], context).posts;
    expect(memory.identify([a, b], null, context).posts[0]).toBe(first);
    expect(memory.identify([a, b], memory.records as readonly PostRecord[], context).posts[0]).toBe(first);
    expect(memory.fileOf(memory.newestFirst[0] ?? ({ ...first, id: '' } as never))).toBeDefined();
  });
});
