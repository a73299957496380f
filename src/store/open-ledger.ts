/** The ledger, put together: each verb has its file; here is which of them share a transaction. */
import type { Transaction } from 'kysely';
import type { MarkedClaim } from '../domain/delivery.ts';
import type { Copy } from '../domain/message.ts';
import { OperatorError } from '../domain/operator-error.ts';
import type { Ledger } from '../domain/store.ts';
import { claimInTurn } from './claim-in-turn.ts';
import type { Connection } from './connection.ts';
import { toInstantOrNull, toMilliseconds, toMillisecondsOrNull } from './convert-times.ts';
import { raiseEpoch, readEpoch } from './epoch-records.ts';
import { type GroupCommit, openGroupCommit } from './group-commit.ts';
import { countDeliveries, listDeliveries, listDeliveriesOf } from './list-deliveries.ts';
import { markDelivery } from './mark-delivery.ts';
import { countWaiting, findNextDue } from './open-digests.ts';
import { deletePause, readPauses, writePause } from './pause-records.ts';
import { endHold, readHolds, writeHold } from './rate-records.ts';
import { releaseDeliveries, unclaimDeliveries } from './release-deliveries.ts';
import { type Settlement, settleDelivery } from './settle-delivery.ts';
import type { Tables } from './tables.ts';
import { openWorkerRecords } from './worker-records.ts';

/** What a connection has to say about a delivery it holds. Plain data: see `group-commit.ts`. */
type Word =
  | {
      readonly kind: 'mark';
      readonly claim: MarkedClaim;
      readonly now: number;
      readonly copy: Copy | undefined;
    }
  | ({ readonly kind: 'settle' } & Settlement)
  /** Nothing new: only what could not be recorded before. */
  | { readonly kind: 'repeat' };

/** The ledger, and a way to wait for the words still on their way to the disk. */
export type OpenLedger = Ledger & { readonly drain: () => Promise<void> };

export function openLedger(connection: Connection, collecting: number): OpenLedger {
  const { db, dialect, write } = connection;
  const claims = claimInTurn(connection);
  const words = openWords(connection, collecting);
  return {
    ...openWorkerRecords(connection),
    release: async (worker, now) => {
      // What is known of a worker's own past is said before the rest is doubted.
      await words.repeat();
      return await write((tx) => releaseDeliveries(tx, dialect, worker, toMilliseconds(now)));
    },
    claim: async (order) => {
      await words.repeat();
      return await claims.claim(order);
    },
    share: async (order) => {
      await words.repeat();
      return await claims.share(order);
    },
    mark: (claim, now, copy) => words.add({ kind: 'mark', claim, now: toMilliseconds(now), copy }),
    settle: async (claim, outcome, now, nextAttemptAt) => {
      claims.forget(claim);
      await words.addPatiently({
        kind: 'settle',
        claim,
        outcome,
        now: toMilliseconds(now),
        nextAttemptAt: toMillisecondsOrNull(nextAttemptAt),
      });
    },
    unclaim: async (given, now) => {
      await write((tx) => unclaimDeliveries(tx, given, toMilliseconds(now)));
      for (const claim of given) claims.forget(claim);
    },
    epoch: () => readEpoch(db),
    raiseEpoch: () => write((tx) => raiseEpoch(tx, 0)),
    counts: (digest) => countDeliveries(db, dialect, digest),
    deliveries: (digest, states) => listDeliveries(db, digest, states),
    deliveriesOf: (subscriber) => listDeliveriesOf(db, subscriber),
    waiting: (inDoubt, now) => countWaiting(db, inDoubt, toMilliseconds(now)),
    nextDue: async (inDoubt) => toInstantOrNull(await findNextDue(db, inDoubt)),
    pauses: () => readPauses(db),
    setPause: (pause) => write((tx) => writePause(tx, pause)),
    endPause: (scope) => write((tx) => deletePause(tx, scope)),
    holds: () => readHolds(db),
    hold: (hold) => write((tx) => writeHold(tx, hold)),
    endHold: (hold, now) => write((tx) => endHold(tx, hold, now)),
    drain: words.drain,
  };
}

/**
 * An outcome that could not be recorded, because the server was away too long or the disk full, is kept and recorded with or before the next word:
 * what the mail server answered is known only here.
 */
function openWords(
  connection: Connection,
  collecting: number,
): GroupCommit<Word, boolean> & { repeat: () => Promise<void> } {
  let unrecorded: readonly Word[] = [];
  const words = openGroupCommit(async (group: readonly Word[]) => {
    const late = unrecorded;
    try {
      const results = await commitWords(connection, [...late, ...group]);
      unrecorded = [];
      return results.slice(late.length);
    } catch (error) {
      // Anything else is a bug, and would only fail again.
      const isPassing = error instanceof OperatorError;
      unrecorded = isPassing ? [...late, ...group.filter(({ kind }) => kind === 'settle')] : [];
      throw error;
    }
  }, collecting);
  return {
    ...words,
    repeat: async () => {
      if (unrecorded.length > 0) await words.add({ kind: 'repeat' });
    },
  };
}

/** In the order they were spoken: what a connection settled last is durable with or before its next mark. */
function commitWords(connection: Connection, group: readonly Word[]): Promise<readonly boolean[]> {
  return connection.write(async (tx) => {
    const results: boolean[] = [];
    for (const word of group) {
      results.push(await commitWord(tx, connection, word));
    }
    return results;
  });
}

async function commitWord(tx: Transaction<Tables>, { dialect }: Connection, word: Word): Promise<boolean> {
  if (word.kind === 'mark') return await markDelivery(tx, dialect, word.claim, word.now, word.copy);
  return word.kind === 'settle' && (await settleDelivery(tx, dialect, word));
}
