/**
 * Pages and other texts in the coding a client takes: made when it is first asked for, and kept for as long as there is room. By the hash of the plain
 * bytes, so that no replaced file is ever answered with what it was before.
 */
import { createHash } from 'node:crypto';
import { type Choice, chooseCoding } from './feeds/choose-coding.ts';
import { CODINGS, type Coding, encodeQuickly } from './feeds/encode-body.ts';

/** Below, the header of the answer weighs more than what is saved. In bytes. */
const SMALLEST = 1024;
/** Above, a file is sent piece by piece, as it is. */
const LARGEST = 1 << 20;
/** Bytes of all that is kept; what was not asked for longest goes first. */
const ROOM = 32 << 20;

export type EncodedBody = Uint8Array<ArrayBuffer>;

export type EncodedFiles = {
  /** The body; `read` gives the plain bytes that `hash` (SHA-256, base64url) is of, and is not called when the body is there already. */
  readonly encode: (hash: string, coding: Coding, read: () => Promise<Uint8Array>) => Promise<EncodedBody>;
};

/** Which coding a text of that many bytes is sent in. */
export function codingFor(accepted: string | null, text: { readonly size: number }): Choice {
  if (text.size < SMALLEST || text.size > LARGEST) return 'identity';
  return chooseCoding(accepted, (coding) => CODINGS.includes(coding));
}

export function openEncodedFiles(room = ROOM): EncodedFiles {
  const kept = new Map<string, EncodedBody>();
  const underWay = new Map<string, Promise<EncodedBody>>();
  let weight = 0;

  const keep = (key: string, body: EncodedBody): void => {
    kept.set(key, body);
    weight += body.length;
    for (const [oldest, { length }] of kept) {
      if (weight <= room) return;
      kept.delete(oldest);
      weight -= length;
    }
  };

  const make = async (key: string, coding: Coding, read: () => Promise<Uint8Array>): Promise<EncodedBody> => {
    const plain = await read();
    const body = await encodeQuickly(plain, coding);
    // A file that was written over, not replaced, may have changed since its hash was taken: that is sent once, and not kept under it.
    if (key.startsWith(`${createHash('sha256').update(plain).digest('base64url')} `)) keep(key, body);
    return body;
  };

  return {
    encode: async (hash, coding, read) => {
      const key = `${hash} ${coding}`;
      const known = kept.get(key);
      if (known) {
        // Asked for last, so that it goes last.
        kept.delete(key);
        kept.set(key, known);
        return known;
      }
      const making = underWay.get(key) ?? make(key, coding, read).finally(() => underWay.delete(key));
      underWay.set(key, making);
      return await making;
    },
  };
}
