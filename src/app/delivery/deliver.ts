/**
 * Delivers what the ledger says is due, and keeps the promise of `domain/delivery.ts` on the way:
 *
 *   claim (durable) → all bytes but the last → mark `handing-over` (durable) → the final dot → settle (durable).
 *
 * A failure before the mark leaves a delivery that is due again, whatever failed. After the mark, only the server's words decide:
 * 2xx accepted, 4xx due again later, 5xx rejected, no words at all in doubt. A refusal that is about us, or a server that
 * cannot be reached, pauses that account for everybody who delivers from this store rather than burning the list one address at a time.
 */
import { isUnlimited } from '../../domain/account.ts';
import type { Outcome } from '../../domain/delivery.ts';
import type { Hold } from '../../domain/share.ts';
import { keyOf } from './back-off.ts';
import { openClaimQueue } from './claim-queue.ts';
import type { Deliverer } from './deliverer.ts';
import { driveLine, isStopped, type Run, stopOnFailure } from './drive-line.ts';
import { findRefusal, openRunJournal, type RunJournal } from './keep-journal.ts';
import { keepLeases } from './keep-leases.ts';
import { finishLane, type Lane, openLane } from './lane.ts';
import { openMessageMaker } from './make-message.ts';
import { openAccounts, runningPause } from './pause-delivery.ts';
import { releaseTheDead } from './release-the-dead.ts';
import { type LineQueue, ShareQueue } from './share-queue.ts';
import { sleepBy } from '../sleep-until.ts';

export type { Deliverer } from './deliverer.ts';

export type DeliverReport = {
  /** How many attempts gave what. */
  readonly settled: Readonly<Record<Outcome['kind'], number>>;
  /** When the next delivery is due, or null when none is open. In the past only when delivering is paused or was stopped. */
  readonly nextDue: Temporal.Instant | null;
  readonly pausedBecause: string | null;
};

/** What a run has from its beginning to its end, whichever queue it takes from. */
type Start = Pick<Run, 'renga' | 'signal' | 'journal' | 'settled' | 'holds'> & {
  readonly lanes: readonly Lane[];
  readonly makeMessage: ReturnType<typeof openMessageMaker>;
};

/**
 * Delivers until nothing is due, delivering is paused, or `signal` is aborted (what is in flight is finished first). Waits up to two minutes for a turn
 * under a limit. Throws OperatorError, and changes nothing, when the journal knows that this database is behind.
 */
export async function deliver(renga: Deliverer, signal: AbortSignal): Promise<DeliverReport> {
  const refusal = await findRefusal(renga);
  if (refusal) throw refusal;
  await releaseTheDead(renga);
  const settled = { accepted: 0, deferred: 0, rejected: 0, 'in-doubt': 0 };
  let limitedUntil: Temporal.Instant | null = null;
  if ((await runningPause(renga)) === null && (await isAnythingDue(renga))) {
    const journal = await openRunJournal(renga);
    try {
      limitedUntil = await run(renga, signal, journal, settled);
    } finally {
      await journal.close();
    }
  }
  const pause = await runningPause(renga);
  const due = await renga.store.ledger.nextDue(renga.settings.delivery.inDoubt);
  const nextDue = due && limitedUntil && Temporal.Instant.compare(limitedUntil, due) > 0 ? limitedUntil : due;
  return { settled, nextDue, pausedBecause: pause?.reason ?? null };
}

async function isAnythingDue(renga: Deliverer): Promise<boolean> {
  const next = await renga.store.ledger.nextDue(renga.settings.delivery.inDoubt);
  return next !== null && Temporal.Instant.compare(next, renga.clock()) <= 0;
}

/** When a limit lets the next message go, where it ended for that; or null. */
async function run(
  renga: Deliverer,
  signal: AbortSignal,
  journal: RunJournal,
  settled: Run['settled'],
): Promise<Temporal.Instant | null> {
  const { ledger } = renga.store;
  await ledger.enlist(renga.worker, renga.clock());
  const waiting = await ledger.waiting(renga.settings.delivery.inDoubt, renga.clock());
  renga.report({ kind: 'delivery-started', waiting });
  const holds = new Map(
    (await ledger.holds()).map((hold): [string, Hold] => [keyOf(hold.account, hold.domain), hold]),
  );
  const accounts = await openAccounts(renga);
  const [sealer, ...transports] = await Promise.all([
    renga.openSealer(),
    ...accounts.map(({ name }) => renga.openTransport(name)),
  ]);
  const lanes = accounts.flatMap((account, index) => {
    const transport = transports[index];
    return transport ? [openLane(account, transport, renga.clock())] : [];
  });
  const makeMessage = openMessageMaker(renga.store, sealer);
  try {
    return await deliverAll({ renga, signal, journal, settled, holds, lanes, makeMessage });
  } finally {
    await Promise.all([...transports.map((transport) => transport.close()), sealer.close()]);
  }
}

/** One account without limits takes from the ledger as fast as it can; what else there is must be counted. */
async function deliverAll(start: Start): Promise<Temporal.Instant | null> {
  const [lane, ...others] = start.lanes;
  if (!lane) return null;
  const isPlain = others.length === 0 && isUnlimited(lane.account) && start.holds.size === 0;
  if (isPlain && !(await deliverPlainly(start, lane))) return null;
  return await deliverShared(start);
}

/** True when a domain had to be held: then it goes on with a queue that knows of that. */
async function deliverPlainly(start: Start, lane: Lane): Promise<boolean> {
  const run: Run = {
    ...start,
    done: () => undefined,
    onHold: () => {
      run.isRegrouping = true;
    },
    isRegrouping: false,
    failure: null,
  };
  const queue = openClaimQueue(start.renga, lane, start.makeMessage);
  const line: LineQueue = {
    hasNext: () => queue.hasNext(),
    next: () => queue.next(),
    drop: async () => await Promise.resolve(),
  };
  await driveAll(
    run,
    [lane],
    () => line,
    () => queue.giveBack(),
  );
  return run.isRegrouping && !isStopped({ ...run, isRegrouping: false }, lane);
}

async function deliverShared(start: Start): Promise<Temporal.Instant | null> {
  const { renga, lanes, makeMessage, signal } = start;
  const run: Run = {
    ...start,
    done: (lane, claim) => queue.done(lane, claim),
    onHold: () => undefined,
    isRegrouping: false,
    failure: null,
  };
  const sleepUntil = renga.sleepUntil ?? sleepBy(renga.clock);
  const isOver = (): boolean => lanes.every((lane) => isStopped(run, lane));
  const queue = new ShareQueue({ renga, lanes, makeMessage, sleepUntil, signal, isStopped: isOver });
  await driveAll(
    run,
    lanes,
    (lane) => queue.openLine(lane),
    () => queue.giveBack(),
  );
  return queue.nextAt;
}

async function driveAll(
  run: Run,
  lanes: readonly Lane[],
  openLine: (lane: Lane) => LineQueue,
  giveBack: () => Promise<void>,
): Promise<void> {
  const stopRenewing = keepLeases(run.renga);
  try {
    const results = await Promise.allSettled(lanes.map((lane) => driveLane(run, lane, openLine)));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) stopOnFailure(run)(failed.reason);
  } finally {
    stopRenewing();
    // What a broken store does not take back now is taken back when the next run begins.
    await giveBack().catch(stopOnFailure(run));
  }
  if (run.failure) throw run.failure.error;
}

async function driveLane(run: Run, lane: Lane, openLine: (lane: Lane) => LineQueue): Promise<void> {
  lane.isFinished = false;
  const lines = Array.from({ length: lane.transport.connections }, async (_, number) => {
    try {
      await driveLine(run, lane, openLine(lane), number);
    } catch (error) {
      stopOnFailure(run)(error);
    } finally {
      finishLane(lane);
    }
  });
  await Promise.all(lines);
}
