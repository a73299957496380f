/**
 * Seals the copies of one frozen content with DKIM signatures. A copy that may have arrived before keeps the seal it had then, whichever keys are in
 * use by now; and where it would not be the same copy any more, that is found out here.
 */
import type { Seal } from '../domain/message.ts';
import { openSigner } from './dkim/open-signer.ts';
import type { SigningKey } from './dkim/signing-key.ts';
import { encodeSlots, type PreparedMime, type SlotTexts } from './personalise.ts';

export type CopySealer = {
  readonly sign: (slots: SlotTexts) => Seal;
  /** Whether the copy is the one that was sealed so. */
  readonly matches: (slots: SlotTexts, seal: Seal) => boolean;
};

/** Hashes what all copies of a compiled message share, once. */
export function openCopySealer(prepared: PreparedMime, keys: readonly SigningKey[]): CopySealer {
  const signer = openSigner(prepared, keys);
  return {
    sign: (slots) => signer.sign(encodeSlots(slots)),
    matches: (slots, seal) => {
      const { bodyHash, headHash } = signer.hash(encodeSlots(slots));
      return bodyHash === seal.bodyHash && headHash === seal.headHash;
    },
  };
}
