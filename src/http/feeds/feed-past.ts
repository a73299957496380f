/**
 * What earlier versions of a feed held: the marks of their entries, known by every entity tag they were sent under. It is kept over restarts, in the
 * cache: when it is lost, readers get the whole feed once.
 */
import type { Cache } from '../../domain/cache.ts';
import type { FeedDocument } from './feed-document.ts';

/** Versions of one document that are remembered: a reader that asks once a day may miss fifty changes. */
const LARGEST_PAST = 50;
const KIND = 'feed-past';

type Version = {
  /** One for each coding. */
  readonly etags: readonly string[];
  /** Of its entries, by `FeedEntry.mark`. */
  readonly marks: readonly string[];
};

/** By entity tag: the marks of the entries that whoever has it, has. Oldest first. */
export type FeedPast = ReadonlyMap<string, ReadonlySet<string>>;

/** Adds the document, as it is now, to its past, and tells the whole of it. */
export function recallPast(cache: Pick<Cache, 'get' | 'put'>, document: FeedDocument): FeedPast {
  const earlier = readVersions(cache.get(KIND, document.path));
  const versions = document.split === null ? earlier : addVersion(earlier, document, document.split.entries);
  if (versions !== earlier) cache.put(KIND, new Map([[document.path, JSON.stringify(versions)]]));
  return new Map(
    versions.flatMap(({ etags, marks }) => {
      const held = new Set(marks);
      return etags.map((etag) => [etag, held] as const);
    }),
  );
}

function addVersion(
  earlier: readonly Version[],
  { representations }: FeedDocument,
  entries: readonly { readonly mark: string }[],
): readonly Version[] {
  const etags = [...representations.values()].map(({ etag }) => etag);
  if (earlier.at(-1)?.etags.join() === etags.join()) return earlier;
  // A feed that was put back to what it had been is the newest again.
  const others = earlier.filter((version) => version.etags[0] !== etags[0]);
  return [...others, { etags, marks: entries.map(({ mark }) => mark) }].slice(-LARGEST_PAST);
}

function readVersions(text: string | null): readonly Version[] {
  try {
    return text === null ? [] : (JSON.parse(text) as readonly Version[]);
  } catch {
    return [];
  }
}
