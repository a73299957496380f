/**
 * Freezes a digest: the one moment in which it, its posts, its slot and everybody's delivery come to be, all in the transaction
 * it is given. Whoever comes second learns why, and nothing was done.
 */
import { type Expression, type Kysely, sql, type Transaction } from 'kysely';
import type { FreezeRequest, FreezeResult } from '../domain/store.ts';
import { dropAudience, type HeldAudience, holdAudience } from './audience-groups.ts';
import { toMilliseconds } from './convert-times.ts';
import { findToldMeanwhile, tellCorrections } from './correction-records.ts';
import { splitBatches } from './split-batches.ts';
import type { Tables } from './tables.ts';
import { whereTakesSeries } from './where-takes-series.ts';

type Frozen = FreezeResult | { readonly kind: 'number-taken' };

export async function freezeDigest(
  tx: Transaction<Tables>,
  number: number,
  request: FreezeRequest,
): Promise<Frozen> {
  const obstacle = await findObstacle(tx, number, request);
  if (obstacle !== null) return obstacle;
  const audience = await holdAudience(tx, orderOf(request), request.contents, request.isFolded ?? false);
  if (audience === 'changed') return { kind: 'audience-changed' };
  await insertDigest(tx, number, request);
  await insertContents(tx, number, request);
  await carryPosts(tx, number, request);
  await tellCorrections(tx, number, request);
  await takeSlot(tx, number, request);
  return { kind: 'frozen', number, deliveries: await insertDeliveries(tx, number, request, audience) };
}

function orderOf({ slot, posts, now }: FreezeRequest) {
  return { series: slot.series, posts, now: toMilliseconds(now) };
}

export async function readNextNumber(db: Kysely<Tables>): Promise<number> {
  const row = await db
    .selectFrom('digests')
    .select((expression) => expression.fn.max<number | null>('number').as('newest'))
    .executeTakeFirst();
  return (row?.newest ?? 0) + 1;
}

/** The slot first: a program that died before it heard the answer asks again, and its posts are taken by itself. */
async function findObstacle(
  tx: Transaction<Tables>,
  number: number,
  request: FreezeRequest,
): Promise<Frozen | null> {
  const { slot, posts } = request;
  const sameSlot = await tx
    .selectFrom('digests')
    .select('number')
    .where('series', '=', slot.series)
    .where('slot', '=', slot.name)
    .executeTakeFirst();
  if (sameSlot !== undefined) return { kind: 'slot-taken', number: sameSlot.number };
  const ids = await findCarried(
    tx,
    slot.series,
    posts.map(({ id }) => id),
  );
  const taken = [...ids, ...(await findToldMeanwhile(tx, request))];
  if (taken.length > 0) return { kind: 'posts-taken', ids: taken };
  const sameNumber = await tx
    .selectFrom('digests')
    .select('number')
    .where('number', '=', number)
    .executeTakeFirst();
  return sameNumber === undefined ? null : { kind: 'number-taken' };
}

async function findCarried(
  tx: Transaction<Tables>,
  series: string,
  ids: readonly string[],
): Promise<readonly string[]> {
  const carried: string[] = [];
  for (const batch of splitBatches(ids)) {
    const rows = await tx
      .selectFrom('series_posts')
      .select('post')
      .where('series', '=', series)
      .where('post', 'in', batch)
      .execute();
    carried.push(...rows.map(({ post }) => post));
  }
  return carried;
}

async function insertDigest(
  tx: Transaction<Tables>,
  number: number,
  { slot, subject, now }: FreezeRequest,
): Promise<void> {
  await tx
    .insertInto('digests')
    .values({ number, series: slot.series, slot: slot.name, subject, frozen_at: toMilliseconds(now) })
    .execute();
}

async function insertContents(
  tx: Transaction<Tables>,
  digest: number,
  { contents }: FreezeRequest,
): Promise<void> {
  // One statement each: a content can be megabytes.
  for (const { key, posts, subject, html, text, folded, mime } of contents) {
    await tx
      .insertInto('digest_contents')
      .values({ digest, key, subject, html, text, folded: JSON.stringify(folded), mime })
      .execute();
    const rows = posts.map((post) => ({ post, digest, content: key }));
    for (const batch of splitBatches(rows)) await tx.insertInto('content_posts').values(batch).execute();
  }
}

async function carryPosts(
  tx: Transaction<Tables>,
  digest: number,
  { slot, posts }: FreezeRequest,
): Promise<void> {
  const rows = posts.map(({ id, title }, position) => ({
    series: slot.series,
    post: id,
    digest,
    position,
    title,
  }));
  for (const batch of splitBatches(rows)) await tx.insertInto('series_posts').values(batch).execute();
}

async function takeSlot(
  tx: Transaction<Tables>,
  digest: number,
  { slot, now }: FreezeRequest,
): Promise<void> {
  const taken = { state: 'taken' as const, digest, decided_at: toMilliseconds(now) };
  // A digest asked for by hand brings its slot along.
  await tx
    .insertInto('slots')
    .values({ name: slot.name, series: slot.series, due_at: toMilliseconds(slot.dueAt), ...taken })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(taken))
    .execute();
}

/** One statement, so that a million subscribers never pass through the program; in order of the key, so that it only appends. */
async function insertDeliveries(
  tx: Transaction<Tables>,
  digest: number,
  request: FreezeRequest,
  audience: Exclude<HeldAudience, 'changed'>,
): Promise<number> {
  const receivers = audience === 'held' ? SELECT_HELD : selectEverybody(tx, request);
  const { numAffectedRows } = await sql`
    insert into deliveries
      (digest, subscriber, state, content, fence, next_attempt_at, attempts, doubted, changed_at)
    select cast(${digest} as integer), subscriber, 'due', content, 0, 0, 0, 0,
      cast(${toMilliseconds(request.now)} as bigint)
    from ${receivers} as receivers order by subscriber
  `.execute(tx);
  if (audience === 'held') await dropAudience(tx);
  return Number(numAffectedRows ?? 0n);
}

function selectEverybody(
  tx: Transaction<Tables>,
  { slot, contents, now }: FreezeRequest,
): Expression<unknown> {
  const content = contents[0]?.key;
  if (content === undefined) throw new Error('a digest needs at least one content');
  return tx
    .selectFrom('subscribers')
    .select(['subscribers.id as subscriber', sql<string>`cast(${content} as text)`.as('content')])
    .where(whereTakesSeries(slot.series, toMilliseconds(now)));
}

/** Cross join: SQLite then goes through the audience in its order. Who gets nothing has no content there. */
const SELECT_HELD = sql`(
  select audience.subscriber, audience_contents.content from audience cross join audience_contents
  where audience.had = audience_contents.had and audience.chosen = audience_contents.chosen
)`;
