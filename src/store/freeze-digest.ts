/**
 * Freezes a digest: the one moment in which it, its posts, its slot and everybody's delivery come to be, all in the transaction
 * it is given. Whoever comes second learns why, and nothing was done.
 */
import { type Kysely, sql, type Transaction } from 'kysely';
import type { FreezeRequest, FreezeResult } from '../domain/store.ts';
import { whereTakesSeries } from './audience.ts';
import { toMilliseconds } from './convert-times.ts';
import { splitBatches } from './split-batches.ts';
import type { Tables } from './tables.ts';

type Frozen = FreezeResult | { readonly kind: 'number-taken' };

export async function freezeDigest(
  tx: Transaction<Tables>,
  number: number,
  request: FreezeRequest,
): Promise<Frozen> {
  const obstacle = await findObstacle(tx, number, request);
  if (obstacle !== null) return obstacle;
  await insertDigest(tx, number, request);
  await insertContents(tx, number, request);
  await carryPosts(tx, number, request);
  await takeSlot(tx, number, request);
  return { kind: 'frozen', number, deliveries: await insertDeliveries(tx, number, request) };
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
  { slot, posts }: FreezeRequest,
): Promise<Frozen | null> {
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
  if (ids.length > 0) return { kind: 'posts-taken', ids };
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
  for (const { key, subject, html, text, folded, mime } of contents) {
    await tx
      .insertInto('digest_contents')
      .values({ digest, key, subject, html, text, folded: JSON.stringify(folded), mime })
      .execute();
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
  { slot, contents, now }: FreezeRequest,
): Promise<number> {
  const content = contents[0]?.key;
  if (content === undefined) throw new Error('a digest needs at least one content');
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('deliveries')
    .columns([
      'digest',
      'subscriber',
      'state',
      'content',
      'fence',
      'next_attempt_at',
      'attempts',
      'doubted',
      'changed_at',
    ])
    .expression(
      tx
        .selectFrom('subscribers')
        .select([
          sql<number>`cast(${digest} as integer)`.as('digest'),
          'subscribers.id as subscriber',
          sql.lit('due').as('state'),
          sql<string>`cast(${content} as text)`.as('content'),
          sql.lit(0).as('fence'),
          sql.lit(0).as('next_attempt_at'),
          sql.lit(0).as('attempts'),
          sql.lit(0).as('doubted'),
          sql<number>`cast(${toMilliseconds(now)} as bigint)`.as('changed_at'),
        ])
        .where(whereTakesSeries(slot.series, toMilliseconds(now)))
        .orderBy('subscribers.id'),
    )
    .executeTakeFirst();
  return Number(numInsertedOrUpdatedRows ?? 0n);
}
