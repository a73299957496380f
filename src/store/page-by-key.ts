/**
 * Streams a long table page by page, each page a query of its own that starts after the last key seen. No transaction stays
 * open while the caller awaits, and the last page costs what the first did (OFFSET would not).
 */

export const PAGE_ROWS = 500;

/** `fetch` gives at most `PAGE_ROWS` rows whose key is greater than `after`, in order of the key. Keys are positive. */
export async function* pageByKey<Row>(
  fetch: (after: number) => Promise<readonly Row[]>,
  keyOf: (row: Row) => number,
): AsyncGenerator<Row> {
  let after = 0;
  for (;;) {
    const page = await fetch(after);
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE_ROWS) return;
    after = keyOf(last);
  }
}
