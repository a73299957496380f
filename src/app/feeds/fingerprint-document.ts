/** The fingerprint of a feed document. */
import { hash } from 'node:crypto';
import type { PreparedEntry } from '../entries/prepare-entries.ts';

/** SHA-256 (hex). `frame`: all that the document says besides its entries, as JSON. */
export function fingerprintOf(frame: string, entries: readonly PreparedEntry[]): string {
  return hash('sha256', `[${frame},${JSON.stringify(entries.map(({ fingerprint }) => fingerprint))}]`);
}
