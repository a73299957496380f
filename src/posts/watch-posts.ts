/**
 * Tells when posts or templates may have changed: soon after the system says so, and every so often without being told, for
 * network folders say nothing. It may tell too often, never too seldom: the last change is always followed by a call.
 */
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { coalesceCalls, type Cause } from './coalesce-calls.ts';
import { errorCode } from './read-file-bytes.ts';
import type { Noted } from './watch-thread.ts';

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

/** It holds names, and its garbage need not pile up. */
const MEMORY = { maxYoungGenerationSizeMb: 4 };

export function watchPosts({ root, onChange, pollMilliseconds }: WatchOptions): Watch {
  const noted = new NotedPlaces();
  const calls = coalesceCalls(async (cause) => await onChange(cause, noted.take()));
  const posts = realFolder(join(root, 'posts'));
  const templates = realFolder(join(root, 'templates'));
  const thread = new Worker(fileUrl(), { workerData: [posts, templates], resourceLimits: MEMORY });
  const hear = (places: Noted): void => {
    for (const place of places) noted.add(place);
    calls.soon();
  };
  thread.on('message', hear);
  // It ended: the periodic look goes on.
  thread.on('error', () => hear([null]));
  const poll = setInterval(() => calls.now('look'), pollMilliseconds);
  return {
    close: async () => {
      clearInterval(poll);
      thread.off('message', hear);
      await thread.terminate();
      await calls.close();
    },
  };
}

/** In a checkout this file is `.ts`, and so is the thread's; in the package both are `.js`. */
function fileUrl(): URL {
  const name = import.meta.url.endsWith('.ts') ? 'watch-thread.ts' : 'watch-thread.js';
  return new URL(name, import.meta.url);
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
