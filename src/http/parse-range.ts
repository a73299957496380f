/** The part of a file that a client asks for (RFC 9110 §14.2): players seek in sound with it, and some play none without; downloads go on where they broke off. */
import type { Fields } from './is-not-modified.ts';

/** Places of the first and the last byte. */
export type ByteRange = { readonly first: number; readonly last: number };

/**
 * Null: the whole file is the answer, also to several ranges (§14.2 lets us) and to what cannot be understood. `unsatisfiable`: none of it is asked for (§15.5.17).
 * `etag`: of the file as it is, strong.
 */
export function parseRange(
  fields: Fields,
  { size, etag }: { readonly size: number; readonly etag: string },
): ByteRange | 'unsatisfiable' | null {
  const asked = /^bytes=[\t ]*(\d{0,15})-(\d{0,15})[\t ]*$/i.exec(fields.get('range') ?? '');
  const [, from = '', to = ''] = asked ?? [];
  if (from === '' && to === '') return null;
  // §13.1.5: a date proves too little to join two parts of a file.
  const condition = fields.get('if-range');
  if (condition !== null && condition !== etag) return null;
  const range = placesOf(from, to, size);
  if (range && range.first > range.last) return 'unsatisfiable';
  return range;
}

/** RFC 9110 §14.1.2: from a byte to another or to the end, or so many at the end; null for an end before its beginning. */
function placesOf(from: string, to: string, size: number): ByteRange | null {
  if (from === '') return { first: Math.max(0, size - Number(to)), last: size - 1 };
  if (to === '') return { first: Number(from), last: size - 1 };
  return Number(to) < Number(from) ? null : { first: Number(from), last: Math.min(Number(to), size - 1) };
}
