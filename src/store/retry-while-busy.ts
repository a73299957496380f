/**
 * Waits for a database that another program is writing to, without holding up this program's event loop. Work that was
 * refused as busy has changed nothing, so trying it again is safe.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { OperatorError } from '../domain/operator-error.ts';

/** Longer than a freeze for a million subscribers. */
const PATIENCE_MILLISECONDS = 60_000;
const PAUSE_MILLISECONDS = { least: 2, spread: 18 };

export async function retryWhileBusy<T>(
  isBusy: (error: unknown) => boolean,
  attempt: () => Promise<T>,
): Promise<T> {
  for (let waited = 0; ; ) {
    try {
      return await attempt();
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (waited > PATIENCE_MILLISECONDS) throw describeBusy(error);
    }
    // Random, so that two programs do not knock at the same moments for ever.
    const pause = PAUSE_MILLISECONDS.least + Math.random() * PAUSE_MILLISECONDS.spread;
    waited += pause;
    await sleep(pause);
  }
}

function describeBusy(cause: unknown): OperatorError {
  return new OperatorError(
    'the database has been busy for a minute',
    'Another program holds it for writing: see which (a backup tool, a database browser, a stopped renga) and end it.',
    { cause },
  );
}
