/**
 * A desk that is a process, so that OpenSSL can be told by its environment which instructions to sign with. Its keys are the first message; it holds
 * no file and no socket, ends with its parent, however that went, and leaves it to its parent to hear signals. Started by `desk-lines.ts`.
 */
import { type PackedKey, unpackKey } from './packed-key.ts';
import { openSealingJob, type SealingOrder } from './sealing-job.ts';

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => process.exit());

process.once('message', (packed: readonly PackedKey[]) => {
  const carryOut = openSealingJob(packed.map(unpackKey));
  process.on('message', (orders: readonly SealingOrder[]) => process.send?.(carryOut(orders)));
  process.send?.([]);
});
