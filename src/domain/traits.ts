/** Traits: what a post is known by when its name and its text changed between two looks. Pure; how they are found is `posts/sketch-text.ts`. */

export type Traits = {
  readonly title: string;
  /** In one line, or null. */
  readonly haiku: string | null;
  /** The day the file dates it, `2026-11-20`, or null. */
  readonly day: string | null;
  /** The smallest hashes of the text's windows, ascending, as numbers; few or none for a text that is too short to tell. */
  readonly sketch: readonly number[];
};

/** How many hashes a sketch has when the text is long enough. */
export const SKETCH_SIZE = 32;
/** Fewer hashes than these say nothing. */
const FEWEST = 8;
/** What two texts must share of all they have: unrelated ones share next to nothing, and one with a third of it written anew still half. */
const KIN_SHARE = 0.4;

/** Whether two posts are one, edited: the same haiku, the same title and day, or mostly the same text. */
export function areKin(a: Traits, b: Traits): boolean {
  if (a.haiku !== null && a.haiku === b.haiku) return true;
  if (a.day !== null && a.day === b.day && a.title === b.title) return true;
  return shareOf(a.sketch, b.sketch) >= KIN_SHARE;
}

/** The Jaccard similarity of two texts, estimated from the smallest hashes of both together (Broder's resemblance); 0 where they are too short. */
export function shareOf(a: readonly number[], b: readonly number[]): number {
  const others = new Set(b);
  const both = new Set(a.filter((hash) => others.has(hash)));
  const union = [...new Set([...a, ...b])].sort((x, y) => x - y).slice(0, SKETCH_SIZE);
  return union.length < FEWEST ? 0 : union.filter((hash) => both.has(hash)).length / union.length;
}
