/**
 * The journal: what this machine knows of the sending, kept apart from the database. A database that was put back from an older copy, deleted or
 * exchanged looks sound from the inside and would mail people a second time; held against the journal, it is found out.
 *
 * The database has an *epoch*, a number that grows with every run, every freeze, every backup, and each second while messages are handed over. It is
 * raised in the database first and noted here second, both durably, before anything that depends on it leaves.
 */

/** What is remembered of a digest, so that nobody is mailed it again by a database that never heard of it. */
export type JournalDigest = {
  readonly number: number;
  readonly series: string;
  readonly slot: string;
  readonly subject: string;
  readonly frozenAt: Temporal.Instant;
  /** Ids, in the digest's order. */
  readonly posts: readonly string[];
};

export type JournalLine = {
  /** The store's own id: see `Store.instanceId`. */
  readonly instance: string;
  readonly epoch: number;
  readonly at: Temporal.Instant;
  /** `opened`: before anything else. `run`: sending began. `beat`: it goes on. `digest`: one was frozen. `backup`: a copy was made. `recovered`: a person decided. */
  readonly event: 'opened' | 'run' | 'beat' | 'digest' | 'backup' | 'recovered';
  /** With `digest` only. */
  readonly digest?: JournalDigest;
};

export interface Journal {
  /** Where it is, for people. */
  readonly place: string;
  /** Whether other machines send from the same database and keep journals of their own: then a missing one says nothing. */
  readonly isOneOfMany: boolean;
  /** In the order they were written; none when there is no journal. Throws OperatorError when it cannot be read. */
  read(): Promise<readonly JournalLine[]>;
  /** Adds lines at the end, durably. Throws OperatorError when it cannot be written. */
  append(lines: readonly JournalLine[]): Promise<void>;
}

/** What the journal says of a database. */
export type JournalVerdict =
  | { readonly kind: 'fits' }
  /** It sent before, and there is no journal of that. */
  | { readonly kind: 'journal-missing' }
  /** An older copy: the journal knows of more. */
  | { readonly kind: 'older'; readonly epoch: number; readonly at: Temporal.Instant }
  /** Another database was here before. */
  | { readonly kind: 'exchanged'; readonly at: Temporal.Instant };

/** Pure. `epoch` is the database's, 0 while it never sent. */
export function judgeDatabase(
  { lines, isOneOfMany }: { readonly lines: readonly JournalLine[]; readonly isOneOfMany: boolean },
  { instance, epoch }: { readonly instance: string; readonly epoch: number },
): JournalVerdict {
  const last = lines.at(-1);
  if (last === undefined) return epoch === 0 || isOneOfMany ? { kind: 'fits' } : { kind: 'journal-missing' };
  if (last.instance !== instance) return { kind: 'exchanged', at: last.at };
  const newest = findNewest(lines, instance);
  if (newest !== null && newest.epoch > epoch) return { kind: 'older', epoch: newest.epoch, at: last.at };
  return { kind: 'fits' };
}

/** The line with the highest epoch of a database; two programs may have written theirs out of order. */
export function findNewest(lines: readonly JournalLine[], instance: string): JournalLine | null {
  let newest: JournalLine | null = null;
  for (const line of lines) {
    if (line.instance === instance && line.epoch > (newest?.epoch ?? 0)) newest = line;
  }
  return newest;
}

/** Each digest once, whichever database it was frozen in. */
export function listDigests(lines: readonly JournalLine[]): readonly JournalDigest[] {
  const byName = new Map<string, JournalDigest>();
  for (const { digest } of lines) {
    if (digest) byName.set(JSON.stringify([digest.series, digest.slot]), digest);
  }
  return [...byName.values()];
}
