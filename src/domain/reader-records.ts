/** Part of the persistence port: who reads the feeds. */
import type { ReaderCount } from './reader.ts';

export interface ReaderRecords {
  /** Notes what a worker counted of these days, readers and feeds since it started; what it said of them before is replaced. All or none. */
  record(worker: string, counts: readonly ReaderCount[]): Promise<void>;
  /** Of that day (`2026-11-20`) and later, the oldest first; one for each worker that counted. */
  since(day: string): Promise<readonly ReaderCount[]>;
  /** Drops what was counted before that day. */
  forget(before: string): Promise<void>;
}
