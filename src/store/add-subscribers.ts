/**
 * Adds a batch of subscribers, all or none. An address that is known is confirmed or kept, never doubled; nobody who left
 * or is suppressed is revived, not even one of whom only the suppression remains.
 */
import type { Insertable, Transaction } from 'kysely';
import { addressKey } from '../domain/address.ts';
import type { AddResult, NewSubscriber, Subscriber } from '../domain/subscriber.ts';
import { findErased } from './erased-keys.ts';
import { completeSubscribers, readErased } from './read-subscribers.ts';
import { splitBatches } from './split-batches.ts';
import { beginStories, tellStory, type ToldLine } from './story-records.ts';
import type { SubscribersTable, Tables } from './tables.ts';

export async function addSubscribers(
  tx: Transaction<Tables>,
  batch: readonly NewSubscriber[],
  now: number,
): Promise<readonly AddResult[]> {
  const results: AddResult[] = [];
  for (const part of splitBatches(batch)) results.push(...(await addPart(tx, part, now)));
  return results;
}

async function addPart(
  tx: Transaction<Tables>,
  part: readonly NewSubscriber[],
  now: number,
): Promise<readonly AddResult[]> {
  const all = [...new Set(part.map(({ address }) => addressKey(address)))];
  const erased = await findErased(tx, all);
  const keys = all.filter((key) => !erased.has(key));
  const added = await insertNew(tx, part, keys, now);
  // Who was erased and asked anew confirms that themselves.
  const vouched = part.filter(({ address }) => !erased.has(addressKey(address)));
  const confirmed = await confirmPending(tx, vouched, now);
  const known = new Map([...(await readByKey(tx, keys)), ...(await readErased(tx, erased))]);
  const results: AddResult[] = [];
  for (const { address, state } of part) {
    const key = addressKey(address);
    const subscriber = known.get(key);
    if (subscriber === undefined) throw new Error('a subscriber vanished while it was added');
    // Each fact is told once, to the first of the batch that brought it about.
    const kind = added.delete(key)
      ? 'added'
      : state === 'active' && confirmed.delete(key)
        ? 'confirmed'
        : 'kept';
    results.push({ kind, subscriber: erased.has(key) ? { ...subscriber, address } : subscriber });
  }
  return results;
}

/** Keys of those that are new and may be written to. */
async function insertNew(
  tx: Transaction<Tables>,
  part: readonly NewSubscriber[],
  keys: readonly string[],
  now: number,
): Promise<Set<string>> {
  const suppressions = await readSuppressions(tx, keys);
  // Of two spellings in one batch the first counts.
  const firsts = new Map(part.toReversed().map((wanted) => [addressKey(wanted.address), wanted]));
  // In the batch's order, so that ids follow the list that was imported.
  const rows = keys.flatMap((key) => {
    const wanted = firsts.get(key);
    return wanted === undefined ? [] : [toRow(wanted, key, suppressions.get(key), now)];
  });
  if (rows.length === 0) return new Set();
  const inserted = await tx
    .insertInto('subscribers')
    .values(rows)
    .onConflict((conflict) => conflict.column('address_key').doNothing())
    .returning(['id', 'address_key', 'state'])
    .execute();
  const cadences = inserted.flatMap(({ id, address_key }) =>
    [...new Set(firsts.get(address_key)?.series)].map((series) => ({ subscriber: id, series })),
  );
  for (const batch of splitBatches(cadences)) await tx.insertInto('cadences').values(batch).execute();
  await beginStories(
    tx,
    inserted.map(({ id, address_key }) => ({
      subscriber: id,
      lines: [
        { at: now, kind: 'added', source: firsts.get(address_key)?.source ?? '' },
        ...suppressedLines(suppressions.get(address_key)),
      ],
    })),
  );
  const welcome = inserted.filter(({ state }) => state !== 'suppressed');
  return new Set(welcome.map(({ address_key }) => address_key));
}

function toRow(
  { address, name, state, series, source }: NewSubscriber,
  key: string,
  suppression: Tables['suppressions'] | undefined,
  now: number,
): Insertable<SubscribersTable> {
  return {
    address,
    address_key: key,
    name,
    state: suppression === undefined ? state : 'suppressed',
    takes_all: series === null ? 1 : 0,
    source,
    created_at: now,
    confirmed_at: suppression === undefined && state === 'active' ? now : null,
    ended_at: suppression?.since ?? null,
    end_reason: suppression?.reason ?? null,
  };
}

/** For one who was kept out before they came. */
export function suppressedLines(suppression: Tables['suppressions'] | undefined): readonly ToldLine[] {
  return suppression === undefined
    ? []
    : [{ at: suppression.since, kind: 'suppressed', source: suppression.reason }];
}

export async function readSuppressions(
  tx: Transaction<Tables>,
  keys: readonly string[],
): Promise<ReadonlyMap<string, Tables['suppressions']>> {
  if (keys.length === 0) return new Map();
  const rows = await tx.selectFrom('suppressions').selectAll().where('address_key', 'in', keys).execute();
  return new Map(rows.map((row) => [row.address_key, row]));
}

/** Keys of those that were pending and are active now. */
async function confirmPending(
  tx: Transaction<Tables>,
  part: readonly NewSubscriber[],
  now: number,
): Promise<Set<string>> {
  const confirmed = new Set<string>();
  const vouched = part.filter(({ state }) => state === 'active');
  for (const [source, group] of Map.groupBy(vouched, (wanted) => wanted.source)) {
    const keys = group.map(({ address }) => addressKey(address));
    // Only from `pending`: who left or is suppressed comes back by their own word alone. The consent that counts is the one given now.
    const rows = await tx
      .updateTable('subscribers')
      .set({ state: 'active', confirmed_at: now, source })
      .where('address_key', 'in', keys)
      .where('state', '=', 'pending')
      .returning(['id', 'address_key'])
      .execute();
    for (const { id, address_key } of rows) {
      confirmed.add(address_key);
      await tellStory(tx, id, { at: now, kind: 'added', source });
    }
  }
  return confirmed;
}

async function readByKey(
  tx: Transaction<Tables>,
  keys: readonly string[],
): Promise<ReadonlyMap<string, Subscriber>> {
  if (keys.length === 0) return new Map();
  const rows = await tx.selectFrom('subscribers').selectAll().where('address_key', 'in', keys).execute();
  const subscribers = await completeSubscribers(tx, rows);
  return new Map(subscribers.map((subscriber) => [addressKey(subscriber.address), subscriber]));
}
