/**
 * Makes the copies of one frozen content: patched, and sealed with DKIM signatures where there are keys. A copy that may have arrived before is made again
 * with the seal it had then, whichever keys are in use by now; if it came out different it is not made at all.
 */
import type { Seal } from '../domain/message.ts';
import { openSigner } from './dkim/open-signer.ts';
import type { SigningKey } from './dkim/signing-key.ts';
import { encodeSlots, fillSlots, prepareMime, type SlotTexts } from './personalise.ts';

/** `first`: no copy can have arrived anywhere. Else the seal of the copy that may have; null where it had none. */
export type EarlierSeal = 'first' | Seal | null;

export type SealedCopy =
  | { readonly kind: 'sealed'; readonly bytes: Uint8Array; readonly seal: Seal | null }
  /** Its bytes would not be those of the copy that may have arrived: the store or the program is not what it was. */
  | { readonly kind: 'differs' };

export type CopySealer = (slots: SlotTexts, earlier: EarlierSeal) => SealedCopy;

/** Splits and hashes what all copies of a compiled message share, once. */
export function openCopySealer(mime: Uint8Array, keys: readonly SigningKey[]): CopySealer {
  const prepared = prepareMime(mime);
  const signer = openSigner(prepared, keys);
  return (slots, earlier) => {
    const values = encodeSlots(slots);
    const seal = earlier === 'first' ? (keys.length > 0 ? signer.sign(values) : null) : earlier;
    if (earlier !== 'first' && earlier !== null) {
      const { bodyHash, headHash } = signer.hash(values);
      if (bodyHash !== earlier.bodyHash || headHash !== earlier.headHash) return { kind: 'differs' };
    }
    return { kind: 'sealed', bytes: fillSlots(prepared, values, seal?.fields ?? ''), seal };
  };
}
