/**
 * Any series, tags, choices, pauses and freezes, in any order, beside a model in plain values: nobody gets a post twice, and nobody misses a post
 * that a series of theirs carried while they took it and its tag.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Choice } from '../../src/domain/subscriber.ts';
import type { Store } from '../../src/domain/store.ts';
import { DATABASES, openStoresOf } from './databases.ts';
import { freezeGrouped } from './groups-contract.ts';
import { PGLITE } from './pglite.ts';
import { at, newcomer } from './samples.ts';

const READERS = ['ann', 'bob', 'cem', 'dee'];
const SERIES = ['daily', 'weekly', 'monthly'];
const TAGS = ['code', 'verse', 'Code'];

/** `freezeGrouped` freezes at nine. */
const pause = fc.constantFrom(null, at('08:59'), at('09:00'), at('09:01'));
const choice: fc.Arbitrary<Choice> = fc.record(
  {
    series: fc.option(fc.subarray(SERIES)),
    tags: fc.option(fc.subarray(TAGS)),
    pausedUntil: pause,
  },
  { requiredKeys: [] },
);
const step = fc.oneof(
  fc.record({ kind: fc.constant('choose' as const), reader: fc.nat(READERS.length - 1), choice }),
  fc.record({ kind: fc.constant('post' as const), tags: fc.subarray(TAGS) }),
  fc.record({ kind: fc.constant('freeze' as const), series: fc.constantFrom(...SERIES) }),
  fc.record({ kind: fc.constant('leave' as const), reader: fc.nat(READERS.length - 1) }),
);
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

type Reader = Required<Omit<Choice, 'name'>> & { hasLeft: boolean; readonly had: string[] };
type Post = { readonly id: string; readonly tags: readonly string[] };

const takes = (reader: Reader, series: string, { tags }: Post): boolean =>
  !reader.hasLeft &&
  (reader.pausedUntil === null || Temporal.Instant.compare(reader.pausedUntil, at('09:00')) <= 0) &&
  (reader.series === null || reader.series.includes(series)) &&
  (reader.tags === null ||
    reader.tags.some((tag) => tags.some((own) => own.toLowerCase() === tag.toLowerCase())));

async function play(store: Store, steps: readonly Step[]): Promise<void> {
  for (const series of SERIES) await store.series.open(series, at('08:00'), []);
  await store.subscribers.add(
    READERS.map((name) => newcomer(name)),
    at('08:00'),
  );
  const none = { series: null, tags: null, pausedUntil: null, hasLeft: false };
  const readers: Reader[] = READERS.map(() => ({ ...none, had: [] }));
  const posts: Post[] = [];
  for (const one of steps) {
    if (one.kind === 'post') posts.push({ id: `p${posts.length}`, tags: one.tags });
    else if (one.kind === 'freeze') await freezeBoth(store, readers, posts, one.series);
    else await change(store, readers, one);
  }
}

async function change(
  store: Store,
  readers: readonly Reader[],
  one: Extract<Step, { readonly kind: 'choose' | 'leave' }>,
): Promise<void> {
  const reader = readers[one.reader];
  if (!reader) throw new Error('no such reader');
  if (one.kind === 'leave') {
    await store.subscribers.unsubscribe(one.reader + 1, 'one-click', at('08:50'));
    // What waited for them is withdrawn; here nobody delivers in between.
    reader.hasLeft = true;
    return;
  }
  const line = { source: 'test', words: '', origin: null };
  await store.subscribers.choose(one.reader + 1, one.choice, line, at('08:40'));
  if (!reader.hasLeft) Object.assign(reader, one.choice);
}

async function freezeBoth(
  store: Store,
  readers: readonly Reader[],
  posts: readonly Post[],
  series: string,
): Promise<void> {
  const carried = await store.series.carried(series);
  const draft = posts.filter(({ id }) => !carried.has(id));
  if (draft.length === 0) return;
  const result = await freezeGrouped(store, series, draft);
  expect(result.kind).toBe('frozen');
  const number = result.kind === 'frozen' ? result.number : 0;
  const got = await readFrozen(store, number);
  for (const [index, reader] of readers.entries()) {
    const wanted = draft.filter((post) => takes(reader, series, post)).map(({ id }) => id);
    const fresh = wanted.filter((id) => !reader.had.includes(id));
    expect(got.get(READERS[index] ?? '') ?? []).toEqual(fresh);
    reader.had.push(...fresh);
  }
}

/** Which posts each reader's delivery of a digest holds, by name. */
async function readFrozen(store: Store, digest: number): Promise<ReadonlyMap<string, readonly string[]>> {
  const worker = { id: `w${digest}`, host: 'desk', boot: 'b', pid: 1, startedAt: '1' };
  await store.ledger.enlist(worker, at('09:00'));
  const order = { worker: worker.id, limit: 100, now: at('09:01'), leaseUntil: at('09:30') } as const;
  const claims = await store.ledger.claim({ ...order, inDoubt: 'retry' });
  const mine = claims.filter((claim) => claim.digest === digest);
  const contents = new Map<string, readonly string[]>();
  for (const claim of mine) {
    const content = await store.digests.content(digest, claim.content);
    contents.set(claim.address.replace('@example.org', ''), content?.posts ?? []);
  }
  return contents;
}

describe.each([DATABASES[0] ?? PGLITE, PGLITE])('once, on $name', (database) => {
  const { open } = openStoresOf(database);

  it('reaches everybody who takes it, and nobody twice', async () => {
    const runs = database === PGLITE ? 8 : 40;
    const checked = fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 30 }), async (steps) => {
        await play(await open(), steps);
      }),
      { numRuns: runs },
    );
    await expect(checked).resolves.toBeUndefined();
  }, 120_000);
});
