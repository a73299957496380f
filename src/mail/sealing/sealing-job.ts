/** What is done at a desk: orders in, answers out, in the same order; and the words that go to and fro. */
import type { Seal } from '../../domain/message.ts';
import type { SigningKey } from '../dkim/signing-key.ts';
import { prepareMime, type SlotTexts } from '../personalise.ts';
import { type CopySealer, openCopySealer } from './seal-copy.ts';

export type SealingOrder = {
  readonly id: number;
  readonly content: string;
  /** With a content's first order to a desk. */
  readonly mime: Uint8Array | null;
  readonly slots: SlotTexts;
  /** To be held against this copy, or null to be signed. */
  readonly seal: Seal | null;
};

export type SealingAnswer = { readonly id: number } & (
  | {
      readonly kind: 'done';
      /** Null: the copy is not the one that was sealed so. */
      readonly seal: Seal | null;
      /** How long it took. */
      readonly milliseconds: number;
    }
  | { readonly kind: 'failed'; readonly error: unknown }
);

/** A desk remembers each content it was sent. What goes wrong with one order is its own answer. */
export function openSealingJob(
  keys: readonly SigningKey[],
): (orders: readonly SealingOrder[]) => readonly SealingAnswer[] {
  const sealers = new Map<string, CopySealer>();
  const carryOut = ({ content, mime, slots, seal }: SealingOrder): Seal | null => {
    if (mime) sealers.set(content, openCopySealer(prepareMime(mime), keys));
    const sealer = sealers.get(content);
    if (!sealer) throw new Error(`The content ${content} was never sent to this desk`);
    if (seal === null) return sealer.sign(slots);
    return sealer.matches(slots, seal) ? seal : null;
  };
  const answer = (order: SealingOrder): SealingAnswer => {
    const { id } = order;
    const started = performance.now();
    try {
      return { id, kind: 'done', seal: carryOut(order), milliseconds: performance.now() - started };
    } catch (error) {
      return { id, kind: 'failed', error };
    }
  };
  return (orders) => orders.map(answer);
}
