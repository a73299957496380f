/**
 * Delivers what the ledger says is due, and keeps the promise of `domain/delivery.ts` on the way:
 *
 *   claim (durable) → all bytes but the last → mark `handing-over` (durable) → the final dot → settle (durable).
 *
 * A failure before the mark leaves a delivery that is due again, whatever failed. After the mark, only the server's words decide:
 * 2xx accepted, 4xx due again later, 5xx rejected, no words at all in doubt. A refusal that is about us, or a server that
 * cannot be reached, pauses everybody who delivers from this store rather than burning the list one address at a time.
 */
import type { Claim, Outcome } from '../domain/delivery.ts';
import type { Connection, Transport } from '../domain/transport.ts';
import { openClaimQueue, type Turn } from './claim-queue.ts';
import { findRefusal, openRunJournal, type RunJournal } from './keep-journal.ts';
import { type MadeMessage, openMessageMaker } from './make-message.ts';
import { pauseForConnection, pauseForRefusal, runningPause } from './pause-delivery.ts';
import { releaseTheDead } from './release-the-dead.ts';
import type { Renga } from './renga.ts';
import { nextAttemptAt } from './retry-schedule.ts';

export type Deliverer = Pick<
  Renga,
  | 'settings'
  | 'store'
  | 'journal'
  | 'worker'
  | 'isAlive'
  | 'clock'
  | 'report'
  | 'openTransport'
  | 'openSealer'
>;

export type DeliverReport = {
  /** How many attempts gave what. */
  readonly settled: Readonly<Record<Outcome['kind'], number>>;
  /** When the next delivery is due, or null when none is open. In the past only when delivering is paused or was stopped. */
  readonly nextDue: Temporal.Instant | null;
  readonly pausedBecause: string | null;
};

/** What the connections of one run share. */
type Run = {
  readonly renga: Deliverer;
  readonly signal: AbortSignal;
  readonly queue: ReturnType<typeof openClaimQueue>;
  readonly journal: RunJournal;
  readonly settled: Record<Outcome['kind'], number>;
  /** Refusals since the last acceptance: many in a row are about us. */
  refusalsInARow: number;
  isPaused: boolean;
  /** The store could not keep a mark or an outcome: nothing more may be handed over. */
  failure: { readonly error: unknown } | null;
};

/** Something of an earlier copy may have arrived, and this one would be another. */
const DIFFERS = {
  kind: 'in-doubt',
  reply: 'Not sent again: the copy would differ from the one that may have arrived',
} as const satisfies Outcome;

/** Refusals in a row, none of them saying that the address is wrong, that stop a run. */
const REFUSALS_ABOUT_US = 10;

/**
 * Delivers until nothing is due, delivering is paused, or `signal` is aborted (what is in flight is finished first). Throws OperatorError, and
 * changes nothing, when the journal knows that this database is behind.
 */
export async function deliver(renga: Deliverer, signal: AbortSignal): Promise<DeliverReport> {
  const refusal = await findRefusal(renga);
  if (refusal) throw refusal;
  await releaseTheDead(renga);
  const settled = { accepted: 0, deferred: 0, rejected: 0, 'in-doubt': 0 };
  if ((await runningPause(renga)) === null && (await isAnythingDue(renga))) {
    const journal = await openRunJournal(renga);
    await renga.store.ledger.enlist(renga.worker, renga.clock());
    const waiting = await renga.store.ledger.waiting(renga.settings.delivery.inDoubt, renga.clock());
    renga.report({ kind: 'delivery-started', waiting });
    const [transport, sealer] = await Promise.all([renga.openTransport(), renga.openSealer()]);
    try {
      const makeMessage = openMessageMaker(renga.store, sealer);
      await deliverAll(renga, { transport, makeMessage, journal, signal, settled });
    } finally {
      await Promise.all([transport.close(), sealer.close(), journal.close()]);
    }
  }
  const pause = await runningPause(renga);
  const nextDue = await renga.store.ledger.nextDue(renga.settings.delivery.inDoubt);
  return { settled, nextDue, pausedBecause: pause?.reason ?? null };
}

async function isAnythingDue(renga: Deliverer): Promise<boolean> {
  const next = await renga.store.ledger.nextDue(renga.settings.delivery.inDoubt);
  return next !== null && Temporal.Instant.compare(next, renga.clock()) <= 0;
}

async function deliverAll(
  renga: Deliverer,
  parts: Pick<Run, 'signal' | 'settled' | 'journal'> & {
    readonly transport: Transport;
    readonly makeMessage: ReturnType<typeof openMessageMaker>;
  },
): Promise<void> {
  const { transport, makeMessage, journal, signal, settled } = parts;
  const queue = openClaimQueue(renga, transport.connections, makeMessage);
  const run: Run = {
    renga,
    signal,
    queue,
    journal,
    settled,
    refusalsInARow: 0,
    isPaused: false,
    failure: null,
  };
  const stopRenewing = queue.keepLeases();
  try {
    const lines = Array.from(
      { length: transport.connections },
      async () => await deliverOnLine(run, transport),
    );
    const results = await Promise.allSettled(lines);
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) stopOnFailure(run)(failed.reason);
  } finally {
    stopRenewing();
    // What a broken store does not take back now is taken back when the next run begins.
    await queue.giveBack().catch(stopOnFailure(run));
  }
  if (run.failure) throw run.failure.error;
}

/** One line to the server: connects when there is something to hand over, and again when the server hung up. */
async function deliverOnLine(run: Run, transport: Transport): Promise<void> {
  while (!isStopped(run) && (await run.queue.hasNext())) {
    const result = await transport.connect();
    if (result.kind !== 'connected') {
      run.isPaused = true;
      await pauseForConnection(run.renga, result);
      return;
    }
    try {
      await deliverOnConnection(run, result.connection);
    } finally {
      await result.connection.close();
    }
  }
}

function isStopped(run: Run): boolean {
  return run.isPaused || run.signal.aborted || run.failure !== null;
}

async function deliverOnConnection(run: Run, connection: Connection): Promise<void> {
  let settling: Promise<void> = Promise.resolve();
  try {
    while (connection.usable && !isStopped(run)) {
      const turn = await run.queue.next();
      if (!turn) return;
      const outcome = await handOver(run, connection, turn);
      // Not awaited: the store makes it durable with or before this connection's next mark.
      settling = settle(run, turn.claim, outcome);
      settling.catch(stopOnFailure(run));
      await considerRefusal(run, outcome);
    }
  } finally {
    await settling.catch(stopOnFailure(run));
  }
}

async function handOver(run: Run, connection: Connection, { claim, made }: Turn): Promise<Outcome> {
  const result = await takeOrGiveBack(run, claim, made);
  if (result.kind === 'differs') return DIFFERS;
  return await connection.handOver(result.message, async () => {
    try {
      return await run.renga.store.ledger.mark(claim, run.renga.clock(), result.copy);
    } catch (error) {
      stopOnFailure(run)(error);
      return false;
    }
  });
}

/** A full disk or a broken database: every line stops after what it has in flight, and the run ends with that error. */
function stopOnFailure(run: Run): (error: unknown) => void {
  return (error) => {
    run.failure ??= { error };
  };
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
  const kept = aboutUs(outcome) ? ({ kind: 'deferred', reply: outcome.reply } as const) : outcome;
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
  // One that came out different would come out so again: a person must look.
  if (outcome.kind === 'accepted' || outcome.kind === 'rejected' || outcome === DIFFERS) return null;
  const { retryFor } = run.renga.settings.delivery;
  return nextAttemptAt(now, claim.earlierAttempts + 1, claim.firstClaimedAt, retryFor, claim.subscriber);
}

/** A refusal that says nothing against this address is no reason to strike it: the delivery is kept for when we are in order again. */
function aboutUs(outcome: Outcome): boolean {
  return outcome.kind === 'rejected' && outcome.scope === 'us';
}

async function considerRefusal(run: Run, outcome: Outcome): Promise<void> {
  if (outcome.kind === 'accepted') run.refusalsInARow = 0;
  if (outcome.kind !== 'rejected') return;
  const blamesAddress = outcome.scope === 'subscriber' && (outcome.enhancedCode?.startsWith('5.1.') ?? false);
  if (!blamesAddress) run.refusalsInARow += 1;
  if (!aboutUs(outcome) && run.refusalsInARow < REFUSALS_ABOUT_US) return;
  run.isPaused = true;
  await pauseForRefusal(run.renga, outcome.reply);
}
