/**
 * The feeds as they are answered: in memory, in every coding, all formats of one feed from one publish. A new set takes the old one's place in one
 * step, when its documents agree; until then readers get the old one, whole. Otherwise nothing older than what stands on the disk is ever answered.
 */
import { join } from 'node:path';
import type { AnsweringFeed } from './answer-feed.ts';
import { isSameLook, type Look, lookAt, openLooks } from './feed-looks.ts';
import { nameSet, setOf } from './feed-set.ts';
import { openTurns } from '../open-turns.ts';
import { judgeSet, type ShelvedSet, type ShelfMeans } from './judge-set.ts';

export type FeedShelf = {
  /** The document, without waiting: null when it is not in memory as it stands on the disk, which is looked at once for each turn of the loop. */
  readonly peek: (path: string) => AnsweringFeed | null;
  /**
   * The document. `not-there`: there was none when its set was judged, and if it came since, its like in other formats may not be here yet. `not-kept`: it is
   * too large for that, or no document. `path`: below `public/`, from `parsePath`.
   */
  readonly find: (path: string) => Promise<AnsweringFeed | 'not-there' | 'not-kept'>;
  /**
   * Told when a publish is over, whatever came of it: what then stays as it is counts, also where documents do not agree. What is in memory is made ready
   * anew, before anyone asks for it; resolves when that is done, never rejects.
   */
  readonly settle: () => Promise<void>;
  /** Makes the main feed ready, before anyone asks for it. Never rejects. */
  readonly warm: () => Promise<void>;
};

export type FeedShelfMeans = ShelfMeans & {
  /** How long, in milliseconds, a document waits for the first publish when its set was left half-written. */
  readonly patience?: number;
};

/** Bytes of all sets together; what was not asked for longest goes first. */
const LARGEST_SHELF = 128 << 20;
const PATIENCE = 10_000;
const MAIN_FEED = 'atom.xml';
/** How often a set that is written while it is read is read again for one request. */
const TRIES = 3;

export function openFeedShelf(means: FeedShelfMeans): FeedShelf {
  const sets = new Map<string, ShelvedSet>();
  const loading = new Map<string, Promise<ShelvedSet>>();
  const firstPublish = openFirstPublish(means.patience ?? PATIENCE);
  const lookOnce = openLooks(means.folder);
  const turn = openTurns();

  const load = async (key: string, paths: readonly string[]): Promise<ShelvedSet> => {
    let set = await judgeSet(means, paths, sets.get(key));
    if (!set.isCurrent && set.feeds.size === 0) {
      await firstPublish.over();
      set = await judgeSet(means, paths, { ...set, isOverdue: true, looks: lookAtAll(means.folder, paths) });
    }
    sets.delete(key);
    // What is not there is not remembered: anyone can make up names.
    if (!set.isCurrent || set.feeds.size > 0) sets.set(key, set);
    dropOldest(sets);
    return set;
  };

  const find: FeedShelf['find'] = async (path) => {
    const key = nameSet(path);
    const paths = setOf(path);
    let set = sets.get(key);
    for (let tries = 0; tries < TRIES && !isAsJudged(set, means.folder, paths); tries += 1) {
      const underWay = loading.get(key) ?? load(key, paths).finally(() => loading.delete(key));
      loading.set(key, underWay);
      const judged = await underWay;
      await turn();
      set = sets.get(key) ?? judged;
    }
    return set?.feeds.get(path) ?? (set?.looks.get(path) ? 'not-kept' : 'not-there');
  };
  // In a turn of its own, so that many hold nobody up. Whoever asks is told what is wrong.
  const prepare = async (path: string): Promise<void> => {
    await turn();
    await find(path).catch(() => null);
  };

  return {
    find,
    peek: (path) => {
      const set = sets.get(nameSet(path));
      if (!set || set.isOverdue || !isSameLook(lookOnce(path), set.looks.get(path))) return null;
      return set.feeds.get(path) ?? null;
    },
    settle: async () => {
      firstPublish.tell();
      for (const [key, set] of sets) if (!set.isCurrent) sets.set(key, { ...set, isOverdue: true });
      // One after another, so that whoever asks meanwhile goes ahead. Each that changed is put at the end of the map.
      for (const key of Array.from(sets.keys())) await prepare(key);
    },
    warm: async () => await prepare(MAIN_FEED),
  };
}

function isAsJudged(set: ShelvedSet | undefined, folder: string, paths: readonly string[]): boolean {
  return (
    set !== undefined &&
    !set.isOverdue &&
    paths.every((path) => isSameLook(lookAt(join(folder, path)), set.looks.get(path)))
  );
}

function lookAtAll(folder: string, paths: readonly string[]): ReadonlyMap<string, Look> {
  return new Map(paths.map((path) => [path, lookAt(join(folder, path))]));
}

function dropOldest(sets: Map<string, ShelvedSet>): void {
  let weight = 0;
  for (const set of sets.values()) weight += set.weight;
  for (const [key, set] of sets) {
    if (weight <= LARGEST_SHELF || sets.size === 1) return;
    sets.delete(key);
    weight -= set.weight;
  }
}

/** Waited for where a program was killed between two documents: the first publish of this one writes the rest. */
function openFirstPublish(patience: number): {
  readonly tell: () => void;
  readonly over: () => Promise<void>;
} {
  const { promise, resolve } = Promise.withResolvers<void>();
  return {
    tell: resolve,
    over: async () => {
      // A program that has nothing else to do need not wait for it.
      const timer = setTimeout(resolve, patience).unref();
      await promise;
      clearTimeout(timer);
    },
  };
}
