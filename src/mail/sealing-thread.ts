/** One thread that seals copies: a signature costs a millisecond, which the sockets must not wait for. Started by `open-sealer.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Seal } from '../domain/message.ts';
import type { SigningKey } from './dkim/signing-key.ts';
import { prepareMime, type SlotTexts } from './personalise.ts';
import { type CopySealer, openCopySealer } from './seal-copy.ts';

export type SealingOrder = {
  readonly id: number;
  readonly content: string;
  /** With a content's first order to a thread. */
  readonly mime: Uint8Array | null;
  readonly slots: SlotTexts;
  /** To be held against this copy, or null to be signed. */
  readonly seal: Seal | null;
};

/** A seal; null: the copy is not the one that was sealed so. */
export type SealingAnswer = { readonly id: number } & (
  | { readonly kind: 'done'; readonly seal: Seal | null }
  | { readonly kind: 'failed'; readonly error: unknown }
);

const keys = workerData as readonly SigningKey[];
const sealers = new Map<string, CopySealer>();

function carryOut({ content, mime, slots, seal }: SealingOrder): Seal | null {
  if (mime) sealers.set(content, openCopySealer(prepareMime(mime), keys));
  const sealer = sealers.get(content);
  if (!sealer) throw new Error(`The content ${content} was never sent to this thread`);
  if (seal === null) return sealer.sign(slots);
  return sealer.matches(slots, seal) ? seal : null;
}

function answer(order: SealingOrder): SealingAnswer {
  const { id } = order;
  try {
    return { id, kind: 'done', seal: carryOut(order) };
  } catch (error) {
    return { id, kind: 'failed', error };
  }
}

parentPort?.on('message', (orders: readonly SealingOrder[]) => {
  parentPort?.postMessage(orders.map(answer), []);
});
