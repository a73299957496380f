/** Stops and resumes what goes through an account, with the reason for a person to read: briefly at first, longer when it was no use. */
import { FAULTS, type FaultCode } from '../../domain/fault.ts';
import { isRunning, type Pause } from '../../domain/pause.ts';
import type { Renga } from '../renga.ts';

type Pauser = Pick<Renga, 'store' | 'clock' | 'report'>;

/** A server that does not answer is asked again soon, one that refuses us later: somebody has to put that right. Minutes. */
const SHORTEST = {
  'smtp-unreachable': 1,
  'smtp-dropped': 1,
  'smtp-throttled': 2,
  'smtp-refused': 15,
  'smtp-policy': 15,
} as const satisfies Record<FaultCode, number>;
const LONGEST = 120;
/** One after so many minutes without is the first of its kind again. */
const FORGOTTEN_AFTER = 240;

/** Why nothing may be delivered now, or null: a pause of everything, or of each account, of these the one that ends first. */
export async function runningPause(
  renga: Pick<Renga, 'store' | 'clock' | 'accounts'>,
): Promise<Pause | null> {
  const now = renga.clock();
  const pauses = (await renga.store.ledger.pauses()).filter((pause) => isRunning(pause, now));
  const all = pauses.find(({ scope }) => scope.kind === 'all');
  if (all) return all;
  const ofAccounts = renga.accounts.map(({ name }) => pauseOf(pauses, name));
  if (ofAccounts.includes(null)) return null;
  return ofAccounts.toSorted((one, other) => endOf(one) - endOf(other))[0] ?? null;
}

/** Accounts that may carry something now. */
export async function openAccounts(
  renga: Pick<Renga, 'store' | 'clock' | 'accounts'>,
): Promise<Renga['accounts']> {
  const now = renga.clock();
  const pauses = (await renga.store.ledger.pauses()).filter((pause) => isRunning(pause, now));
  return renga.accounts.filter(({ name }) => pauseOf(pauses, name) === null);
}

/** `words`: the server's. `hint`: what to do, where it is known better than the fault's own remedy. */
export async function pauseAccount(
  renga: Pauser,
  account: string,
  fault: FaultCode,
  words: string,
  hint: string = FAULTS[fault].remedy,
): Promise<void> {
  const since = renga.clock();
  const earlier = pauseOf(await renga.store.ledger.pauses(), account);
  // A connection that failed beside the one that was heard first.
  if (earlier && isRunning(earlier, since)) return;
  const minutes = lengthAfter(earlier, fault, since);
  const pause: Pause = {
    scope: { kind: 'account', account },
    reason: `${FAULTS[fault].meaning}: ${words} [${fault}]`,
    hint,
    since,
    until: since.add({ seconds: Math.round(minutes * 60) }),
  };
  await renga.store.ledger.setPause(pause);
  renga.report({ kind: 'paused', pause });
}

function lengthAfter(earlier: Pause | null, fault: FaultCode, now: Temporal.Instant): number {
  const shortest = SHORTEST[fault];
  if (!earlier?.until || now.since(earlier.until).total('minutes') > FORGOTTEN_AFTER) return shortest;
  const last = earlier.until.since(earlier.since).total('minutes');
  return Math.min(LONGEST, Math.max(shortest, 2 * last) * spread(now));
}

/** From 1 to 1.1: programs that were refused together do not come back together. */
function spread(now: Temporal.Instant): number {
  return 1 + (now.epochMilliseconds % 997) / 9970;
}

function pauseOf(pauses: readonly Pause[], account: string): Pause | null {
  return pauses.find(({ scope }) => scope.kind === 'account' && scope.account === account) ?? null;
}

function endOf(pause: Pause | null): number {
  return pause?.until?.epochMilliseconds ?? Number.POSITIVE_INFINITY;
}
