/**
 * Answers sign-ups and hands out the notices that are due, over a connection of its own, so that nobody who signs up waits for a digest that is going out:
 *
 *   claim (durable, the attempt counted) → all bytes but the last → mark (durable) → the final dot → settle (durable).
 *
 * Pauses hold for notices, too. What may have arrived is sent again, but later each time and only so often: see `domain/notice.ts`.
 */
import { domainOf } from '../../domain/address.ts';
import type { Outcome } from '../../domain/delivery.ts';
import type { Message } from '../../domain/message.ts';
import type { NoticeClaim } from '../../domain/notice.ts';
import { EVERYTHING, isRunning, renderScope } from '../../domain/pause.ts';
import type { Connection } from '../../domain/transport.ts';
import type { Worker } from '../../domain/worker.ts';
import type { Sealer } from '../../mail/open-sealer.ts';
import { isAboutUs } from '../delivery/back-off.ts';
import { keepLeases, LEASE } from '../delivery/keep-leases.ts';
import type { MadeNotice, NoticeMaker } from './make-notice.ts';
import { type NoticeLines, openNoticeLines } from './notice-lines.ts';
import { openAccounts, pauseAccount } from '../delivery/pause-delivery.ts';
import { releaseTheDead } from '../delivery/release-the-dead.ts';
import type { Renga } from '../renga.ts';
import { sleepBy, type SleepUntil } from '../sleep-until.ts';

export type NoticeSender = Pick<
  Renga,
  'store' | 'worker' | 'isAlive' | 'clock' | 'report' | 'accounts' | 'openTransport' | 'openSealer'
> & {
  /** By the real time, if left out. */
  readonly sleepUntil?: SleepUntil;
};

const SIGN_UPS_AT_ONCE = 100;
/** A crash leaves as many to take back. */
const CLAIMS_AT_ONCE = 10;
/** A turn that comes so soon is waited for: the notices behind it wait for the same. */
const WORTH_WAITING = { seconds: 10 } as const;
/** One that cannot be made lets the others pass, and does not count as tried: it is not at fault. */
const UNMADE_UNTIL = { minutes: 10 } as const;

/** Until nothing is due, nothing may be sent, or `signal` is aborted. When the next is due, or null. */
export async function handOutNotices(
  renga: NoticeSender,
  makeMessage: NoticeMaker,
  signal: AbortSignal,
): Promise<Temporal.Instant | null> {
  const { signUps, notices } = renga.store;
  while (!signal.aborted && (await signUps.answer(SIGN_UPS_AT_ONCE, renga.clock())) > 0);
  const due = await notices.nextDue();
  if (signal.aborted || due === null || Temporal.Instant.compare(due, renga.clock()) > 0) return due;
  if (!(await isPaused(renga))) await handOutAll(asNoticeWorker(renga), makeMessage, signal);
  return await notices.nextDue();
}

/** What is left of programs that died, and what has no more use. To be called now and then. */
export async function tidyNotices(renga: NoticeSender): Promise<void> {
  await releaseTheDead(asNoticeWorker(renga));
  await renga.store.signUps.forget(renga.clock());
}

/** A worker beside the one that delivers: what each holds is released apart. */
function asNoticeWorker<Sender extends NoticeSender>(renga: Sender): Sender {
  const worker: Worker = { ...renga.worker, id: `${renga.worker.id}-notices` };
  return { ...renga, worker };
}

async function isPaused({ store, clock }: NoticeSender): Promise<boolean> {
  const pauses = await store.ledger.pauses();
  return pauses.some(
    (pause) => renderScope(pause.scope) === renderScope(EVERYTHING) && isRunning(pause, clock()),
  );
}

type Means = {
  readonly makeMessage: NoticeMaker;
  readonly sealer: Sealer;
  readonly lines: NoticeLines;
  readonly signal: AbortSignal;
};

async function handOutAll(renga: NoticeSender, makeMessage: NoticeMaker, signal: AbortSignal): Promise<void> {
  await renga.store.ledger.enlist(renga.worker, renga.clock());
  const sealer = await renga.openSealer();
  const stopRenewing = keepLeases(renga);
  const lines = openNoticeLines(renga);
  try {
    while (await handOutSome(renga, { makeMessage, sealer, lines, signal }));
  } finally {
    stopRenewing();
    await lines.close();
    await sealer.close();
  }
}

/** False when nothing is due, or no account may carry any more now. Every claim is settled or given back, whatever happens. */
async function handOutSome(renga: NoticeSender, means: Means): Promise<boolean> {
  const { notices } = renga.store;
  const now = renga.clock();
  const leaseUntil = now.add(LEASE);
  const claims = await notices.claim({ worker: renga.worker.id, limit: CLAIMS_AT_ONCE, now, leaseUntil });
  let tried = 0;
  try {
    for (const claim of claims) {
      if (means.signal.aborted) return false;
      const result = await handOutOne(renga, claim, means);
      if (result === 'stopped') return false;
      tried += 1;
      if (result === 'limited') return false;
    }
    return claims.length > 0;
  } finally {
    const rest = claims.slice(tried);
    if (rest.length > 0) await notices.unclaim(rest, renga.clock());
  }
}

/** `done`: settled or put off. `limited`: put off, for a limit of the accounts. `stopped`: it is still claimed, and no account may be used. */
type Result = 'done' | 'limited' | 'stopped';

async function handOutOne(renga: NoticeSender, claim: NoticeClaim, means: Means): Promise<Result> {
  const { notices, ledger } = renga.store;
  const made = await means.makeMessage(claim, means.sealer);
  if (made.kind === 'unmade') {
    await putOff(renga, claim, made);
    return 'done';
  }
  const turn = await findTurn(renga, claim, means);
  if (typeof turn === 'string') return turn;
  const { account, connection, isTry } = turn;
  const outcome = await handOver(renga, connection, claim, made.message);
  await notices.settle(claim, outcome, renga.clock());
  renga.report({ kind: 'notice-settled', notice: claim.kind, outcome: outcome.kind });
  if (isTry && outcome.kind === 'accepted') {
    await ledger.endHold({ account, domain: domainOf(claim.address) }, renga.clock());
  }
  if (isAboutUs(outcome)) await pauseAccount(renga, account, 'smtp-policy', outcome.reply);
  return 'done';
}

type Turn = { readonly account: string; readonly connection: Connection; readonly isTry: boolean };

/** A connection whose account may carry it now, in the time its limits say. */
async function findTurn(
  renga: NoticeSender,
  claim: NoticeClaim,
  { lines, signal }: Means,
): Promise<Turn | Result> {
  const { notices } = renga.store;
  const sleepUntil = renga.sleepUntil ?? sleepBy(renga.clock);
  while (!signal.aborted) {
    const accounts = await openAccounts(renga);
    if (accounts.length === 0) return 'stopped';
    const now = renga.clock();
    const turn = await notices.takeTurn({ accounts, address: claim.address, now });
    if (turn.kind === 'later' && Temporal.Instant.compare(turn.at, now.add(WORTH_WAITING)) > 0) {
      await notices.unclaim([claim], now, turn.at);
      return turn.because === 'account' ? 'limited' : 'done';
    }
    const at = turn.kind === 'later' ? turn.at : turn.notBefore;
    if (Temporal.Instant.compare(at, now) > 0) await sleepUntil(at, signal);
    if (turn.kind === 'later') continue;
    const connection = signal.aborted ? null : await lines.connect(turn.account);
    if (connection) return { account: turn.account, connection, isTry: turn.isTry };
  }
  return 'stopped';
}

async function putOff(
  { store, clock, report }: NoticeSender,
  claim: NoticeClaim,
  { error, isNews }: Extract<MadeNotice, { kind: 'unmade' }>,
): Promise<void> {
  if (isNews) report({ kind: 'notice-unmade', notice: claim.kind, error });
  const now = clock();
  await store.notices.unclaim([claim], now, now.add(UNMADE_UNTIL));
}

async function handOver(
  renga: NoticeSender,
  connection: Connection,
  claim: NoticeClaim,
  message: Message,
): Promise<Outcome> {
  let failure: { readonly error: unknown } | null = null;
  const outcome = await connection.handOver(message, async () => {
    try {
      return await renga.store.notices.mark(claim, renga.clock());
    } catch (error) {
      // No dot without a mark; and nothing more in this run.
      failure = { error };
      return false;
    }
  });
  rethrow(failure);
  return outcome;
}

function rethrow(failure: { readonly error: unknown } | null): void {
  if (failure) throw failure.error;
}
