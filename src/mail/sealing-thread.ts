/** One thread that seals copies: a signature costs a millisecond, which the sockets must not wait for. Started by `open-sealer.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import type { SigningKey } from './dkim/signing-key.ts';
import type { SlotTexts } from './personalise.ts';
import { type CopySealer, type EarlierSeal, openCopySealer, type SealedCopy } from './seal-copy.ts';

export type SealingOrder = {
  readonly id: number;
  readonly content: string;
  /** With a content's first order to a thread. */
  readonly mime: Uint8Array | null;
  readonly slots: SlotTexts;
  readonly earlier: EarlierSeal;
};

export type SealingAnswer = { readonly id: number } & (
  | { readonly kind: 'made'; readonly copy: SealedCopy }
  | { readonly kind: 'failed'; readonly error: unknown }
);

const keys = workerData as readonly SigningKey[];
const sealers = new Map<string, CopySealer>();

function seal({ content, mime, slots, earlier }: SealingOrder): SealedCopy {
  if (mime) sealers.set(content, openCopySealer(mime, keys));
  const sealer = sealers.get(content);
  if (!sealer) throw new Error(`The content ${content} was never sent to this thread`);
  return sealer(slots, earlier);
}

function answer(order: SealingOrder): void {
  const { id } = order;
  let copy: SealedCopy;
  try {
    copy = seal(order);
  } catch (error) {
    parentPort?.postMessage({ id, kind: 'failed', error } satisfies SealingAnswer, []);
    return;
  }
  // The bytes are handed over, not copied.
  const moved = copy.kind === 'sealed' ? [copy.bytes.buffer as ArrayBuffer] : [];
  parentPort?.postMessage({ id, kind: 'made', copy } satisfies SealingAnswer, moved);
}

parentPort?.on('message', (orders: readonly SealingOrder[]) => {
  for (const order of orders) answer(order);
});
