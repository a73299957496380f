/**
 * Tells when posts or templates may have changed: soon after the system says so, and every so often without being told, for
 * network folders say nothing. It may tell too often, never too seldom: the last change is always followed by a call.
 */
import { realpathSync } from 'node:fs';
import { basename, join } from 'node:path';
import { watch } from 'chokidar';
import { coalesceCalls, type Cause } from './coalesce-calls.ts';
import { isIgnoredName } from './ignore-names.ts';
import { errorCode } from './read-file-bytes.ts';

/** Where something happened since the last call, as absolute paths; null when it may have happened anywhere. */
export type Places = readonly string[] | null;

export type WatchOptions = {
  /** The publication's folder. */
  readonly root: string;
  /** Never called while an earlier call's promise is open. What it throws or rejects with is its own affair. */
  readonly onChange: (cause: Cause, places: Places) => void | Promise<void>;
  readonly pollMilliseconds: number;
};

export type Watch = {
  /** Resolves when nothing more will be called and the last call is over. */
  close(): Promise<void>;
};

export function watchPosts({ root, onChange, pollMilliseconds }: WatchOptions): Watch {
  const noted = new NotedPlaces();
  const calls = coalesceCalls(async (cause) => await onChange(cause, noted.take()));
  const posts = realFolder(join(root, 'posts'));
  const templates = realFolder(join(root, 'templates'));
  const watcher = watch([posts, templates], {
    ignoreInitial: true,
    followSymlinks: false,
    ignored: (path) => path !== posts && path !== templates && isIgnoredName(basename(path)),
  });
  watcher.on('all', (_, path) => {
    noted.add(path);
    calls.soon();
  });
  const lookAnywhere = (): void => {
    noted.add(null);
    calls.soon();
  };
  // What happened before it was ready went unseen.
  watcher.on('ready', lookAnywhere);
  // Too many folders for the system's watches, say: the periodic look goes on.
  watcher.on('error', lookAnywhere);
  const poll = setInterval(() => calls.now('look'), pollMilliseconds);
  return {
    close: async () => {
      clearInterval(poll);
      await watcher.close();
      await calls.close();
    },
  };
}

/** Beyond this many it is quicker to look at everything. */
const MOST_PLACES = 1000;

class NotedPlaces {
  #places: Set<string> | null = new Set();

  add(place: string | null): void {
    if (place === null) this.#places = null;
    this.#places?.add(place ?? '');
    if (this.#places && this.#places.size > MOST_PLACES) this.#places = null;
  }

  take(): Places {
    const places = this.#places && [...this.#places];
    this.#places = new Set();
    return places;
  }
}

/** `posts` itself may be a link; one that is not there yet is waited for under its own name. */
function realFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch (error) {
    errorCode(error);
    return folder;
  }
}
