/** A real publication folder for one test, and a cache that lives as long as it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Cache } from '../../src/domain/cache.ts';
import { readPosts, type ReadPosts, type ReadPostsOptions } from '../../src/posts/read-posts.ts';

export type PublicationFolder = {
  readonly root: string;
  readonly cache: Cache;
  /** Writes a file below `posts/` and gives its path for the file system. */
  readonly write: (name: string, content: string | Uint8Array) => string;
  read(options?: Partial<Pick<ReadPostsOptions, 'zone' | 'trustStamps' | 'isKnown'>>): Promise<ReadPosts>;
};

export function makePublication(): PublicationFolder {
  const root = mkdtempSync(join(tmpdir(), 'renga-posts-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, 'posts'));
  const cache = memoryCache();
  return {
    root,
    cache,
    write: (name, content) => {
      const file = join(root, 'posts', name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      return file;
    },
    read: async ({ zone = 'UTC', trustStamps = true, isKnown = () => false } = {}) =>
      await readPosts({ root, zone, cache, trustStamps, isKnown }),
  };
}

/** The port's contract, in memory. */
export function memoryCache(): Cache {
  const kinds = new Map<string, Map<string, string>>();
  return {
    all: (kind) => new Map(kinds.get(kind)),
    each: (kind) => new Map(kinds.get(kind)),
    get: (kind, key) => kinds.get(kind)?.get(key) ?? null,
    put: (kind, changes) => {
      const values = kinds.get(kind) ?? new Map<string, string>();
      for (const [key, value] of changes) {
        if (value === null) values.delete(key);
        else values.set(key, value);
      }
      kinds.set(kind, values);
    },
    close: () => undefined,
  };
}

/** The texts of a body's `## ` lines. */
export function headingsOf(markdown: string | null): readonly string[] {
  return (markdown ?? '').split('\n').flatMap((line) => (line.startsWith('## ') ? [line.slice(3)] : []));
}
