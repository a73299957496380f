/** Counts a haiku's syllables, as a hint for authors who care: 5-7-5 is never required. English only, and by rule of thumb. */
import { syllable } from 'syllable';
import type { Haiku } from '../domain/haiku.ts';

/** `5-7-6 syllables`, or null when there is nothing to say: it is 5-7-5, or not in Latin script. */
export function syllableHint(haiku: Haiku): string | null {
  const isLatin = haiku.every((line) => /\p{L}/u.test(line) && !/[^\p{Script=Latin}\P{L}]/u.test(line));
  const counts = haiku.map((line) => syllable(line)).join('-');
  return isLatin && counts !== '5-7-5' ? `${counts} syllables` : null;
}
