/**
 * Takes a batch over from another list, all or none. Whoever is new is put down as they stood there, with their story; whoever is known is only ever
 * confirmed or ended by it, never revived; whoever is kept out here stays so.
 */
import type { Insertable, Transaction } from 'kysely';
import { addressKey } from '../domain/address.ts';
import type { Arrival, ArrivalKind } from '../domain/subscriber.ts';
import { suppressedLines } from './add-subscribers.ts';
import { writeSeries, writeTags } from './choose.ts';
import { toMilliseconds, toMillisecondsOrNull } from './convert-times.ts';
import { suppressAddress, unsubscribe } from './end-subscription.ts';
import { judgeArrival, type Known, readStanding } from './judge-arrivals.ts';
import { splitBatches } from './split-batches.ts';
import { beginStories, tellStory, toldLine } from './story-records.ts';
import type { SubscribersTable, Tables } from './tables.ts';

type Suppressions = ReadonlyMap<string, Tables['suppressions']>;

export async function takeOver(
  tx: Transaction<Tables>,
  batch: readonly Arrival[],
  now: number,
): Promise<readonly ArrivalKind[]> {
  const kinds = new Map<Arrival, ArrivalKind>();
  for (const part of splitBatches(batch)) {
    // An address that is there twice is taken twice, the second time as one that is known.
    for (const wave of splitWaves(part)) await takeWave(tx, wave, now, kinds);
  }
  return batch.map((arrival) => kinds.get(arrival) ?? 'kept');
}

function splitWaves(part: readonly Arrival[]): readonly ReadonlyMap<string, Arrival>[] {
  const waves: Map<string, Arrival>[] = [];
  for (const arrival of part) {
    const key = addressKey(arrival.address);
    const wave = waves.find((candidate) => !candidate.has(key));
    if (wave === undefined) waves.push(new Map([[key, arrival]]));
    else wave.set(key, arrival);
  }
  return waves;
}

async function takeWave(
  tx: Transaction<Tables>,
  wave: ReadonlyMap<string, Arrival>,
  now: number,
  kinds: Map<Arrival, ArrivalKind>,
): Promise<void> {
  const keys = [...wave.keys()];
  const standing = await readStanding(tx, keys);
  const { known, suppressions } = standing;
  const judged = [...wave].map(
    ([key, arrival]) => [key, arrival, judgeArrival(standing, key, arrival, now)] as const,
  );
  // Who is kept out here gets a row too, unless they were erased: then there is nobody to tell of.
  const newcomers = judged.filter(
    ([key, , kind]) => kind !== 'kept' && !known.has(key) && !standing.erased.has(key),
  );
  await insertArrivals(
    tx,
    newcomers.map(([key, arrival]) => [key, arrival] as const),
    suppressions,
    now,
  );
  for (const [key, arrival, kind] of judged) {
    kinds.set(arrival, kind);
    const row = known.get(key);
    if (row === undefined) continue;
    if (kind === 'ended') await end(tx, row, arrival, now);
    if (kind === 'confirmed') await confirm(tx, row.id, arrival, now);
  }
}

async function end(tx: Transaction<Tables>, { id }: Known, arrival: Arrival, now: number): Promise<void> {
  const reason = arrival.endReason ?? arrival.source;
  if (arrival.state === 'suppressed') await suppressAddress(tx, arrival.address, reason, now);
  else await unsubscribe(tx, id, reason, now);
}

async function confirm(tx: Transaction<Tables>, id: number, arrival: Arrival, now: number): Promise<void> {
  const { confirmedAt, source, words, name, series, tags, pausedUntil } = arrival;
  // What was chosen in a form may have been typed by anybody; what they chose there they had agreed to.
  await writeSeries(tx, id, series);
  await writeTags(tx, id, tags);
  await tx
    .updateTable('subscribers')
    .set({
      state: 'active',
      ...(name !== '' && { name }),
      takes_all: series === null ? 1 : 0,
      takes_all_tags: tags === null ? 1 : 0,
      paused_until: toMillisecondsOrNull(pausedUntil),
      confirmed_at: confirmedAt === null ? now : toMilliseconds(confirmedAt),
      source,
    })
    .where('id', '=', id)
    .where('state', '=', 'pending')
    .execute();
  await tellStory(tx, id, { at: now, kind: 'imported', source, words });
}

async function insertArrivals(
  tx: Transaction<Tables>,
  newcomers: readonly (readonly [key: string, arrival: Arrival])[],
  suppressions: Suppressions,
  now: number,
): Promise<void> {
  if (newcomers.length === 0) return;
  const byKey = new Map(newcomers);
  await suppressArrivals(tx, newcomers, now);
  const inserted = await tx
    .insertInto('subscribers')
    .values(newcomers.map(([key, arrival]) => toRow(key, arrival, suppressions.get(key), now)))
    .onConflict((conflict) => conflict.column('address_key').doNothing())
    .returning(['id', 'address_key'])
    .execute();
  const pairs = inserted.flatMap(({ id, address_key }) => {
    const arrival = byKey.get(address_key);
    return arrival === undefined ? [] : [{ id, key: address_key, arrival }];
  });
  await insertChoices(tx, pairs);
  await beginStories(
    tx,
    pairs.map(({ id, key, arrival }) => ({
      subscriber: id,
      lines: [
        ...arrival.story.map(toldLine),
        { at: now, kind: 'imported', source: arrival.source, words: arrival.words },
        ...suppressedLines(suppressions.get(key)),
      ],
    })),
  );
}

async function suppressArrivals(
  tx: Transaction<Tables>,
  newcomers: readonly (readonly [key: string, arrival: Arrival])[],
  now: number,
): Promise<void> {
  const rows = newcomers
    .filter(([, { state }]) => state === 'suppressed')
    .map(([address_key, { endReason, source, endedAt }]) => ({
      address_key,
      reason: endReason ?? source,
      since: endedAt === null ? now : toMilliseconds(endedAt),
    }));
  if (rows.length === 0) return;
  await tx
    .insertInto('suppressions')
    .values(rows)
    .onConflict((conflict) => conflict.column('address_key').doNothing())
    .execute();
}

async function insertChoices(
  tx: Transaction<Tables>,
  pairs: readonly { readonly id: number; readonly arrival: Arrival }[],
): Promise<void> {
  const cadences = pairs.flatMap(({ id, arrival }) =>
    [...new Set(arrival.series)].map((series) => ({ subscriber: id, series })),
  );
  const tags = pairs.flatMap(({ id, arrival }) =>
    [...new Set(arrival.tags)].map((tag) => ({ subscriber: id, tag })),
  );
  for (const rows of splitBatches(cadences)) await tx.insertInto('cadences').values(rows).execute();
  for (const rows of splitBatches(tags)) await tx.insertInto('subscriber_tags').values(rows).execute();
}

function toRow(
  address_key: string,
  arrival: Arrival,
  suppression: Tables['suppressions'] | undefined,
  now: number,
): Insertable<SubscribersTable> {
  const { state, series, tags, source } = arrival;
  return {
    address: arrival.address,
    address_key,
    name: arrival.name,
    takes_all: series === null ? 1 : 0,
    takes_all_tags: tags === null ? 1 : 0,
    paused_until: millisecondsOf(arrival.pausedUntil),
    source,
    created_at: millisecondsOf(arrival.createdAt) ?? now,
    confirmed_at: millisecondsOf(arrival.confirmedAt) ?? (state === 'active' ? now : null),
    ...(suppression === undefined
      ? { state, ...endOf(arrival, now) }
      : { state: 'suppressed', ended_at: suppression.since, end_reason: suppression.reason }),
  };
}

function endOf({ state, source, endedAt, endReason }: Arrival, now: number) {
  return state === 'unsubscribed' || state === 'suppressed'
    ? { ended_at: millisecondsOf(endedAt) ?? now, end_reason: endReason ?? source }
    : { ended_at: null, end_reason: null };
}

function millisecondsOf(instant: Temporal.Instant | null): number | null {
  return instant === null ? null : toMilliseconds(instant);
}
