/**
 * The body hash of a copy (RFC 6376 §3.7), without a look at what all copies have in common: that is in canonical form already, and hashed already as
 * far as the first slot.
 */
import { createHash, type Hash } from 'node:crypto';
import { canonicaliseEnd, canonicaliseLines, splitStretch } from './canonical-form.ts';
import { readLatin1, type SlottedText, type SlotValues } from './split-mime.ts';

/** White space waits until it is known what follows it: a slot's value may go on with it, and at the end of the body it is dropped. */
type Waiting = { readonly white: string; readonly hasInk: boolean };

type Piece = { readonly lead: string; readonly ink: Uint8Array; readonly tail: string };

/** Body with slots → what gives the SHA-256 of each copy's relaxed canonical form, base64. */
export function openBodyHash(body: SlottedText): (values: SlotValues) => string {
  const [first, ...others] = body.pieces.map(preparePiece);
  if (!first) throw new Error('A prepared message has at least one piece');
  const start = createHash('sha256');
  const begun = feed(start, { white: '', hasInk: false }, first);
  return (values) => {
    const hash = start.copy();
    let waiting = begun;
    for (const [index, piece] of others.entries()) {
      const slot = body.slots[index];
      if (slot) waiting = feed(hash, waiting, preparePiece(readLatin1(values[slot])));
      waiting = feed(hash, waiting, piece);
    }
    return hash.update(canonicaliseEnd(waiting.white, waiting.hasInk), 'latin1').digest('base64');
  };
}

function preparePiece(text: string): Piece {
  const { lead, ink, tail } = splitStretch(text);
  return { lead, ink: Buffer.from(canonicaliseLines(ink), 'latin1'), tail };
}

function feed(hash: Hash, { white, hasInk }: Waiting, { lead, ink, tail }: Piece): Waiting {
  const before = white + lead;
  if (ink.length === 0) return { white: before + tail, hasInk };
  if (before !== '') hash.update(canonicaliseLines(before), 'latin1');
  hash.update(ink);
  return { white: tail, hasInk: true };
}
