/** Which digests have deliveries waiting, found without reading the deliveries: one step in the queue's index per digest. */
import { type Kysely, sql } from 'kysely';
import type { DeliveryState, InDoubtPolicy } from '../domain/delivery.ts';
import type { Pause } from '../domain/pause.ts';
import { toMilliseconds } from './convert-times.ts';
import { readPauses } from './pause-records.ts';
import { prepareQuery } from './prepare-query.ts';
import type { Tables } from './tables.ts';

export type WaitingState = Extract<DeliveryState, 'due' | 'deferred' | 'in-doubt'>;

/** In which states a delivery may be claimed. Doubt waits for a person unless the user chose at-least-once. */
export function claimableStates(inDoubt: InDoubtPolicy): readonly WaitingState[] {
  return inDoubt === 'retry' ? ['due', 'deferred', 'in-doubt'] : ['due', 'deferred'];
}

/** Oldest first, each with the earliest time at which one of its deliveries may be claimed. */
export async function findOpenDigests(
  db: Kysely<Tables>,
  state: WaitingState,
): Promise<readonly OpenDigest[]> {
  return (await openDigests(db, { state })).rows;
}

type OpenDigest = { readonly digest: number; readonly earliest: number };

// A loose index scan: from each digest straight to the next greater one. SELECT DISTINCT would read a million rows to find one digest.
const openDigests = prepareQuery<{ readonly state: WaitingState }, OpenDigest>((db, blank) => {
  const query = sql<OpenDigest>`
    with recursive open(digest) as (
      select min(digest) from deliveries
      where state = ${blank('state')} and next_attempt_at is not null
      union all
      select (
        select min(digest) from deliveries
        where state = ${blank('state')} and next_attempt_at is not null and digest > open.digest
      )
      from open where open.digest is not null
    )
    select digest, (
      select min(next_attempt_at) from deliveries
      where state = ${blank('state')} and next_attempt_at is not null and digest = open.digest
    ) as earliest
    from open where digest is not null order by digest
  `;
  return { compile: () => query.compile(db) };
});

/** Not before its digest's pause is over. One that is over already puts nothing off, for it lies in the past. */
function putOff(digest: number, earliest: number, pauses: readonly Pause[]): readonly number[] {
  const pause = pauses.find(({ scope }) => scope.kind === 'digest' && scope.digest === digest);
  if (pause === undefined) return [earliest];
  return pause.until === null ? [] : [Math.max(earliest, toMilliseconds(pause.until))];
}

/** When the next delivery may be claimed, or null when none waits. */
export async function findNextDue(db: Kysely<Tables>, inDoubt: InDoubtPolicy): Promise<number | null> {
  const times: number[] = [];
  const pauses = await readPauses(db);
  for (const state of claimableStates(inDoubt)) {
    const digests = await findOpenDigests(db, state);
    times.push(...digests.flatMap(({ digest, earliest }) => putOff(digest, earliest, pauses)));
  }
  return times.length === 0 ? null : Math.min(...times);
}

/** How many may be claimed now, pauses aside. Counted in the queue's index alone. */
export async function countWaiting(db: Kysely<Tables>, inDoubt: InDoubtPolicy, now: number): Promise<number> {
  const { waiting } = await db
    .selectFrom('deliveries')
    .select((expression) => expression.fn.countAll<number>().as('waiting'))
    .where('state', 'in', claimableStates(inDoubt))
    .where('next_attempt_at', 'is not', null)
    .where('next_attempt_at', '<=', now)
    .executeTakeFirstOrThrow();
  return waiting;
}
