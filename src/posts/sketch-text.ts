/** Text → its sketch: a sample of its windows that is the same for the same window in any text, so that an edited post is known again. */
import { SKETCH_SIZE } from '../domain/traits.ts';

/** In UTF-16 code units: about two words, or a sentence where there are no spaces. */
const WINDOW = 12;
const FACTOR = 0x01000193;
/** What leaves the window is taken out of the hash again. */
const LEAVING = Array.from({ length: WINDOW }, () => FACTOR).reduce((power) => Math.imul(power, FACTOR), 1);

/** Ascending. Depends on the words alone: how they are broken into lines does not matter. */
export function sketchText(text: string): readonly number[] {
  // Every run of white space becomes one space; those that are one already are most, and are passed over.
  const words = text.replace(/\s\s+|[^\S ]/gu, ' ').trim();
  const smallest = new Uint32Array(SKETCH_SIZE);
  let kept = 0;
  let rolling = 0;
  // Most windows are larger than all that are kept: one comparison each.
  let bound = Infinity;
  for (let index = 0; index < words.length; index += 1) {
    rolling = (Math.imul(rolling, FACTOR) + words.charCodeAt(index)) | 0;
    if (index >= WINDOW) rolling = (rolling - Math.imul(words.charCodeAt(index - WINDOW), LEAVING)) | 0;
    if (index < WINDOW - 1) continue;
    const hash = mix(rolling);
    if (hash >= bound) continue;
    kept = keepSmallest(smallest, kept, hash);
    if (kept === SKETCH_SIZE) bound = smallest[SKETCH_SIZE - 1] ?? Infinity;
  }
  return [...smallest.subarray(0, kept)];
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
