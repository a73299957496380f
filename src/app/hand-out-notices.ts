/**
 * Answers sign-ups and hands out the notices that are due, over a connection of its own, so that nobody who signs up waits for a digest that is going out:
 *
 *   claim (durable, the attempt counted) → all bytes but the last → mark (durable) → the final dot → settle (durable).
 *
 * Pauses hold for notices, too. What may have arrived is sent again, but later each time and only so often: see `domain/notice.ts`.
 */
import type { Outcome } from '../domain/delivery.ts';
import type { Message } from '../domain/message.ts';
import type { NoticeClaim } from '../domain/notice.ts';
import { EVERYTHING, isRunning, renderScope } from '../domain/pause.ts';
import type { Connection } from '../domain/transport.ts';
import type { Worker } from '../domain/worker.ts';
import type { Sealer } from '../mail/open-sealer.ts';
import { isAboutUs } from './back-off.ts';
import { keepLeases, LEASE } from './keep-leases.ts';
import type { MadeNotice, NoticeMaker } from './make-notice.ts';
import { openAccounts, pauseAccount } from './pause-delivery.ts';
import { releaseTheDead } from './release-the-dead.ts';
import type { Renga } from './renga.ts';

export type NoticeSender = Pick<
  Renga,
  'store' | 'worker' | 'isAlive' | 'clock' | 'report' | 'accounts' | 'openTransport' | 'openSealer'
>;

const SIGN_UPS_AT_ONCE = 100;
/** A crash leaves as many to take back. */
const CLAIMS_AT_ONCE = 10;
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

/** By the first account whose server lets us in. */
async function handOutAll(renga: NoticeSender, makeMessage: NoticeMaker, signal: AbortSignal): Promise<void> {
  await renga.store.ledger.enlist(renga.worker, renga.clock());
  const sealer = await renga.openSealer();
  const stopRenewing = keepLeases(renga);
  try {
    for (const { name } of await openAccounts(renga)) {
      const isDone = await handOutBy(renga, name, { makeMessage, sealer, signal });
      if (isDone) return;
    }
  } finally {
    stopRenewing();
    await sealer.close();
  }
}

type Means = {
  readonly makeMessage: NoticeMaker;
  readonly sealer: Sealer;
  readonly signal: AbortSignal;
};

/** False when the account cannot carry what is left. */
async function handOutBy(renga: NoticeSender, account: string, means: Means): Promise<boolean> {
  const transport = await renga.openTransport(account);
  try {
    for (;;) {
      const result = await transport.connect();
      if (result.kind === 'unreachable') {
        await pauseAccount(renga, account, 'smtp-unreachable', result.reply);
        return false;
      }
      if (result.kind === 'refused-us') {
        await pauseAccount(renga, account, 'smtp-refused', result.reply, result.hint);
        return false;
      }
      const said = await handOutAndClose(renga, result.connection, means);
      if (said === 'done') return true;
      if (said !== 'again') {
        await pauseAccount(renga, account, 'smtp-policy', said.refusal);
        return false;
      }
    }
  } finally {
    await transport.close();
  }
}

type Said = 'done' | 'again' | { readonly refusal: string };

async function handOutAndClose(renga: NoticeSender, connection: Connection, means: Means): Promise<Said> {
  try {
    return await handOutOver(renga, connection, means);
  } finally {
    await connection.close();
  }
}

async function handOutOver(renga: NoticeSender, connection: Connection, means: Means): Promise<Said> {
  const { notices } = renga.store;
  for (;;) {
    if (means.signal.aborted) return 'done';
    const now = renga.clock();
    const leaseUntil = now.add(LEASE);
    const claims = await notices.claim({ worker: renga.worker.id, limit: CLAIMS_AT_ONCE, now, leaseUntil });
    if (claims.length === 0) return 'done';
    const said = await handOutClaims(renga, connection, claims, means);
    if (said !== null) return said;
  }
}

/** Every claim is settled or given back, whatever happens. Null: all were tried. */
async function handOutClaims(
  renga: NoticeSender,
  connection: Connection,
  claims: readonly NoticeClaim[],
  means: Means,
): Promise<Exclude<Said, 'done'> | null> {
  let tried = 0;
  try {
    for (const claim of claims) {
      if (!connection.usable) return 'again';
      if (means.signal.aborted) return null;
      const made = await means.makeMessage(claim, means.sealer);
      if (made.kind === 'unmade') {
        await putOff(renga, claim, made);
        tried += 1;
        continue;
      }
      const outcome = await handOver(renga, connection, claim, made.message);
      tried += 1;
      await renga.store.notices.settle(claim, outcome, renga.clock());
      renga.report({ kind: 'notice-settled', notice: claim.kind, outcome: outcome.kind });
      if (isAboutUs(outcome)) return { refusal: outcome.reply };
    }
    return null;
  } finally {
    const rest = claims.slice(tried);
    if (rest.length > 0) await renga.store.notices.unclaim(rest, renga.clock());
  }
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
