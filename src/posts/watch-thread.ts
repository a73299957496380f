/**
 * A thread: watches the folders it is started with, and tells the places where something happened, null for anywhere. To look through thousands of
 * folders takes seconds, in which the main thread answers readers.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { FolderWatch } from './folder-watch.ts';

/** Of one turn of the loop. */
export type Noted = readonly (string | null)[];

const outbox = new Set<string | null>();

function tell(place: string | null): void {
  outbox.add(place);
  if (outbox.size > 1) return;
  setImmediate(() => {
    parentPort?.postMessage([...outbox] satisfies Noted, []);
    outbox.clear();
  });
}

for (const folder of workerData as readonly string[]) new FolderWatch(folder, tell).open();
// What happened before all were watched went unseen.
tell(null);
