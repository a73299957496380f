/** Stops and resumes all delivering from a store, with the reason for a person to read. */
import { EVERYTHING, isRunning, type Pause } from '../domain/pause.ts';
import type { ConnectResult } from '../domain/transport.ts';
import type { Renga } from './renga.ts';

type Pauser = Pick<Renga, 'store' | 'clock' | 'report'>;

/** A server that does not answer is asked again soon, one that refuses us later: somebody has to put that right. */
const UNREACHABLE_FOR = { minutes: 1 } as const;
const REFUSED_FOR = { minutes: 15 } as const;

/** The pause that stops everything now, or null. */
export async function runningPause(renga: Pick<Renga, 'store' | 'clock'>): Promise<Pause | null> {
  const now = renga.clock();
  const pauses = await renga.store.ledger.pauses();
  return pauses.find((pause) => pause.scope.kind === 'all' && isRunning(pause, now)) ?? null;
}

export async function pauseForConnection(
  renga: Pauser,
  result: Exclude<ConnectResult, { kind: 'connected' }>,
): Promise<void> {
  const isRefusal = result.kind === 'refused-us';
  const hint = isRefusal
    ? result.hint
    : 'Nothing is lost; it is tried again by itself. Is the server in smtp.url right, and up?';
  const reason = `${isRefusal ? 'The mail server refuses us' : 'The mail server cannot be reached'}: ${result.reply}`;
  await pause(renga, reason, hint, isRefusal ? REFUSED_FOR : UNREACHABLE_FOR);
}

export async function pauseForRefusal(renga: Pauser, reply: string): Promise<void> {
  const hint =
    'This is about our standing with the server, not about one subscriber: check SPF, DKIM, the sender address and the account.';
  await pause(renga, `The mail server refuses our mail: ${reply}`, hint, REFUSED_FOR);
}

async function pause(
  renga: Pauser,
  reason: string,
  hint: string,
  length: Temporal.DurationLike,
): Promise<void> {
  const since = renga.clock();
  const paused: Pause = { scope: EVERYTHING, reason, hint, since, until: since.add(length) };
  await renga.store.ledger.setPause(paused);
  renga.report({ kind: 'paused', pause: paused });
}
