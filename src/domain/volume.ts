/**
 * Volumes: the archive documents of the main feed (RFC 5005 §4). A post gets into a volume once, when or before it leaves the feed, and stays in that
 * one whatever becomes of its date. A volume never gets another post: one that is published late with an old date opens a volume of its own.
 * A post that is removed is missing from its volume until it comes back. A volume has posts of one year.
 */
import type { MarkStep } from './mark-step.ts';

export type Volume = {
  /** Place in the chain, from 1, the oldest. */
  readonly number: number;
  /** Its place below `archive/`: `2025`, then `2025-2`. */
  readonly name: string;
  /** Ids of its posts. */
  readonly posts: readonly string[];
};

/** What must outlive the program, so that no volume ever changes its set. */
export interface Volumes {
  /** By number. */
  all(): Promise<readonly Volume[]>;
  /** Adds volumes, all or none. */
  close(volumes: readonly Volume[]): Promise<ClosedVolumes>;
}

/** `taken`: another program closed one of these numbers with other posts meanwhile, so plan again. */
export type ClosedVolumes = {
  readonly kind: 'closed' | 'taken';
  /** Null where nothing had to be written. */
  readonly step: MarkStep | null;
};

export type VolumeCandidate = {
  readonly id: string;
  readonly year: number;
  /** Bytes it takes in the largest of the formats, or a little more. */
  readonly weight: number;
  readonly isInFeed: boolean;
};

/** What a volume may weigh before the rest of its year goes into another. */
export const VOLUME_BYTES = 250_000;

/**
 * The volumes to close now; none while every post is in the feed or in a volume. Otherwise all that are in no volume are closed, those in the
 * feed too: so the next ones are not due before the feed is full of new posts. `candidates`: all that is published, newest first.
 */
export function closeVolumes(
  candidates: readonly VolumeCandidate[],
  closed: readonly Volume[],
): readonly Volume[] {
  const bound = new Set(closed.flatMap(({ posts }) => posts));
  return closeLoose(
    candidates.filter(({ id }) => !bound.has(id)),
    closed,
  );
}

/** The same of candidates that are in no volume. */
export function closeLoose(
  candidates: readonly VolumeCandidate[],
  closed: readonly Volume[],
): readonly Volume[] {
  const loose = candidates.toReversed();
  if (loose.every(({ isInFeed }) => isInFeed)) return [];
  const volumes: Volume[] = [];
  const years = Map.groupBy(loose, ({ year }) => year);
  for (const year of [...years.keys()].toSorted((a, b) => a - b)) {
    for (const posts of splitByWeight(years.get(year) ?? [])) {
      const number = closed.length + volumes.length + 1;
      volumes.push({ number, name: nameVolume(year, [...closed, ...volumes]), posts });
    }
  }
  return volumes;
}

/** Oldest first, so that what comes later in a year moves nothing from one part to another. */
function splitByWeight(candidates: readonly VolumeCandidate[]): readonly (readonly string[])[] {
  const parts: string[][] = [];
  let room = 0;
  for (const { id, weight } of candidates) {
    const part = parts.at(-1);
    if (part && weight <= room) part.push(id);
    else {
      parts.push([id]);
      room = VOLUME_BYTES;
    }
    room -= weight;
  }
  return parts;
}

function nameVolume(year: number, others: readonly Volume[]): string {
  const names = new Set(others.map(({ name }) => name));
  let name = String(year);
  for (let part = 2; names.has(name); part += 1) name = `${year}-${part}`;
  return name;
}
