/** Looks up what may be claimed now: the oldest digest's first, each digest by range in the queue's index. */
import type { Transaction } from 'kysely';
import type { Address } from '../domain/address.ts';
import type { InDoubtPolicy } from '../domain/delivery.ts';
import { claimableStates, findOpenDigests, type WaitingState } from './open-digests.ts';
import { prepareQuery } from './prepare-query.ts';
import type { SqlDialect } from './sql-dialect.ts';
import type { SubscribersTable, Tables } from './tables.ts';

export type WaitingDelivery = {
  readonly digest: number;
  readonly subscriber: number;
  readonly content: string;
  readonly fence: number;
  readonly attempts: number;
  readonly first_claimed_at: number | null;
  readonly address: Address;
  readonly name: string;
  readonly subscriber_state: SubscribersTable['state'];
};

export type Search = {
  readonly limit: number;
  readonly now: number;
  readonly inDoubt: InDoubtPolicy;
  readonly pausedDigests: readonly number[];
};

/** At most `limit`, with those whose subscriber left among them: they are for the caller to withdraw. */
export async function findWaiting(
  tx: Transaction<Tables>,
  dialect: SqlDialect,
  search: Search,
): Promise<readonly WaitingDelivery[]> {
  const found: WaitingDelivery[] = [];
  for (const state of claimableStates(search.inDoubt)) {
    found.push(...(await findInState(tx, dialect, state, search)));
  }
  return found.toSorted((a, b) => a.digest - b.digest).slice(0, search.limit);
}

async function findInState(
  tx: Transaction<Tables>,
  dialect: SqlDialect,
  state: WaitingState,
  { limit, now, pausedDigests }: Search,
): Promise<readonly WaitingDelivery[]> {
  const found: WaitingDelivery[] = [];
  for (const { digest, earliest } of await findOpenDigests(tx, state)) {
    if (earliest > now || pausedDigests.includes(digest)) continue;
    if (found.length >= limit) break;
    const room = limit - found.length;
    const { rows } = await SEARCHES[dialect.hasConcurrentWriters ? 'locking' : 'plain'](tx, {
      state,
      digest,
      now,
      room,
    });
    found.push(...rows);
  }
  return found;
}

type Place = {
  readonly state: WaitingState;
  readonly digest: number;
  readonly now: number;
  readonly room: number;
};

const prepareSearch = (isLocking: boolean) =>
  prepareQuery<Place, WaitingDelivery>((db, blank) =>
    db
      .selectFrom('deliveries')
      .innerJoin('subscribers', 'subscribers.id', 'deliveries.subscriber')
      .select([
        'deliveries.digest',
        'deliveries.subscriber',
        'deliveries.content',
        'deliveries.fence',
        'deliveries.attempts',
        'deliveries.first_claimed_at',
        'subscribers.address',
        'subscribers.name',
        'subscribers.state as subscriber_state',
      ])
      .where('deliveries.state', '=', blank('state'))
      .where('deliveries.digest', '=', blank('digest'))
      .where('deliveries.next_attempt_at', '<=', blank('now'))
      .orderBy('deliveries.next_attempt_at')
      .orderBy('deliveries.subscriber')
      .limit(blank('room'))
      // Locked rows are another claimer's: skipped, never waited for, so that workers do not queue behind each other.
      .$if(isLocking, (query) => query.forUpdate('deliveries').skipLocked()),
  );

const SEARCHES = { locking: prepareSearch(true), plain: prepareSearch(false) };
