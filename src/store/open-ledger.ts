/** The ledger, put together: each verb has its file; here is which of them share a transaction. */
import type { Claim } from '../domain/delivery.ts';
import type { Copy } from '../domain/message.ts';
import type { Ledger } from '../domain/store.ts';
import { claimDeliveries } from './claim-deliveries.ts';
import type { Connection } from './connection.ts';
import { toInstantOrNull, toMilliseconds, toMillisecondsOrNull } from './convert-times.ts';
import { openGroupCommit } from './group-commit.ts';
import { countDeliveries, listDeliveries, listDeliveriesOf } from './list-deliveries.ts';
import { markDelivery } from './mark-delivery.ts';
import { findNextDue } from './open-digests.ts';
import { readPause, writePause } from './pause-records.ts';
import { releaseDeliveries, unclaimDeliveries } from './release-deliveries.ts';
import { type Settlement, settleDelivery } from './settle-delivery.ts';
import { openWorkerRecords } from './worker-records.ts';

/** What a connection has to say about a delivery it holds. Plain data: see `group-commit.ts`. */
type Word =
  | { readonly kind: 'mark'; readonly claim: Claim; readonly now: number; readonly copy: Copy | undefined }
  | ({ readonly kind: 'settle' } & Settlement);

/** The ledger, and a way to wait for the words still on their way to the disk. */
export type OpenLedger = Ledger & { readonly drain: () => Promise<void> };

export function openLedger(connection: Connection): OpenLedger {
  const { db, dialect, write } = connection;
  const words = openGroupCommit((group: readonly Word[]) => commitWords(connection, group));
  return {
    ...openWorkerRecords(connection),
    release: (worker, now) => write((tx) => releaseDeliveries(tx, worker, toMilliseconds(now))),
    claim: (order) => write((tx) => claimDeliveries(tx, dialect, order)),
    mark: (claim, now, copy) => words.add({ kind: 'mark', claim, now: toMilliseconds(now), copy }),
    settle: async (claim, outcome, now, nextAttemptAt) => {
      await words.add({
        kind: 'settle',
        claim,
        outcome,
        now: toMilliseconds(now),
        nextAttemptAt: toMillisecondsOrNull(nextAttemptAt),
      });
    },
    unclaim: (claims, now) => write((tx) => unclaimDeliveries(tx, claims, toMilliseconds(now))),
    counts: (digest) => countDeliveries(db, digest),
    deliveries: (digest, states) => listDeliveries(db, digest, states),
    deliveriesOf: (subscriber) => listDeliveriesOf(db, subscriber),
    nextDue: async (inDoubt) => toInstantOrNull(await findNextDue(db, inDoubt)),
    pause: () => readPause(db),
    setPause: (pause) => write((tx) => writePause(tx, pause)),
    drain: words.drain,
  };
}

/** In the order they were spoken: what a connection settled last is durable with or before its next mark. */
function commitWords({ write }: Connection, group: readonly Word[]): Promise<readonly boolean[]> {
  return write(async (tx) => {
    const results: boolean[] = [];
    for (const word of group) {
      results.push(
        word.kind === 'mark'
          ? await markDelivery(tx, word.claim, word.now, word.copy)
          : await settleDelivery(tx, word),
      );
    }
    return results;
  });
}
