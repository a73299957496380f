/**
 * Lists that come of others: the posts of this round are those of the last, with one more. Who keeps something for a list finds here what it came of, and does again only what
 * came or went. Lists are known by identity, and nothing is held longer than the newest of them.
 */

import { insertInOrder } from './insert-in-order.ts';

export type Succession<Item> = {
  readonly before: readonly Item[];
  /** In their order; an item that is another value now is in both. */
  readonly added: readonly Item[];
  readonly removed: readonly Item[];
  /** How many are the same from the start, and at the end. */
  readonly head: number;
  readonly tail: number;
};

/** With more than these in between it is no less work than all of it. */
const FEW = 500;

const known = new WeakMap<readonly unknown[], Succession<unknown>>();

/** Notes that a list came of another, and gives the one to go on with: where they say the same, that is the one before. */
export function succeed<Item>(before: readonly Item[] | null, after: readonly Item[]): readonly Item[] {
  if (!before) return after;
  const change = compareEnds(before, after);
  const { added, removed } = change;
  if (added.length === 0 && removed.length === 0) return before;
  // Else each would hold the one before it, for ever.
  known.delete(before);
  if (added.length + removed.length <= FEW) known.set(after, change);
  return after;
}

/** Null where it is not known, or where too much is different. */
export function successionOf<Item>(list: readonly Item[]): Succession<Item> | null {
  return (known.get(list) as Succession<Item> | undefined) ?? null;
}

/** What is the same at both ends, and all that stands in between. */
export function compareEnds<Item>(before: readonly Item[], after: readonly Item[]): Succession<Item> {
  if (before === after) return { before, added: [], removed: [], head: after.length, tail: 0 };
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) {
    tail += 1;
  }
  const added = after.slice(head, after.length - tail);
  const removed = before.slice(head, before.length - tail);
  return { before, added, removed, head, tail };
}

/** What is kept for a list as long as it lasts: made of what was kept for the one that it came of, where that is known, else made whole. */
export function keepFor<Item, Value>(
  make: (list: readonly Item[]) => Value,
  remake: (last: Value, change: Succession<Item>, list: readonly Item[]) => Value,
): (list: readonly Item[]) => Value {
  const values = new WeakMap<readonly Item[], { readonly value: Value }>();
  return (list) => {
    const kept = values.get(list);
    if (kept) return kept.value;
    const change = successionOf(list);
    const last = change && values.get(change.before);
    const value = change && last ? remake(last.value, change, list) : make(list);
    values.set(list, { value });
    return value;
  };
}

/** A list without the removed items and with the added ones, in the order that `compare` says, which is its own. */
export function patchList<Item>(
  list: readonly Item[],
  { added, removed }: Pick<Succession<Item>, 'added' | 'removed'>,
  compare: (a: Item, b: Item) => number,
): readonly Item[] {
  const gone = new Set(removed);
  const rest = gone.size === 0 ? list : list.filter((item) => !gone.has(item));
  return succeed(list, insertInOrder(rest, added, compare));
}
