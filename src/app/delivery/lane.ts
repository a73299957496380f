/** An account during one run: its transport, how many of its connections are in use, and what its server said lately. */
import type { Account } from '../../domain/account.ts';
import type { Transport } from '../../domain/transport.ts';

export type Lane = {
  readonly account: Account;
  readonly transport: Transport;
  /** How many connections may be open now: fewer than the account has after its server throttled us. */
  allowed: number;
  /** When `allowed` changed last. */
  changedAt: Temporal.Instant;
  /** Nothing more goes through it in this run. */
  isStopped: boolean;
  isFinished: boolean;
  /** Since the last acceptance. */
  refusals: number;
  deferrals: number;
  broken: number;
  readonly deferredDomains: Set<string>;
  /** Deferrals in a row by domain of the recipient. */
  readonly streaks: Map<string, number>;
  /** It was paused before: its next success ends that for good. */
  wasPaused: boolean;
  /** Lines that wait until they are allowed, or the lane has no more to do. */
  readonly parked: (() => void)[];
};

export function openLane(account: Account, transport: Transport, now: Temporal.Instant): Lane {
  return {
    account,
    transport,
    allowed: transport.connections,
    changedAt: now,
    isStopped: false,
    isFinished: false,
    refusals: 0,
    deferrals: 0,
    broken: 0,
    deferredDomains: new Set(),
    streaks: new Map(),
    wasPaused: true,
    parked: [],
  };
}

/** Waits while the line of that number may not have a connection. False when the others have no more to do. */
export async function park(lane: Lane, line: number): Promise<boolean> {
  while (line >= lane.allowed && !lane.isStopped && !lane.isFinished) {
    await new Promise<void>((resolve) => {
      lane.parked.push(resolve);
    });
  }
  return line < lane.allowed;
}

/** A line that may have a connection found nothing more to do: nor will those that wait until they may. */
export function finishLane(lane: Lane): void {
  lane.isFinished = true;
  unpark(lane);
}

export function unpark(lane: Lane): void {
  for (const resolve of lane.parked.splice(0)) resolve();
}

export function stopLane(lane: Lane): void {
  lane.isStopped = true;
  unpark(lane);
}
