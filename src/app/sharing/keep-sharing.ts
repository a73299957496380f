/**
 * Two more loops of `serve`, for the world outside: after each round the site is carried to its targets and its hubs are owed their pings; and calls
 * are made when they are due. Neither ever keeps a round waiting, and what fails is told once.
 */
import type { OperatorError } from '../../domain/operator-error.ts';
import type { Renga } from '../renga.ts';
import { type ShareReport, shareSite } from './share-site.ts';
import { sleepBy } from '../sleep-until.ts';
import { openFailureTeller } from '../tell-failures.ts';
import { makeCalls } from '../websub/make-calls.ts';

type Loop = { readonly wake: () => void; readonly quiet: () => Promise<void> };
/** `next` wakes it, and resolves when the turn that begins then is over, well or not. */
type TurningLoop = Loop & { readonly next: () => Promise<void> };

/** The longest that nobody looks for calls: another program may have made one due. */
const LOOK_AT_LEAST_EVERY = { seconds: 30 } as const;
/** With an embedded hub, for who asks it waits to hear from it. */
const LOOK_OFTEN = { seconds: 2 } as const;

/** `wake` after each round. */
export function keepSharing(renga: Renga, signal: AbortSignal): TurningLoop {
  const calling = keepCalling(renga, signal);
  const tell = openShareTeller(renga);
  const teller = openFailureTeller(renga);
  const share = runLoop(
    signal,
    async () => {
      tell(await shareSite(renga, signal));
      teller.wentWell();
      calling.wake();
      return null;
    },
    teller.failed,
  );
  return {
    wake: share.wake,
    next: share.next,
    quiet: async () => void (await Promise.all([share.quiet(), calling.quiet()])),
  };
}

function keepCalling(renga: Renga, signal: AbortSignal): Loop {
  if (renga.websub.hubs.length === 0)
    return { wake: () => undefined, quiet: async () => await Promise.resolve() };
  const teller = openFailureTeller(renga);
  const call = async (): Promise<Temporal.Instant> => {
    await makeCalls(renga, signal);
    teller.wentWell();
    const latest = renga.clock().add(renga.websub.ownHub === null ? LOOK_AT_LEAST_EVERY : LOOK_OFTEN);
    const due = await renga.store.websub.nextDue();
    return due && Temporal.Instant.compare(due, latest) < 0 ? due : latest;
  };
  const loop = runLoop(signal, call, teller.failed, renga);
  loop.wake();
  return loop;
}

/** Runs when it is woken, and at the time that the last run answered; never twice at once. */
function runLoop(
  signal: AbortSignal,
  work: () => Promise<Temporal.Instant | null>,
  failed: (error: unknown) => void,
  timed?: Pick<Renga, 'clock'>,
): TurningLoop {
  let alarm = Promise.withResolvers<void>();
  /** Of the turn that begins next. */
  let end = Promise.withResolvers<void>();
  const wake = (): void => alarm.resolve();
  signal.addEventListener('abort', wake, { once: true });
  const turn = async (): Promise<Temporal.Instant | null> => {
    try {
      return await work();
    } catch (error) {
      failed(error);
      return timed ? timed.clock().add(LOOK_AT_LEAST_EVERY) : null;
    }
  };
  const run = async (): Promise<void> => {
    for (let next: Temporal.Instant | null = null; !signal.aborted; ) {
      await waitFor(alarm.promise, next, timed, signal);
      if (signal.aborted) break;
      alarm = Promise.withResolvers<void>();
      const ending = end;
      end = Promise.withResolvers<void>();
      next = await turn();
      ending.resolve();
    }
    end.resolve();
  };
  const running = run();
  const next = async (): Promise<void> => {
    const { promise } = end;
    wake();
    await promise;
  };
  return { wake, next, quiet: async () => await running };
}

async function waitFor(
  alarm: Promise<void>,
  until: Temporal.Instant | null,
  timed: Pick<Renga, 'clock'> | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (!until || !timed) return await alarm;
  const woken = new AbortController();
  await Promise.race([alarm, sleepBy(timed.clock)(until, AbortSignal.any([signal, woken.signal]))]);
  woken.abort();
}

/** A target that fails is told of once, until it has gone well. */
function openShareTeller({ report }: Pick<Renga, 'report'>): (report: ShareReport) => void {
  let told = new Set<string>();
  return ({ failures }) => {
    for (const error of failures) if (!told.has(error.message)) report({ kind: 'carry-failed', error });
    told = new Set(failures.map((error: OperatorError) => error.message));
  };
}
