/**
 * Chooses how much of each post a digest carries so that its HTML stays below the size where Gmail clips a message (102,400 bytes):
 * first the longest full texts become summaries, then the latest posts become "and N more".
 */
import type { Entry } from '../../domain/entry.ts';
import type { BodyStyle } from '../../domain/publication.ts';

export type Folding = {
  /** Entries that stand with their full text. */
  readonly full: ReadonlySet<Entry>;
  /** How many entries have a place of their own, from the oldest. */
  readonly shown: number;
  /** How many haiku the linked verse has. */
  readonly verses: number;
};

/** Bytes of the final HTML, with room for a few that a relay may add. */
export const HTML_LIMIT = 100_000;

/** The longest classical form of linked verse, a *hyakuin*, has a hundred. */
const LONGEST_VERSE = 100;

/** What each part costs in the template that comes with Renga, roughly: the caller renders, weighs and corrects the budget. */
const COSTS = { frame: 8_000, verse: 300, post: 1_200 };

/** `budget` is in estimated bytes; null means no limit. */
export function foldPosts(entries: readonly Entry[], style: BodyStyle, budget: number | null): Folding {
  const everything: Folding = {
    full: new Set(style === 'summary' ? [] : entries),
    shown: entries.length,
    verses: budget === null ? entries.length : Math.min(entries.length, LONGEST_VERSE),
  };
  return budget === null ? everything : cutPosts(entries, foldLongest(entries, everything, budget), budget);
}

/** The size a digest would have, before it is known what the template makes of it. */
function estimateBytes(entries: readonly Entry[], folding: Folding): number {
  const verses = entries.slice(0, folding.verses).map(verseBytes);
  const posts = entries.slice(0, folding.shown).map((entry) => postBytes(entry, folding.full.has(entry)));
  return COSTS.frame + sum(verses) + sum(posts);
}

function foldLongest(entries: readonly Entry[], folding: Folding, budget: number): Folding {
  const full = new Set(folding.full);
  let over = estimateBytes(entries, folding) - budget;
  // `toReversed` first: of two texts of one length the later is folded.
  const longestFirst = entries.toReversed().toSorted((a, b) => savingOf(b) - savingOf(a));
  for (const entry of longestFirst) {
    if (over <= 0 || savingOf(entry) <= 0) break;
    if (full.delete(entry)) over -= savingOf(entry);
  }
  return { ...folding, full };
}

function cutPosts(entries: readonly Entry[], folding: Folding, budget: number): Folding {
  let { shown, verses } = folding;
  let over = estimateBytes(entries, folding) - budget;
  for (; over > 0 && shown > 0; shown -= 1) {
    const entry = entries[shown - 1];
    over -= entry ? postBytes(entry, folding.full.has(entry)) : 0;
  }
  for (; over > 0 && verses > 0; verses -= 1) {
    const entry = entries[verses - 1];
    over -= entry ? verseBytes(entry) : 0;
  }
  return { ...folding, shown, verses };
}

function savingOf(entry: Entry): number {
  return postBytes(entry, true) - postBytes(entry, false);
}

function postBytes(entry: Entry, isFull: boolean): number {
  const { post, url, body, summary } = entry;
  const haiku = Buffer.byteLength(post.haiku?.join('') ?? '');
  const frame = COSTS.post + Buffer.byteLength(post.title) + 2 * Buffer.byteLength(url) + haiku;
  return frame + (isFull ? Buffer.byteLength(body.html) : Buffer.byteLength(summary) + 200);
}

function verseBytes({ post, url }: Entry): number {
  return post.haiku ? COSTS.verse + Buffer.byteLength(url) + Buffer.byteLength(post.haiku.join('')) : 0;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
