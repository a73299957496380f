/** Splits a prepared message into header and body, each still with its slots; what a DKIM signature treats apart. */
import type { PreparedMime, SlotName } from '../personalise.ts';

/** What goes into each slot, as it stands in the message: folded, encoded. */
export type SlotValues = Readonly<Record<SlotName, Uint8Array>>;

/** Latin1 text with slots: `pieces[0] slots[0] pieces[1] … pieces.at(-1)`. */
export type SlottedText = { readonly pieces: readonly string[]; readonly slots: readonly SlotName[] };

/** The header without the empty line that ends it. Throws for bytes that have no such line. */
export function splitMime({ pieces, slots }: PreparedMime): {
  readonly head: SlottedText;
  readonly body: SlottedText;
} {
  const texts = pieces.map(readLatin1);
  const index = texts.findIndex((text) => text.includes('\r\n\r\n'));
  const border = texts[index];
  if (border === undefined) throw new Error('A compiled message has an empty line after its header');
  const end = border.indexOf('\r\n\r\n');
  return {
    head: { pieces: [...texts.slice(0, index), border.slice(0, end)], slots: slots.slice(0, index) },
    body: { pieces: [border.slice(end + 4), ...texts.slice(index + 1)], slots: slots.slice(index) },
  };
}

/** One character per byte. */
export function readLatin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
