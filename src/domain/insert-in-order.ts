/** A few items among many that are in order. */

/** `list` is in the order of `compare`; an item that is equal to others comes after them. */
export function insertInOrder<Item>(
  list: readonly Item[],
  added: readonly Item[],
  compare: (a: Item, b: Item) => number,
): readonly Item[] {
  const items = [...list];
  for (const item of added) {
    let [low, high] = [0, items.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const there = items[middle];
      if (there !== undefined && compare(there, item) <= 0) low = middle + 1;
      else high = middle;
    }
    items.splice(low, 0, item);
  }
  return items;
}
