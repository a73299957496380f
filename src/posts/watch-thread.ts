/**
 * A thread: watches the folders it is started with, and tells the places where something happened, null for anywhere. To look through thousands of
 * folders takes seconds, in which the main thread answers readers.
 */
import { basename } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { watch } from 'chokidar';
import { isIgnoredName } from './ignore-names.ts';

/** Of one turn of the loop. */
export type Noted = readonly (string | null)[];

const folders = workerData as string[];
let outbox: (string | null)[] = [];

function tell(place: string | null): void {
  outbox.push(place);
  if (outbox.length > 1) return;
  setImmediate(() => {
    parentPort?.postMessage(outbox satisfies Noted, []);
    outbox = [];
  });
}

const watcher = watch(folders, {
  ignoreInitial: true,
  followSymlinks: false,
  ignored: (path) => !folders.includes(path) && isIgnoredName(basename(path)),
});
watcher.on('all', (_, path) => tell(path));
// What happened before it was ready went unseen.
watcher.on('ready', () => tell(null));
// Too many folders for the system's watches, say: the periodic look goes on.
watcher.on('error', () => tell(null));
