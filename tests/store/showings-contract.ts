/** What readers were shown: an address that had a post once leads to it for good, or says that it is gone. */
import { expect, it } from 'vitest';
import type { Showing } from '../../src/domain/post.ts';
import { type Database, openStoresOf } from './databases.ts';
import { at, postRecord } from './samples.ts';

const showing = (slug: string, changes: Partial<Showing> = {}): Showing => ({
  slug,
  since: at('08:00'),
  until: null,
  isInFeed: true,
  ...changes,
});

export function showingsContract(database: Database): void {
  const { open } = openStoresOf(database);
  const openWith = async (...ids: readonly string[]) => {
    const { posts } = await open();
    await posts.record(ids.map((id) => postRecord(id)));
    return posts;
  };

  it('gives back what is shown, and a record leaves it as it is', async () => {
    const posts = await openWith('a', 'b');
    await posts.show([{ id: 'a', showing: showing('a', { isInFeed: false }) }]);
    await posts.record([postRecord('a', { slug: 'other' }), postRecord('b')]);
    const shown = showing('a', { isInFeed: false });
    expect(await posts.all()).toEqual([postRecord('a', { slug: 'other', showing: shown }), postRecord('b')]);
  });

  it('keeps what a post is known by', async () => {
    const { posts } = await open();
    const traits = { title: 'A "title"', haiku: 'a / b / c', day: '2026-11-16', sketch: [1, 4294967295] };
    await posts.record([postRecord('a'), postRecord('b', { traits })]);
    await posts.record([postRecord('a', { traits })]);
    expect((await posts.all()).map((record) => record.traits)).toEqual([traits, traits]);
  });

  it('passes over ids that were never recorded', async () => {
    const posts = await openWith('a');
    await posts.show([]);
    await posts.show([{ id: 'nobody', showing: showing('x') }]);
    expect(await posts.all()).toEqual([postRecord('a')]);
    expect(await posts.findPage('x')).toBeNull();
  });

  it('knows where a post went, over any number of slugs, and when it is gone', async () => {
    const posts = await openWith('a');
    for (const [slug, time] of [
      ['one', '08:00'],
      ['two', '09:00'],
      ['three', '10:00'],
    ] as const)
      await posts.show([{ id: 'a', showing: showing(slug, { since: at(time) }) }]);
    expect(await posts.findPage('one')).toEqual({ kind: 'moved', slug: 'three' });
    expect(await posts.findPage('two')).toEqual({ kind: 'moved', slug: 'three' });
    expect([await posts.findPage('three'), await posts.findPage('never')]).toEqual([null, null]);
    expect(await posts.formerPages()).toEqual([
      { slug: 'one', post: 'a', until: at('09:00') },
      { slug: 'two', post: 'a', until: at('10:00') },
    ]);
    await posts.show([{ id: 'a', showing: showing('three', { until: at('11:00') }) }]);
    for (const slug of ['one', 'two', 'three']) expect(await posts.findPage(slug)).toEqual({ kind: 'gone' });
    await posts.show([{ id: 'a', showing: showing('three') }]);
    expect([await posts.findPage('three'), await posts.findPage('one')]).toEqual([
      null,
      { kind: 'moved', slug: 'three' },
    ]);
  });

  it('says nothing of a slug that is in use: swapped, given back, or taken by another post', async () => {
    const posts = await openWith('a', 'b', 'c');
    await posts.show([
      { id: 'a', showing: showing('x') },
      { id: 'b', showing: showing('y') },
    ]);
    const later = { since: at('09:00') };
    await posts.show([
      { id: 'a', showing: showing('y', later) },
      { id: 'b', showing: showing('x', later) },
    ]);
    expect([await posts.findPage('x'), await posts.findPage('y')]).toEqual([null, null]);
    await posts.show([{ id: 'b', showing: showing('z', { since: at('10:00') }) }]);
    expect(await posts.findPage('x')).toEqual({ kind: 'moved', slug: 'z' });
    await posts.show([{ id: 'c', showing: showing('x', { since: at('11:00') }) }]);
    expect(await posts.findPage('x')).toBeNull();
    await posts.show([{ id: 'c', showing: showing('x', { since: at('11:00'), until: at('12:00') }) }]);
    // The last post that stood there counts.
    expect(await posts.findPage('x')).toEqual({ kind: 'gone' });
  });

  it('takes thousands at once', async () => {
    const { posts } = await open();
    const ids = Array.from({ length: 2500 }, (_, index) => String(index).padStart(5, '0'));
    await posts.record(ids.map((id) => postRecord(id)));
    await posts.show(ids.map((id) => ({ id, showing: showing(`old-${id}`) })));
    await posts.show(ids.map((id) => ({ id, showing: showing(id, { since: at('09:00') }) })));
    expect(await posts.formerPages()).toHaveLength(2500);
    expect((await posts.all()).every((record) => record.showing?.slug === record.id)).toBe(true);
  });
}
