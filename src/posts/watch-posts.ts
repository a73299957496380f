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

export type WatchOptions = {
  /** The publication's folder. */
  readonly root: string;
  /** Never called while an earlier call's promise is open. What it throws or rejects with is its own affair. */
  readonly onChange: (cause: Cause) => void | Promise<void>;
  readonly pollMilliseconds: number;
};

export type Watch = {
  /** Resolves when nothing more will be called and the last call is over. */
  close(): Promise<void>;
};

export function watchPosts({ root, onChange, pollMilliseconds }: WatchOptions): Watch {
  const calls = coalesceCalls(onChange);
  const posts = realFolder(join(root, 'posts'));
  const templates = realFolder(join(root, 'templates'));
  const watcher = watch([posts, templates], {
    ignoreInitial: true,
    followSymlinks: false,
    ignored: (path) => path !== posts && path !== templates && isIgnoredName(basename(path)),
  });
  watcher.on('all', () => calls.soon());
  // What happened before it was ready went unseen.
  watcher.on('ready', () => calls.soon());
  // Too many folders for the system's watches, say: the periodic look goes on.
  watcher.on('error', () => calls.soon());
  const poll = setInterval(() => calls.now('look'), pollMilliseconds);
  return {
    close: async () => {
      clearInterval(poll);
      await watcher.close();
      await calls.close();
    },
  };
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
