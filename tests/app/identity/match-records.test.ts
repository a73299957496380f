/** Renamed and edited at once, taken away and written anew, lost by the database: which post a file is. */
import { describe, expect, it } from 'vitest';
import {
  type Identified,
  type Identifying,
  identifyPosts,
} from '../../../src/app/identity/identify-posts.ts';
import type { PostRecord, Showing } from '../../../src/domain/post.ts';
import { slugOfUrl, type Witnessed } from '../../../src/domain/witness.ts';
import { parsePost } from '../../../src/posts/parse-post.ts';

const NOW = Temporal.Instant.from('2026-11-16T22:30:15Z');
const LATER = NOW.add({ hours: 72 });
const CONTEXT: Identifying = { authority: 'example.org', zone: 'Europe/Berlin', now: NOW, witness: () => [] };

const WORDS = {
  a: 'The branch was deleted on a Friday, and nobody missed it until the night job looked for it. We patched the job and slept.',
  b: 'Rain came over the hills before noon. I sat by the window with tea and counted the cars on the road below, which were few.',
};

function fileOf(name: string, text: string) {
  const parsed = parsePost({ path: `posts/${name}.md`, text, fileHash: `${name} ${text}` }, 'Europe/Berlin');
  if (parsed.kind !== 'post') throw new Error(parsed.problems[0]?.message);
  return parsed.file;
}

type Files = Readonly<Record<string, string>>;

/** What `files` are at first, and what `then` are when the store remembers the first, changed by `between`. */
function see(files: Files, then: Files, between: (record: PostRecord) => PostRecord = (record) => record) {
  const read = (texts: Files) => Object.entries(texts).map(([name, text]) => fileOf(name, text));
  const first = identifyPosts(read(files), [], CONTEXT);
  const records = first.changedRecords.map(between);
  const second = identifyPosts(read(then), records, { ...CONTEXT, now: LATER });
  return { before: idsByTitle(first), after: idsByTitle(second), second };
}
const idsByTitle = ({ posts }: Identified): Readonly<Record<string, string>> =>
  Object.fromEntries(posts.map(({ path, id }) => [path, id]));

const showing = (until: Temporal.Instant | null): Showing => ({
  slug: 'a',
  since: NOW,
  until,
  isInFeed: true,
});

describe('a post that was renamed and edited at once', () => {
  it.each<[string, string, string]>([
    ['by its text', WORDS.a, `${WORDS.a} Later we told everybody.`],
    [
      'by its haiku',
      'old pond / a frog leaps in / the sound\n\nShort.',
      'old pond / a frog leaps in / the sound\n\nQuite other.',
    ],
    [
      'by its title and day',
      '---\ntitle: T\ndate: 2026-11-01\n---\nShort.',
      '---\ntitle: T\ndate: 2026-11-01\n---\nOther.',
    ],
  ])('is known again %s', (_, text, edited) => {
    const { before, after, second } = see({ old: text }, { 'moved/new': edited });
    expect(after['posts/moved/new.md']).toBe(before['posts/old.md']);
    expect(second.newIds.size).toBe(0);
  });

  it('is known again when its haiku is its name', () => {
    const { before, after } = see(
      { 'old pond-/-a frog-/-a sound': WORDS.a },
      { 'new pond-/-a toad-/-a sound': WORDS.a },
    );
    expect(Object.values(after)).toEqual(Object.values(before));
  });

  it('is not taken for another that changed places with it', () => {
    const { before, after } = see(
      { a: WORDS.a, b: WORDS.b },
      { a: `${WORDS.b} And more.`, b: `${WORDS.a} And more.` },
    );
    expect([after['posts/a.md'], after['posts/b.md']]).toEqual([before['posts/b.md'], before['posts/a.md']]);
  });

  it('stays in its place when it was copied and both were edited', () => {
    const { before, after, second } = see(
      { b: WORDS.a },
      { a: `${WORDS.a} A copy.`, b: `${WORDS.a} Edited.` },
    );
    expect(after['posts/b.md']).toBe(before['posts/b.md']);
    expect(second.newIds.size).toBe(1);
  });

  it('is not taken for one that is still there', () => {
    const { before, after, second } = see({ a: WORDS.a }, { a: WORDS.a, b: `${WORDS.a} A copy with more.` });
    expect(after['posts/a.md']).toBe(before['posts/a.md']);
    expect(second.newIds.size).toBe(1);
  });

  it('leaves its identity to nobody when it was removed and something else was written', () => {
    const { second } = see({ a: WORDS.a }, { b: WORDS.b });
    expect(second.newIds.size).toBe(1);
  });
});

describe('a post in the place of one that is gone', () => {
  it('is another when that was long ago', () => {
    const { second } = see({ a: WORDS.a }, { a: WORDS.b }, (record) => ({
      ...record,
      showing: showing(NOW),
    }));
    expect(second.newIds.size).toBe(1);
  });

  it.each<[string, string, Temporal.Instant | null]>([
    ['it says the same, whenever it comes back', `${WORDS.a} Again.`, NOW],
    ['it was away for a moment', WORDS.b, LATER.subtract({ hours: 1 })],
    ['it was never away', WORDS.b, null],
  ])('is the same when %s', (_, text, until) => {
    const { second } = see({ a: WORDS.a }, { a: text }, (record) => ({ ...record, showing: showing(until) }));
    expect(second.newIds.size).toBe(0);
  });
});

describe('what readers have', () => {
  const told: Witnessed = {
    id: 'tag:old.example,2020-01-01:x',
    title: 'A',
    url: 'https://old.example/blog/2020/a.html',
    publishedAt: Temporal.Instant.from('2020-01-01T10:00:00Z'),
    updatedAt: Temporal.Instant.from('2020-02-02T10:00:00Z'),
  };
  const witness = () => [told];
  const momentsOf = ({ posts }: Identified): readonly unknown[] =>
    posts.map(({ id, publishedAt, updatedAt }) => [
      id,
      publishedAt.toInstant().toString(),
      updatedAt.toInstant().toString(),
    ]);

  it('brings back id and dates of a post that the database lost', () => {
    const lost = identifyPosts([fileOf('a', WORDS.a)], [], { ...CONTEXT, witness });
    expect(momentsOf(lost)).toEqual([[told.id, '2020-01-01T10:00:00Z', '2020-02-02T10:00:00Z']]);
  });

  it('brings them back by title and date when the address is another', () => {
    const text = `---\ntitle: A\ndate: 2020-01-01T10:00:00Z\n---\n${WORDS.a}`;
    const lost = identifyPosts([fileOf('renamed', text)], [], { ...CONTEXT, witness });
    expect(lost.posts[0]?.id).toBe(told.id);
  });

  it('gives nobody an id that another post has', () => {
    const files = [fileOf('a', WORDS.a), fileOf('b', `---\nid: ${told.id}\n---\n${WORDS.b}`)];
    const { posts } = identifyPosts(files, [], { ...CONTEXT, witness });
    expect(posts.map(({ id }) => id)).toEqual(['tag:example.org,2026-11-16:a', told.id]);
  });

  it('is not asked while every post is known as it is', () => {
    const asked = (): never => {
      throw new Error('asked');
    };
    const files = [fileOf('a', WORDS.a)];
    const { changedRecords } = identifyPosts(files, [], CONTEXT);
    expect(() => identifyPosts(files, changedRecords, { ...CONTEXT, witness: asked })).not.toThrow();
  });

  it('dates a change that an older copy of the database does not know', () => {
    const { changedRecords } = identifyPosts([fileOf('a', WORDS.a)], [], CONTEXT);
    const entry = {
      ...told,
      id: changedRecords[0]?.id ?? '',
      publishedAt: NOW,
      updatedAt: NOW.add({ hours: 5 }),
    };
    const edited = [fileOf('a', `${WORDS.a} More.`)];
    const behind = identifyPosts(edited, changedRecords, { ...CONTEXT, now: LATER, witness: () => [entry] });
    expect(behind.changedRecords[0]?.changedAt?.toString()).toBe(entry.updatedAt.toString());
    const again = identifyPosts([fileOf('a', `${WORDS.a} Still more.`)], behind.changedRecords, {
      ...CONTEXT,
      now: LATER,
      witness: () => [entry],
    });
    expect(again.changedRecords[0]?.changedAt?.toString()).toBe(LATER.toString());
  });

  it('is not believed about a time that has not come', () => {
    const { changedRecords } = identifyPosts([fileOf('a', WORDS.a)], [], CONTEXT);
    const id = changedRecords[0]?.id ?? '';
    const entry = { ...told, id, publishedAt: NOW, updatedAt: LATER.add({ hours: 5 }) };
    const edited = identifyPosts([fileOf('a', WORDS.b)], changedRecords, {
      ...CONTEXT,
      now: LATER,
      witness: () => [entry],
    });
    expect(edited.changedRecords[0]?.changedAt?.toString()).toBe(LATER.toString());
  });

  it('finds the slug in any address', () => {
    expect(slugOfUrl('https://a.example/2026/b/')).toBe('b');
    expect(slugOfUrl('https://a.example/b/index.html')).toBe('b');
    expect(slugOfUrl('https://a.example/2026/b.html')).toBe('b');
    expect(slugOfUrl('https://a.example/%E0%A4%A')).toBe('%E0%A4%A');
    expect(slugOfUrl('https://a.example/')).toBe('');
  });
});

describe('the moment of a change that front matter keeps', () => {
  it('is that of a clone without a database, and counts no longer once the text changed again', () => {
    const text = (body: string): string =>
      `---\nid: x\ndate: 2026-11-01\nchanged: 2026-11-10T10:00:00Z\n---\n${body}`;
    const clone = identifyPosts([fileOf('a', text('One.'))], [], CONTEXT);
    expect(clone.posts[0]?.updatedAt.toInstant().toString()).toBe('2026-11-10T10:00:00Z');
    const edited = identifyPosts([fileOf('a', text('Two.'))], clone.changedRecords, {
      ...CONTEXT,
      now: LATER,
    });
    expect(edited.posts[0]?.updatedAt.toInstant().toString()).toBe(LATER.toString());
  });
});
