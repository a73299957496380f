/**
 * Waits for a server that restarts, is failed over or cannot be reached, or for another writer, and asks again. Only for work that is safe
 * to ask for twice: the line may have been lost between a commit and its answer.
 */
import { setTimeout as sleep } from 'node:timers/promises';

/** Longer than a restart or a failover; shorter than a mail server waits for the rest of a message (RFC 5321 §4.5.3.2.5: 3 minutes). */
export const PATIENCE_MILLISECONDS = 90_000;
const PAUSE_MILLISECONDS = { first: 5, longest: 2000 };

export type AwayKind = 'lost' | 'busy' | 'final';

/**
 * `again`: whether an earlier try may have been committed without our hearing of it. Throws the last error when it is final, or when
 * the pauses add up to `patience`.
 */
export async function retryWhileAway<T>(
  sort: (error: unknown) => AwayKind,
  attempt: (again: boolean) => Promise<T>,
  patience = PATIENCE_MILLISECONDS,
): Promise<T> {
  let again = false;
  let pause = PAUSE_MILLISECONDS.first;
  for (let waited = 0; ; ) {
    try {
      return await attempt(again);
    } catch (error) {
      const kind = sort(error);
      if (kind === 'final' || waited >= patience) throw error;
      again ||= kind === 'lost';
    }
    // Random, so that many workers do not knock at the same moments.
    const part = pause * (0.5 + Math.random());
    waited += part;
    pause = Math.min(pause * 2, PAUSE_MILLISECONDS.longest);
    await sleep(part);
  }
}
