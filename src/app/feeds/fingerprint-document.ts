/** The fingerprint of a feed document. In a program that runs on nearly all are the same each round, and a publication of ten thousand posts has a thousand. */
import { hash } from 'node:crypto';
import type { PreparedEntry } from '../entries/prepare-entries.ts';

type Known = {
  readonly frame: string;
  readonly entries: readonly PreparedEntry[];
  readonly fingerprint: string;
};

/** By their first entry: the same may stand first in several documents. */
const known = new WeakMap<PreparedEntry, readonly Known[]>();
/** The main feed, a volume, and some tags. */
const MOST_OF_ONE = 8;

/** SHA-256 (hex). `frame`: all that the document says besides its entries, as JSON. */
export function fingerprintOf(frame: string, entries: readonly PreparedEntry[]): string {
  const [first] = entries;
  const others = (first && known.get(first)) ?? [];
  const same = others.find((one) => one.frame === frame && areSame(one.entries, entries));
  if (same) return same.fingerprint;
  const marks = JSON.stringify(entries.map((entry) => entry.fingerprint));
  const fingerprint = hash('sha256', `[${frame},${marks}]`);
  if (first) known.set(first, [{ frame, entries, fingerprint }, ...others].slice(0, MOST_OF_ONE));
  return fingerprint;
}

function areSame(a: readonly PreparedEntry[], b: readonly PreparedEntry[]): boolean {
  return a.length === b.length && a.every((entry, index) => entry === b[index]);
}
