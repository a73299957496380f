/** Many items, a few at a time: the next begins when any ends, so that one that is slow keeps no other waiting. */
import { giveWay } from './give-way.ts';

/** Items that are begun between two turns that others have. */
const BETWEEN_TURNS = 32;

/**
 * The results, in the order of the items. When one fails no other is begun, and the failure is thrown once all that were begun have
 * ended: nothing goes on behind the caller's back.
 */
export async function mapInFlight<Item, Result>(
  items: readonly Item[],
  width: number,
  work: (item: Item, index: number) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const rest = items.entries();
  let hasFailed = false;
  let gate: Promise<void> | null = null;
  const runLane = async (): Promise<void> => {
    for (const [index, item] of rest) {
      // Work that never waits would else go on to its end in one turn of the loop.
      if (index % BETWEEN_TURNS === BETWEEN_TURNS - 1) gate = giveWay();
      if (gate) await gate;
      try {
        results[index] = await work(item, index);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
      if (hasFailed) return;
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: Math.min(width, items.length) }, runLane));
  for (const lane of lanes) if (lane.status === 'rejected') throw lane.reason;
  return results;
}
