/** The plan is what publishing then does, found out without changing anything. */
import { describe, expect, it } from 'vitest';
import { type Plan, planPublish } from '../../src/app/plan-publish.ts';
import { type PublishReport, publish } from '../../src/app/publish.ts';
import type { Renga } from '../../src/app/renga.ts';
import { EVERYTHING } from '../../src/domain/pause.ts';
import type { Series } from '../../src/domain/publication.ts';
import { newcomer } from '../store/samples.ts';
import { MONDAY, postText, START, WEEKLY, openForEach } from './example-publication.ts';

const example = openForEach(async ({ write }) => {
  await write('posts/a.md', postText('A', 'Text of a.', '2026-11-01'));
  await write('posts/b.md', postText('B', 'Text of b.', '2026-11-02'));
});

type Situation = { readonly renga?: Partial<Renga>; readonly byHand?: Series | null };

const options = (byHand: Series | null = null) => ({ trustStamps: true, allowEmpty: false, byHand });
const run = async ({ renga = {}, byHand = null }: Situation = {}): Promise<PublishReport> =>
  await publish({ ...example.renga, ...renga }, { ...options(byHand), signal: new AbortController().signal });
const at = (moment: Temporal.Instant): Partial<Renga> => ({ clock: () => moment });
const addAnn = async (): Promise<void> =>
  void (await example.renga.store.subscribers.add([newcomer('ann')], START));

/** All that the store holds, as text. */
async function storeFacts(): Promise<string> {
  const { store } = example.renga;
  const digests = await store.digests.all();
  const facts = {
    posts: await store.posts.all(),
    isOpen: await store.series.isOpen('weekly'),
    until: await store.series.consideredUntil('weekly'),
    carried: [...(await store.series.carried('weekly'))],
    slots: await store.series.slots(),
    digests,
    deliveries: await Promise.all(
      digests.map(async ({ number }) => await Array.fromAsync(store.ledger.deliveries(number))),
    ),
    claimants: await store.ledger.claimants(),
    subscribers: await store.subscribers.counts(),
  };
  return JSON.stringify(facts, null, 1);
}

/** Plans, sees that nothing changed anywhere, publishes, and sees that it did what was planned. */
async function planThenPublish(
  situation: Situation = {},
): Promise<{ readonly plan: Plan; readonly report: PublishReport }> {
  const before = [
    await example.publicFiles(),
    await storeFacts(),
    example.server.taken.length,
    example.events.length,
  ];
  const plan = await planPublish({ ...example.renga, ...situation.renga }, options(situation.byHand));
  expect([
    await example.publicFiles(),
    await storeFacts(),
    example.server.taken.length,
    example.events.length,
  ]).toEqual(before);
  const taken = example.server.taken.length;
  const report = await run(situation);
  // A run that finds nothing to do names what is there in the order it was kept in.
  expect(byPath(plan.files)).toEqual(byPath(report.files));
  expect(plan.entries).toEqual(report.entries);
  expect(plan.held).toEqual(report.posts.held);
  expect(plan.problems).toEqual(report.problems);
  const planned = plan.digests.filter(({ goesOutNow }) => goesOutNow);
  const frozen = report.digests.flatMap(({ result }) => (result.kind === 'frozen' ? [result] : []));
  expect(planned.map(({ posts, subscribers }) => [posts.length, subscribers])).toEqual(
    frozen.map(({ posts, deliveries }) => [posts, deliveries]),
  );
  const isMoved = report.files.some(({ change }) => change !== 'unchanged');
  expect(plan.changes).toBe(isMoved || frozen.length > 0 || example.server.taken.length > taken);
  return { plan, report };
}

const byPath = (files: readonly { readonly path: string }[]) =>
  files.toSorted((a, b) => (a.path < b.path ? -1 : 1));

describe('the plan of the files', () => {
  it('is what the first run writes', async () => {
    const { plan } = await planThenPublish();
    expect(plan.changes).toBe(true);
    expect(plan.entries.added).toHaveLength(2);
    expect(plan.files.every(({ change }) => change === 'added')).toBe(true);
  });

  it('is empty when there is nothing to do', async () => {
    await run();
    const { plan } = await planThenPublish();
    expect(plan.changes).toBe(false);
    expect(plan.files.length).toBeGreaterThan(5);
  });

  it('knows what was added, edited and removed', async () => {
    await run();
    await example.write('posts/a.md', postText('A', 'Edited.', '2026-11-01'));
    await example.remove('posts/b.md');
    await example.write('posts/c.md', postText('C', 'Text of c.', '2026-11-03'));
    await example.write('posts/d.md', '---\ntitle: D\ndraft: true\n---\nText.\n');
    await example.write('posts/bad.md', '---\ntitle: [\n---\n');
    const { plan } = await planThenPublish({ renga: at(START.add({ hours: 1 })) });
    expect(plan.entries).toEqual({
      added: ['tag:example.org,2026-11-03:c'],
      changed: ['tag:example.org,2026-11-01:a'],
      removed: ['tag:example.org,2026-11-02:b'],
    });
    expect(plan.held.map(({ path, reason }) => [path, reason])).toEqual([['posts/d.md', 'draft']]);
    expect(plan.problems.filter(({ severity }) => severity === 'error')).toHaveLength(1);
    expect(plan.files).toContainEqual({ path: 'b/index.html', change: 'removed' });
  });

  it('refuses what publishing refuses', async () => {
    await run();
    await example.remove('posts/a.md');
    await example.remove('posts/b.md');
    await expect(planPublish(example.renga, options())).rejects.toThrow('2 were known before');
  });
});

describe('the plan of a digest', () => {
  it('goes out now when it is asked for by hand', async () => {
    await addAnn();
    const { plan } = await planThenPublish({ byHand: WEEKLY });
    expect(plan.digests).toMatchObject([
      {
        series: 'weekly',
        slot: null,
        goesOutNow: true,
        subject: 'a digest of A, B',
        subscribers: 1,
        leftOut: [],
      },
    ]);
    expect(plan.digests[0]?.posts.map(({ title }) => title)).toEqual(['A', 'B']);
    expect(plan.digests[0]?.htmlBytes).toBeGreaterThan(20);
    expect(example.server.taken).toHaveLength(1);
  });

  it('is shown but does not go out before its slot', async () => {
    await addAnn();
    const { plan } = await planThenPublish();
    expect(plan.digests).toMatchObject([
      { slot: null, goesOutNow: false, posts: [{ title: 'A' }, { title: 'B' }] },
    ]);
    expect(plan.next).toMatchObject([{ slot: 'weekly 2026-11-16T09:00', posts: 2, subscribers: 1 }]);
  });

  it('goes out when its slot is due, recorded or not, and once', async () => {
    await addAnn();
    await run();
    const { plan } = await planThenPublish({ renga: at(MONDAY) });
    expect(plan.digests).toMatchObject([{ slot: 'weekly 2026-11-16T09:00', goesOutNow: true }]);
    const { plan: after } = await planThenPublish({ renga: at(MONDAY) });
    expect(after.digests).toMatchObject([{ slot: null, goesOutNow: false, posts: [] }]);
    expect(after.digests[0]?.leftOut.map(({ title, reason }) => [title, reason])).toEqual([
      ['B', 'mailed by this series already'],
      ['A', 'mailed by this series already'],
    ]);
  });

  it('goes out for a slot that a program recorded before it died', async () => {
    await addAnn();
    await run();
    const slot = { series: 'weekly', name: 'weekly 2026-11-16T09:00', dueAt: MONDAY };
    await example.renga.store.series.recordSlots('weekly', [slot], MONDAY);
    const { plan } = await planThenPublish({ renga: at(MONDAY.add({ minutes: 1 })) });
    expect(plan.digests).toMatchObject([{ slot: slot.name, goesOutNow: true }]);
  });

  it('goes out up to the end of the grace time and not after it', async () => {
    await addAnn();
    await run();
    const last = MONDAY.add({ hours: 24 });
    expect((await planPublish({ ...example.renga, ...at(last) }, options())).digests[0]?.goesOutNow).toBe(
      true,
    );
    const { plan } = await planThenPublish({ renga: at(last.add({ seconds: 1 })) });
    expect(plan.digests).toMatchObject([{ slot: null, goesOutNow: false }]);
  });

  it('does not go out with fewer posts than its series wants, except by hand', async () => {
    await addAnn();
    const series = [{ ...WEEKLY, minimum: 3 }];
    await run({ renga: { series } });
    const { plan } = await planThenPublish({ renga: { series, ...at(MONDAY) } });
    expect(plan.digests[0]?.goesOutNow).toBe(false);
    const byHand = await planThenPublish({ renga: { series, ...at(MONDAY) }, byHand: series[0] ?? null });
    expect(byHand.plan.digests[0]?.goesOutNow).toBe(true);
  });

  it('does not go out to nobody', async () => {
    const { plan } = await planThenPublish({ byHand: WEEKLY });
    expect(plan.digests).toMatchObject([{ goesOutNow: false, subscribers: 0 }]);
  });

  it('leaves the backlog out on the first run, unless it is to be included', async () => {
    await addAnn();
    const BACKLOG = 'there before the series first ran, so it is not mailed';
    const series = [{ ...WEEKLY, backlog: 'skip' as const }];
    const { plan } = await planThenPublish({ renga: { series }, byHand: series[0] ?? null });
    expect(plan.digests).toMatchObject([{ goesOutNow: false, posts: [], subject: null, htmlBytes: null }]);
    expect(plan.digests[0]?.leftOut[0]?.reason).toBe(BACKLOG);
    expect(plan.next[0]?.posts).toBe(0);
    await example.write('posts/c.md', postText('C', 'Text of c.', '2026-11-03'));
    const next = await planThenPublish({ renga: { series }, byHand: series[0] ?? null });
    // Open by now, and its backlog is recorded: that is no reason to call it mailed.
    expect(next.plan.digests[0]?.leftOut.map(({ reason }) => reason)).toEqual([BACKLOG, BACKLOG]);
    expect(next.plan.digests[0]?.posts.map(({ title }) => title)).toEqual(['C']);
  });
});

describe('a backlog from a day on', () => {
  it('is mailed from that day on, and the plan knows before the first run', async () => {
    await addAnn();
    const before = Temporal.Instant.from('2026-11-01T12:00:00Z');
    const series = [{ ...WEEKLY, backlog: { before } }];
    const first = await planPublish({ ...example.renga, series }, options());
    expect([first.next[0]?.posts, first.digests[0]?.posts.map(({ title }) => title)]).toEqual([1, ['B']]);
    const { plan } = await planThenPublish({ renga: { series }, byHand: series[0] ?? null });
    expect(plan.digests[0]?.posts.map(({ title }) => title)).toEqual(['B']);
    expect(plan.digests[0]?.leftOut.map(({ title, reason }) => [title, reason])).toEqual([
      ['A', 'there before the series first ran, so it is not mailed'],
    ]);
  });
});

describe('the plan of what is open', () => {
  const HOUR = { hours: 1 };

  it('counts deliveries that would be tried now, and not those whose time has not come', async () => {
    await addAnn();
    example.server.answer = () => ({ kind: 'deferred', reply: '451 later' });
    await run({ byHand: WEEKLY });
    expect((await planPublish(example.renga, options())).openDeliveries).toBe(0);
    example.server.answer = () => ({ kind: 'accepted', reply: '250 taken' });
    const { plan } = await planThenPublish({ renga: at(START.add(HOUR)) });
    expect([plan.openDeliveries, plan.changes]).toEqual([1, true]);
    const { plan: after } = await planThenPublish({ renga: at(START.add(HOUR)) });
    expect([after.openDeliveries, after.changes]).toEqual([0, false]);
  });

  it('counts those in doubt where they are to be tried again', async () => {
    await addAnn();
    example.server.answer = () => 'silent';
    await run({ byHand: WEEKLY });
    example.server.answer = () => ({ kind: 'accepted', reply: '250 taken' });
    const { plan } = await planThenPublish({ renga: at(START.add(HOUR)) });
    expect([plan.openDeliveries, plan.changes]).toEqual([1, true]);
  });

  it('does not count those in doubt that are left to a person', async () => {
    await addAnn();
    const { delivery, ...others } = example.renga.settings;
    const settings = { ...others, delivery: { ...delivery, inDoubt: 'ask' as const } };
    example.server.answer = () => 'silent';
    await run({ renga: { settings }, byHand: WEEKLY });
    const { plan } = await planThenPublish({ renga: { settings, ...at(START.add(HOUR)) } });
    expect([plan.openDeliveries, plan.changes]).toEqual([0, false]);
  });

  it('counts none while sending is paused', async () => {
    await addAnn();
    const reason = { reason: 'the account is blocked', hint: 'ask them', since: START, until: null };
    await example.renga.store.ledger.setPause({ scope: EVERYTHING, ...reason });
    await run({ byHand: WEEKLY });
    expect(await example.renga.store.ledger.counts(1)).toMatchObject({ due: 1 });
    const { plan } = await planThenPublish({ renga: at(START.add(HOUR)) });
    expect([plan.openDeliveries, plan.changes]).toEqual([0, false]);
    await example.renga.store.ledger.endPause(EVERYTHING);
    expect((await planThenPublish({ renga: at(START.add(HOUR)) })).plan.openDeliveries).toBe(1);
  });
});
