/** Text → its sketch: a sample of its windows that is the same for the same window in any text, so that an edited post is known again. */
import { SKETCH_SIZE } from '../domain/traits.ts';

/** In UTF-16 code units: about two words, or a sentence where there are no spaces. */
const WINDOW = 12;
const FACTOR = 0x01000193;
const SPACE = 0x20;
/** What leaves the window is taken out of the hash again. */
const LEAVING = Array.from({ length: WINDOW }, () => FACTOR).reduce((power) => Math.imul(power, FACTOR), 1);

/** Ascending. Depends on the words alone: how they are broken into lines does not matter. */
export function sketchText(text: string): readonly number[] {
  const units = foldSpace(text);
  const smallest = new Uint32Array(SKETCH_SIZE);
  let kept = 0;
  let rolling = 0;
  // Most windows are larger than all that are kept: one comparison each.
  let bound = Infinity;
  for (let index = 0; index < units.length; index += 1) {
    rolling = (Math.imul(rolling, FACTOR) + (units[index] ?? 0)) | 0;
    if (index >= WINDOW) rolling = (rolling - Math.imul(units[index - WINDOW] ?? 0, LEAVING)) | 0;
    if (index < WINDOW - 1) continue;
    const hash = mix(rolling);
    if (hash >= bound) continue;
    kept = keepSmallest(smallest, kept, hash);
    if (kept === SKETCH_SIZE) bound = smallest[SKETCH_SIZE - 1] ?? Infinity;
  }
  return [...smallest.subarray(0, kept)];
}

/** White space as `\s` has it, and `trim`. */
const WHITE =
  '\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff';

/** By code unit: of white space a space, of all others themselves. */
const FOLDED = new Uint16Array(0x10000).map((_, unit) => unit);
for (const character of WHITE) FOLDED[character.charCodeAt(0)] = SPACE;

/** Where units are laid out: arrays of their own for thousands of texts would cost more than the sketches. */
let given = new Uint16Array(0);
let folded = new Uint16Array(0);

/** UTF-16 code units of the text, every run of white space one space, with none at the ends. To be read before the next call. */
function foldSpace(text: string): Uint16Array {
  if (given.length < text.length) {
    given = new Uint16Array(Math.max(text.length, 16_384));
    folded = new Uint16Array(given.length);
  }
  Buffer.from(given.buffer).write(text, 'utf16le');
  let length = 0;
  let last = 1;
  // Without a branch at each space, which no processor foresees.
  for (let index = 0; index < text.length; index += 1) {
    const unit = FOLDED[given[index] ?? 0] ?? 0;
    const space = unit === SPACE ? 1 : 0;
    folded[length] = unit;
    length += 1 - (space & last);
    last = space;
  }
  return folded.subarray(0, Math.max(0, length - last));
}

/** Spreads a rolling hash over all 32 bits, so that the smallest are a fair sample (the finaliser of MurmurHash3). */
function mix(value: number): number {
  const first = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  const second = Math.imul(first ^ (first >>> 13), 0xc2b2ae35);
  return (second ^ (second >>> 16)) >>> 0;
}

/** Puts a hash in its place among the `kept` smallest, unless it is there; answers with how many there are now. */
function keepSmallest(smallest: Uint32Array, kept: number, hash: number): number {
  let place = kept;
  while (place > 0 && (smallest[place - 1] ?? 0) > hash) place -= 1;
  if (place > 0 && smallest[place - 1] === hash) return kept;
  for (let at = Math.min(kept, SKETCH_SIZE - 1); at > place; at -= 1) smallest[at] = smallest[at - 1] ?? 0;
  if (place < SKETCH_SIZE) smallest[place] = hash;
  return Math.min(kept + 1, SKETCH_SIZE);
}
