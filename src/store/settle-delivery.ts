/** Settling: the outcome of an attempt, recorded once with the server's words, and what follows from it. */
import type { Transaction } from 'kysely';
import type { DeliveryState, Outcome, SettledClaim } from '../domain/delivery.ts';
import { isCancelled } from './cancel-digest.ts';
import { dropCopy } from './copy-records.ts';
import { suppressAddress } from './end-subscription.ts';
import { prepareQuery } from './prepare-query.ts';
import type { SqlDialect } from './sql-dialect.ts';
import type { Tables } from './tables.ts';
import { withdrawnState } from './withdraw-deliveries.ts';

export type Settlement = {
  readonly claim: SettledClaim;
  readonly outcome: Outcome;
  readonly now: number;
  readonly nextAttemptAt: number | null;
};

/** Only a held delivery of this very claim: a worker that slept cannot settle what another took over, nor anything twice. */
const HELD = ['claimed', 'handing-over'] as const;

/** Whether it was recorded: false for a holder that was overtaken, and for the second time. */
export async function settleDelivery(
  tx: Transaction<Tables>,
  dialect: SqlDialect,
  settlement: Settlement,
): Promise<boolean> {
  const { claim, outcome, now } = settlement;
  const settled =
    outcome.kind === 'accepted'
      ? (await accept(tx, { ...claim, now })).rows[0]
      : await changeState(tx, dialect, settlement);
  if (settled === undefined) return false;
  await insertAttempt(tx, settlement, settled.attempts);
  if (isOver(settlement)) await dropCopy(tx, claim);
  if (isDeadAddress(outcome)) await suppressAddress(tx, claim.address, outcome.reply, now);
  return true;
}

/** What most settlements are. */
const accept = prepareQuery<
  { readonly digest: number; readonly subscriber: number; readonly fence: number; readonly now: number },
  { readonly attempts: number }
>((db, blank) =>
  db
    .updateTable('deliveries')
    .set((expression) => ({
      state: 'accepted',
      next_attempt_at: null,
      worker: null,
      attempts: expression('attempts', '+', 1),
      changed_at: blank('now'),
    }))
    .where('digest', '=', blank('digest'))
    .where('subscriber', '=', blank('subscriber'))
    .where('fence', '=', blank('fence'))
    .where('state', 'in', HELD)
    .returning('attempts'),
);

async function changeState(
  tx: Transaction<Tables>,
  dialect: SqlDialect,
  settlement: Settlement,
): Promise<{ readonly attempts: number } | undefined> {
  const { claim, outcome, now, nextAttemptAt } = settlement;
  const isCut = nextAttemptAt !== null && (await isCancelled(tx, dialect, claim.digest));
  return await tx
    .updateTable('deliveries')
    .set((expression) => ({
      ...(isCut ? cutShort(outcome) : becomes(settlement)),
      worker: null,
      attempts: expression('attempts', '+', 1),
      changed_at: now,
    }))
    .where('digest', '=', claim.digest)
    .where('subscriber', '=', claim.subscriber)
    .where('fence', '=', claim.fence)
    .where('state', 'in', HELD)
    .returning('attempts')
    .executeTakeFirst();
}

async function insertAttempt(
  tx: Transaction<Tables>,
  { claim, outcome, now }: Settlement,
  number: number,
): Promise<void> {
  await addAttempt(tx, {
    digest: claim.digest,
    subscriber: claim.subscriber,
    number,
    fence: claim.fence,
    at: now,
    outcome: outcome.kind,
    reply: outcome.reply,
    enhanced_code: outcome.kind === 'rejected' ? outcome.enhancedCode : null,
  });
}

const addAttempt = prepareQuery<Tables['attempts'], unknown>((db, blank) =>
  db.insertInto('attempts').values({
    digest: blank('digest'),
    subscriber: blank('subscriber'),
    number: blank('number'),
    fence: blank('fence'),
    at: blank('at'),
    outcome: blank('outcome'),
    reply: blank('reply'),
    enhanced_code: blank('enhanced_code'),
  }),
);

type Becomes = {
  readonly state: DeliveryState | typeof withdrawnState;
  readonly next_attempt_at: number | null;
  readonly doubted?: 1;
};

function becomes({ outcome, nextAttemptAt }: Settlement): Becomes {
  if (outcome.kind === 'deferred') {
    return { state: nextAttemptAt === null ? 'given-up' : 'deferred', next_attempt_at: nextAttemptAt };
  }
  if (outcome.kind === 'in-doubt') {
    // Doubt is never turned into failure: when the retry time ran out it stays doubt, and is not tried again.
    return { state: 'in-doubt', next_attempt_at: nextAttemptAt, doubted: 1 };
  }
  return { state: outcome.kind, next_attempt_at: null };
}

/** Of a cancelled digest nothing is tried again. */
function cutShort(outcome: Outcome): Becomes {
  return outcome.kind === 'in-doubt'
    ? { state: 'in-doubt', next_attempt_at: null, doubted: 1 }
    : { state: withdrawnState, next_attempt_at: null };
}

/** Doubt keeps its copy: a person may have it sent again. */
function isOver({ outcome, nextAttemptAt }: Settlement): boolean {
  return outcome.kind === 'deferred' ? nextAttemptAt === null : outcome.kind !== 'in-doubt';
}

/** RFC 3463 §3.2: 5.1.x says that there is no such mailbox; writing again only harms our standing. */
function isDeadAddress(outcome: Outcome): boolean {
  return (
    outcome.kind === 'rejected' &&
    outcome.scope === 'subscriber' &&
    outcome.enhancedCode?.startsWith('5.1.') === true
  );
}
