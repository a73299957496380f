/** A desk that is a thread: a signature costs most of a millisecond, which the sockets must not wait for. Started by `desk-lines.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import type { SigningKey } from '../dkim/signing-key.ts';
import { openSealingJob, type SealingOrder } from './sealing-job.ts';

const carryOut = openSealingJob(workerData as readonly SigningKey[]);

parentPort?.on('message', (orders: readonly SealingOrder[]) => {
  parentPort?.postMessage(carryOut(orders), []);
});
parentPort?.postMessage([], []);
