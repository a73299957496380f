/** Long work in pieces: between two of them the event loop answers whoever waits, for `serve` publishes on the thread that answers readers. */
import { setImmediate as nextTurn } from 'node:timers/promises';

let last: Promise<void> = Promise.resolve();

/** Resolves in a turn of the loop that no other piece of work has: however many wait, one goes on in each. Before a piece of some milliseconds. */
export function giveWay(): Promise<void> {
  last = last.then(async () => await nextTurn());
  return last;
}
