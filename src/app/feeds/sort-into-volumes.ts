/** Which entries each volume has, and which are in none yet. For a program that runs on it costs what came and went: there are thousands of volumes. */
import { compareNewestFirst } from '../../domain/post.ts';
import { keepFor, patchList, type Succession, successionOf } from '../../domain/succession.ts';
import type { Volume } from '../../domain/volume.ts';
import type { PreparedEntry } from '../entries/prepare-entries.ts';

/** By number; under null, those that are in no volume. Each newest first, and the same list as long as it has the same. */
export type SortedVolumes = ReadonlyMap<number | null, readonly PreparedEntry[]>;

export class VolumeMemory {
  #last: {
    readonly entries: readonly PreparedEntry[];
    readonly volumes: readonly Volume[];
    readonly sorted: SortedVolumes;
  } | null = null;

  /** `entries`: newest first. */
  sort(entries: readonly PreparedEntry[], volumes: readonly Volume[]): SortedVolumes {
    const last = this.#last;
    const sorted =
      last && last.volumes === volumes ? this.#sortAgain(entries) : this.#sortInto(entries, volumes);
    this.#last = { entries, volumes, sorted };
    return sorted;
  }

  /** Into the same volumes as the last time. */
  #sortAgain(entries: readonly PreparedEntry[]): SortedVolumes {
    const last = this.#last;
    if (last?.entries === entries) return last.sorted;
    const change = successionOf(entries);
    if (!last || change?.before !== last.entries) return sortAll(entries, last?.volumes ?? []);
    return patch(last.sorted, change, numbersOf(last.volumes));
  }

  /** Into volumes that may be more than the last time: then those that were in none get theirs. */
  #sortInto(entries: readonly PreparedEntry[], volumes: readonly Volume[]): SortedVolumes {
    const last = this.#last;
    const change = successionOf(volumes);
    const isMore =
      last?.entries === entries && change?.before === last.volumes && change.removed.length === 0;
    if (!isMore) return sortAll(entries, volumes);
    return new Map([...last.sorted, ...sortAll(last.sorted.get(null) ?? [], volumes, [null])]);
  }
}

function sortAll(
  entries: readonly PreparedEntry[],
  volumes: readonly Volume[],
  empty: readonly (number | null)[] = [],
): SortedVolumes {
  const numbers = numbersOf(volumes);
  const none = new Map<number | null, readonly PreparedEntry[]>(empty.map((number) => [number, []]));
  return new Map([...none, ...Map.groupBy(entries, ({ post }) => numbers.get(post.id) ?? null)]);
}

function patch(
  sorted: SortedVolumes,
  { added, removed }: Succession<PreparedEntry>,
  numbers: ReadonlyMap<string, number>,
): SortedVolumes {
  const patched = new Map(sorted);
  const numberOf = ({ post }: PreparedEntry): number | null => numbers.get(post.id) ?? null;
  for (const number of new Set([...added, ...removed].map(numberOf))) {
    const isOf = (entry: PreparedEntry): boolean => numberOf(entry) === number;
    const change = { added: added.filter(isOf), removed: removed.filter(isOf) };
    const byTime = (a: PreparedEntry, b: PreparedEntry): number => compareNewestFirst(a.post, b.post);
    patched.set(number, patchList(patched.get(number) ?? [], change, byTime));
  }
  return patched;
}

/** The number of each post's volume, by id. */
export const numbersOf: (volumes: readonly Volume[]) => ReadonlyMap<string, number> = keepFor<
  Volume,
  Map<string, number>
>(
  (volumes) => numberPosts(new Map(), volumes),
  // A volume that was closed stays: nobody asks what there was before it.
  (last, { added, removed }, volumes) =>
    removed.length === 0 ? numberPosts(last, added) : numberPosts(new Map(), volumes),
);

function numberPosts(numbers: Map<string, number>, volumes: readonly Volume[]): Map<string, number> {
  for (const { number, posts } of volumes) for (const id of posts) numbers.set(id, number);
  return numbers;
}
