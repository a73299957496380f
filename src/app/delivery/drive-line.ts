/**
 * One line to a mail server: connects when there is something to hand over, and again when the server hung up. Keeps the order of events that the
 * promise rests on: claim, bytes, mark, dot, settle.
 */
import type { Claim, Outcome } from '../../domain/delivery.ts';
import type { Connection } from '../../domain/transport.ts';
import { type Backing, considerOutcome, isAboutUs } from './back-off.ts';
import type { Turn } from './claim-queue.ts';
import type { Deliverer } from './deliverer.ts';
import type { RunJournal } from './keep-journal.ts';
import { type Lane, park, stopLane } from './lane.ts';
import type { MadeMessage } from './make-message.ts';
import { pauseAccount } from './pause-delivery.ts';
import { nextAttemptAt } from './retry-schedule.ts';
import type { LineQueue } from './share-queue.ts';

/** What the lines of one run share. */
export type Run = Backing & {
  readonly renga: Deliverer;
  readonly signal: AbortSignal;
  readonly journal: RunJournal;
  readonly settled: Record<Outcome['kind'], number>;
  readonly done: (lane: Lane, claim: Claim) => void;
  /** Lines stop after what they have in flight; another queue takes over. */
  isRegrouping: boolean;
  /** The store could not keep a mark or an outcome: nothing more may be handed over. */
  failure: { readonly error: unknown } | null;
};

/** Something of an earlier copy may have arrived, and this one would be another. */
const DIFFERS = {
  kind: 'in-doubt',
  reply: 'Not sent again: the copy would differ from the one that may have arrived',
} as const satisfies Outcome;

/** No dot left, and it is nobody's fault but ours: due again at once, when the store is in order. */
const UNMARKED = {
  kind: 'deferred',
  reply: 'The hand-over could not be recorded, so it was not made',
} as const satisfies Outcome;

type Attempt =
  | { readonly kind: 'answered'; readonly outcome: Outcome }
  /** Nothing may arrive from it, and the server was not asked for its word: it says nothing about the account. */
  | { readonly kind: 'not-made'; readonly outcome: Outcome }
  /** The mark was refused: the subscriber left, or another worker has the delivery. The ledger knows all there is to know. */
  | { readonly kind: 'withdrawn' };

/** `number`: counted from 0; those beyond what the lane may have wait. */
export async function driveLine(run: Run, lane: Lane, queue: LineQueue, number: number): Promise<void> {
  try {
    for (;;) {
      // What it was to carry is for a line that may have a connection.
      if (number >= lane.allowed) await queue.drop();
      if (!(await park(lane, number))) return;
      if (isStopped(run, lane) || !(await queue.hasNext())) return;
      if (!(await driveConnection(run, lane, queue, number))) return;
    }
  } finally {
    await queue.drop();
  }
}

export function isStopped(run: Run, lane: Lane): boolean {
  return lane.isStopped || run.isRegrouping || run.signal.aborted || run.failure !== null;
}

/** A full disk or a broken database: every line stops after what it has in flight, and the run ends with that error. */
export function stopOnFailure(run: Run): (error: unknown) => void {
  return (error) => {
    run.failure ??= { error };
  };
}

/** False when the server did not let us in. */
async function driveConnection(run: Run, lane: Lane, queue: LineQueue, number: number): Promise<boolean> {
  const result = await lane.transport.connect();
  if (result.kind !== 'connected') {
    stopLane(lane);
    const { name } = lane.account;
    if (result.kind === 'unreachable') await pauseAccount(run.renga, name, 'smtp-unreachable', result.reply);
    else await pauseAccount(run.renga, name, 'smtp-refused', result.reply, result.hint);
    return false;
  }
  try {
    await handOverAll(run, lane, { connection: result.connection, queue, number });
    return true;
  } finally {
    await result.connection.close();
  }
}

async function handOverAll(
  run: Run,
  lane: Lane,
  line: { readonly connection: Connection; readonly queue: LineQueue; readonly number: number },
): Promise<void> {
  let settling: Promise<void> = Promise.resolve();
  try {
    while (line.connection.usable && line.number < lane.allowed && !isStopped(run, lane)) {
      const turn = await line.queue.next();
      if (!turn) return;
      const attempt = await handOver(run, line.connection, turn);
      run.done(lane, turn.claim);
      if (attempt.kind === 'withdrawn') {
        run.renga.report({ kind: 'withdrawn', digest: turn.claim.digest });
        continue;
      }
      // Not awaited: the store makes it durable with or before this connection's next mark.
      settling = settle(run, turn.claim, attempt.outcome);
      settling.catch(stopOnFailure(run));
      if (attempt.kind === 'answered') await considerOutcome(run, lane, turn.claim, attempt.outcome);
    }
  } finally {
    await settling.catch(stopOnFailure(run));
  }
}

async function handOver(run: Run, connection: Connection, { claim, made }: Turn): Promise<Attempt> {
  const result = await takeOrGiveBack(run, claim, made);
  if (result.kind === 'differs') return { kind: 'not-made', outcome: DIFFERS };
  let mark: 'not-asked' | 'kept' | 'refused' | 'failed' = 'not-asked';
  const outcome = await connection.handOver(result.message, async () => {
    try {
      mark = (await run.renga.store.ledger.mark(claim, run.renga.clock(), result.copy)) ? 'kept' : 'refused';
    } catch (error) {
      mark = 'failed';
      stopOnFailure(run)(error);
    }
    return mark === 'kept';
  });
  return judgeAttempt(mark, outcome);
}

function judgeAttempt(mark: 'not-asked' | 'kept' | 'refused' | 'failed', outcome: Outcome): Attempt {
  if (mark === 'refused') return { kind: 'withdrawn' };
  return mark === 'failed' ? { kind: 'not-made', outcome: UNMARKED } : { kind: 'answered', outcome };
}

/** A message that cannot be made or noted, a bug or a broken disk: the claim must not wait for its lease to run out. */
async function takeOrGiveBack(run: Run, claim: Claim, made: Promise<MadeMessage>): Promise<MadeMessage> {
  try {
    await run.journal.cover(claim.digest);
    return await made;
  } catch (error) {
    await run.renga.store.ledger.unclaim([claim], run.renga.clock()).catch(() => undefined);
    throw error;
  }
}

async function settle(run: Run, claim: Claim, outcome: Outcome): Promise<void> {
  const { store, clock, report } = run.renga;
  const now = clock();
  // A refusal that says nothing against this address is no reason to strike it: the delivery is kept for when we are in order again.
  const kept = isAboutUs(outcome) ? ({ kind: 'deferred', reply: outcome.reply } as const) : outcome;
  await store.ledger.settle(claim, kept, now, decideNext(run, claim, kept, now));
  run.settled[kept.kind] += 1;
  report({ kind: 'settled', digest: claim.digest, outcome: kept.kind });
}

function decideNext(
  run: Run,
  claim: Claim,
  outcome: Outcome,
  now: Temporal.Instant,
): Temporal.Instant | null {
  if (outcome === UNMARKED) return now;
  // One that came out different would come out so again: a person must look.
  if (outcome.kind === 'accepted' || outcome.kind === 'rejected' || outcome === DIFFERS) return null;
  const { retryFor } = run.renga.settings.delivery;
  return nextAttemptAt(now, claim.earlierAttempts + 1, claim.firstClaimedAt, retryFor, claim.subscriber);
}
