/** What is known of the files beside posts, by their stamps: a picture that is as it was is not read again. */
import type { Cache } from '../domain/cache.ts';
import type { FileFacts } from './describe-file.ts';

export type FileBook = {
  /** Null for a file that is not known as it is. `path`: below the publication's folder. */
  readonly recall: (path: string, stamp: string) => FileFacts | null;
  readonly note: (path: string, stamp: string, facts: FileFacts) => void;
  /** To be called when all were asked for: what was noted is kept for the next time. */
  readonly keep: () => void;
};

const KIND = 'file-facts';

type Kept = { readonly stamp: string; readonly facts: FileFacts };

/** From so many on they are read together: one by one, each costs a search. */
const MANY = 50;

/** `trustStamps`: false where each file is to be read whatever its stamp. */
export function openFileBook(cache: Pick<Cache, 'all' | 'get' | 'put'>, trustStamps: boolean): FileBook {
  const noted = new Map<string, string>();
  let asked = 0;
  let all: ReadonlyMap<string, string> | null = null;
  const look = (path: string): string | null => {
    asked += 1;
    if (asked > MANY) all ??= cache.all(KIND);
    return all ? (all.get(path) ?? null) : cache.get(KIND, path);
  };
  return {
    recall: (path, stamp) => {
      const text = trustStamps ? look(path) : null;
      const kept = text === null ? null : (JSON.parse(text) as Kept);
      return kept?.stamp === stamp ? kept.facts : null;
    },
    note: (path, stamp, facts) => {
      const kept: Kept = { stamp, facts };
      noted.set(path, JSON.stringify(kept));
    },
    keep: () => {
      if (noted.size > 0) cache.put(KIND, noted);
      noted.clear();
    },
  };
}
