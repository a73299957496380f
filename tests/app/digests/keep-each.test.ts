/** Series that send each post as soon as it is published: one slot for a post, fired once, over kills, second programs and clocks that jump. */
import { afterAll, describe, expect, it } from 'vitest';
import { skipSlot } from '../../../src/app/digests/decide-slot.ts';
import { gatherPosts } from '../../../src/app/identity/gather-posts.ts';
import { keepSlots } from '../../../src/app/digests/keep-slots.ts';
import { planPublish } from '../../../src/app/plan-publish.ts';
import { publish, publishFeedsAndPages, publishRound } from '../../../src/app/publish.ts';
import { SiteMemory } from '../../../src/app/site/site-memory.ts';
import type { Renga } from '../../../src/app/renga.ts';
import type { Series } from '../../../src/domain/publication.ts';
import { newcomer } from '../../store/samples.ts';
import {
  type ExamplePublication,
  openExamplePublication,
  openExampleWorkshop,
  postText,
  START,
  WEEKLY,
} from '../example-publication.ts';

const workshop = openExampleWorkshop();
afterAll(async () => await workshop.close());

const LETTERS: Series = {
  ...WEEKLY,
  name: 'letters',
  schedule: { kind: 'each' },
  label: null,
  backlog: 'skip',
  minimum: 3,
};
const SITE = { trustStamps: true, allowEmpty: true };

/** Opened at START, with one post in the backlog and one reader. */
async function openLetters(changes: Partial<Series> = {}): Promise<ExamplePublication> {
  const example = await openExamplePublication(workshop, { series: [{ ...LETTERS, ...changes }] });
  await example.write('posts/old.md', postText('Old'));
  await example.renga.store.subscribers.add([newcomer('ann')], START);
  return example;
}

const at = (renga: Renga, minutes: number): Renga => ({ ...renga, clock: () => START.add({ minutes }) });
const run = async (renga: Renga, minutes: number, byHand: Series | null = null) =>
  await publish(at(renga, minutes), { ...SITE, byHand, signal: new AbortController().signal });
const plan = async (renga: Renga, minutes: number, byHand: Series | null = null) =>
  await planPublish(at(renga, minutes), { ...SITE, byHand });

const digestsOf = async ({ store }: Renga) =>
  (await store.digests.all()).toReversed().map(({ posts }) => posts.map(({ title }) => title).join('+'));
const statesOf = async ({ store }: Renga) => (await store.series.slots()).map(({ state }) => state);

describe('publish, with a series that sends each post', () => {
  it('skips the backlog, sends a new post at once, whatever the minimum, and never again', async () => {
    const { renga, write, server } = await openLetters();
    expect((await run(renga, 0)).digests).toEqual([]);
    await write('posts/frost.md', postText('Frost', 'Text.', '2026-11-12'));
    const { digests, next } = await run(renga, 5);
    expect(digests).toMatchObject([
      { slot: 'letters each tag:example.org,2026-11-12:frost', result: { kind: 'frozen', posts: 1 } },
    ]);
    expect(next).toMatchObject([{ series: 'letters', slot: null, dueAt: null, posts: 0, subscribers: 1 }]);
    expect((await run(renga, 6)).digests).toEqual([]);
    await write('posts/frost.md', postText('Frost, mended', 'Other text.', '2026-11-12'));
    expect((await run(renga, 7)).digests).toEqual([]);
    expect(server.taken).toHaveLength(1);
  });

  it('makes two digests of two posts, the older first, as its plan says', async () => {
    const { renga, write } = await openLetters();
    await run(renga, 0);
    await write('posts/b.md', postText('B', 'Text.', '2026-11-11'));
    await write('posts/a.md', postText('A', 'Text.', '2026-11-12'));
    const { digests, changes } = await plan(renga, 5);
    expect(changes).toBe(true);
    expect(
      digests.map(({ slot, goesOutNow, posts }) => [slot, goesOutNow, posts.map(({ title }) => title)]),
    ).toEqual([
      ['letters each tag:example.org,2026-11-11:b', true, ['B']],
      ['letters each tag:example.org,2026-11-12:a', true, ['A']],
    ]);
    expect(digests[1]?.leftOut).toMatchObject([{ title: 'Old' }]);
    await run(renga, 5);
    expect(await digestsOf(renga)).toEqual(['B', 'A']);
    expect((await plan(renga, 6)).digests).toMatchObject([{ slot: null, goesOutNow: false, posts: [] }]);
  });

  it('sends the backlog where config asks for it, each post by itself, the oldest first', async () => {
    const { renga, write } = await openLetters({ backlog: 'include' });
    for (let day = 10; day < 22; day += 1)
      await write(`posts/p${day}.md`, postText(`P${day}`, 'Text.', `2025-03-${day}`));
    expect((await plan(renga, 0)).digests).toHaveLength(13);
    await run(renga, 0);
    const digests = await digestsOf(renga);
    expect(digests).toHaveLength(13);
    expect([digests[0], digests.at(-1)]).toEqual(['P10', 'Old']);
  });

  it('leaves many posts at once to a person, who may send them in one digest by hand', async () => {
    const { renga, write, events } = await openLetters();
    await run(renga, 0);
    for (let day = 1; day < 12; day += 1)
      await write(
        `posts/p${day}.md`,
        postText(`P${day}`, 'Text.', `2026-11-${String(day).padStart(2, '0')}`),
      );
    expect((await plan(renga, 5)).digests).toMatchObject([{ goesOutNow: false, posts: [] }]);
    expect((await run(renga, 5)).digests).toEqual([]);
    expect(events.filter(({ kind }) => kind === 'slot-missed')).toHaveLength(11);
    const [series = LETTERS] = renga.series;
    expect((await plan(renga, 6, series)).digests).toMatchObject([
      { goesOutNow: true, posts: { length: 11 } },
    ]);
    await run(renga, 6, series);
    await run(renga, 7);
    await publishRound(at(renga, 7), SITE, new SiteMemory(), null).then(
      async ({ site }) => await keepSlots(at(renga, 7), site.prepared),
    );
    expect(await digestsOf(renga)).toHaveLength(1);
    expect(new Set(await statesOf(renga))).toEqual(new Set(['folded', 'taken']));
  });

  it('forgets nothing when it is killed between the page and the slot, though nothing changed since', async () => {
    const { renga, write } = await openLetters();
    await run(renga, 0);
    await write('posts/frost.md', postText('Frost', 'Text.', '2026-11-12'));
    await publishFeedsAndPages(at(renga, 5), SITE);
    await run(renga, 10);
    expect(await digestsOf(renga)).toEqual(['Frost']);
  });

  it('asks a person about a post that it could not send within the grace time', async () => {
    const { renga, write } = await openLetters();
    await run(renga, 0);
    await write('posts/frost.md', postText('Frost', 'Text.', '2026-11-12'));
    await publishFeedsAndPages(at(renga, 5), SITE);
    await run(renga, 5 + 25 * 60);
    expect(await digestsOf(renga)).toEqual([]);
    expect(await statesOf(renga)).toEqual(['missed']);
    await skipSlot(renga, 'letters each tag:example.org,2026-11-12:frost');
    // Nor does another schedule bring what was decided against.
    const weekly = { ...LETTERS, schedule: WEEKLY.schedule };
    const { posts = [] } = (await plan({ ...renga, series: [weekly] }, 2000, weekly)).digests[0] ?? {};
    expect(posts).toEqual([]);
  });

  it('takes a draft of last week for news when it is published, and a post with an old date too', async () => {
    const { renga, write } = await openLetters();
    const draft = postText('Draft', 'Text.', '2026-11-12');
    await write('posts/draft.md', draft.replace('---\n', '---\ndraft: true\n'));
    for (let day = 0; day < 7; day += 1) await run(renga, day * 24 * 60);
    await write('posts/draft.md', draft);
    await write('posts/late.md', postText('Late', 'Text.', '2026-11-05'));
    await run(renga, 7 * 24 * 60);
    expect(await digestsOf(renga)).toEqual(['Late', 'Draft']);
  });

  it('sends nothing twice when the clock goes back, or far ahead and back', async () => {
    const { renga, write, server } = await openLetters();
    await run(renga, 0);
    await write('posts/frost.md', postText('Frost', 'Text.', '2026-11-12'));
    for (const minutes of [5, -500, 6, 3_000_000, 7]) await run(renga, minutes);
    await write('posts/thaw.md', postText('Thaw', 'Text.', '2026-11-12'));
    await run(renga, 8);
    expect(await digestsOf(renga)).toEqual(['Frost', 'Thaw']);
    expect(server.taken).toHaveLength(2);
  });

  it('is one digest where two programs see the post at once', async () => {
    const { renga, write } = await openLetters();
    await run(renga, 0);
    await write('posts/frost.md', postText('Frost', 'Text.', '2026-11-12'));
    const { site } = await publishFeedsAndPages(at(renga, 5), SITE);
    const keep = async () => await keepSlots(at(renga, 5), site.prepared);
    await Promise.all([keep(), keep(), keep()]);
    expect(await digestsOf(renga)).toEqual(['Frost']);
    expect(await statesOf(renga)).toEqual(['taken']);
  });

  it('waits for a post whose file is broken now, and lets one go that nobody takes', async () => {
    const { renga, write } = await openLetters();
    const { site: opened } = await publishFeedsAndPages(at(renga, 0), SITE);
    await keepSlots(at(renga, 0), opened.prepared);
    await write('posts/frost.md', postText('Frost', 'Text.', '2026-11-12'));
    const { site } = await publishFeedsAndPages(at(renga, 5), SITE);
    const id = 'tag:example.org,2026-11-12:frost';
    const due = { series: 'letters', name: `letters each ${id}`, dueAt: START };
    await renga.store.series.recordSlots('letters', [due], START);
    await keepSlots(at(renga, 6), opened.prepared);
    expect(await statesOf(renga)).toEqual(['due']);
    const { prepared } = site;
    for (const { id: subscriber } of await Array.fromAsync(renga.store.subscribers.list()))
      await renga.store.subscribers.leave(subscriber, 'asked', START);
    await keepSlots(at(renga, 7), prepared);
    expect(await statesOf(renga)).toEqual(['empty']);
    expect(await renga.store.series.carried('letters')).toContain(id);
  });

  it('never waits for a post that its author keeps out of digests', async () => {
    const { renga, write } = await openLetters();
    await run(renga, 0);
    await write(
      'posts/quiet.md',
      postText('Quiet', 'Text.', '2026-11-12').replace('---\n', '---\ndigest: false\n'),
    );
    const { digests } = await plan(renga, 5);
    expect(digests.flatMap(({ leftOut }) => leftOut)).toContainEqual({
      title: 'Quiet',
      path: 'posts/quiet.md',
      reason: 'its author keeps it out of digests',
    });
    expect((await run(renga, 5)).next).toMatchObject([{ posts: 0 }]);
    expect((await run(renga, 6)).next).toMatchObject([{ posts: 0 }]);
    expect(await statesOf(renga)).toEqual([]);
    expect((await gatherPosts(renga, SITE)).published).toHaveLength(2);
  });
});
