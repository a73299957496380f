/** Waiting for a turn. Handed down, so that a clock that is not the real one can pass the time in its own way. */
import type { Clock } from '../domain/clock.ts';

/** Resolves at that time, or at once when `signal` is aborted. Never rejects. */
export type SleepUntil = (until: Temporal.Instant, signal: AbortSignal) => Promise<void>;

export function sleepBy(clock: Clock): SleepUntil {
  return async (until, signal) => {
    await sleep(Math.ceil(until.since(clock()).total('milliseconds')), signal);
  };
}

/** For a look at what others do meanwhile. */
export async function passSecond(signal: AbortSignal): Promise<void> {
  await sleep(1000, signal);
}

async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted || milliseconds <= 0) return;
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end);
  });
}
