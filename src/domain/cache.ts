/**
 * The port to what may be forgotten at any time: results kept so that a run does only what changed. Losing it costs time and nothing else, so
 * it is never backed up, and its failures are never reported as failures of the work.
 */

export interface Cache {
  /** Everything kept under a kind, by key. Values are JSON text. */
  all(kind: string): ReadonlyMap<string, string>;
  /** The same one after the other, for what is too much to hold at once. What is put meanwhile may be met, or not. */
  each(kind: string): Iterable<readonly [key: string, value: string]>;
  /** One value, for kinds too large to hold whole. */
  get(kind: string, key: string): string | null;
  /** Adds, replaces (and with null removes), in one transaction. */
  put(kind: string, changes: ReadonlyMap<string, string | null>): void;
  close(): void;
}
