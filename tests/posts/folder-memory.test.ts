/** A walk that remembers folders meets what one that lists them all meets, whatever was done to the folder in between. */
import { mkdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { array, assert, asyncProperty, constant, constantFrom, oneof, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cache } from '../../src/domain/cache.ts';
import { hasTopChanged, recallFolders } from '../../src/posts/folder-memory.ts';
import { walkPosts, type Walk } from '../../src/posts/walk-posts.ts';
import { makePublication, memoryCache } from './publication-folder.ts';

/** Long after all that the test does: every folder is settled. */
const LATER = Date.now() + 86_400_000;

async function walkWith(root: string, cache: Cache, now = LATER): Promise<Walk> {
  const memory = recallFolders(cache, now);
  const walk = await walkPosts(root, memory);
  memory.keep(cache);
  return walk;
}

const pathsOf = (walk: Walk): readonly string[] => walk.files.map(({ path }) => path);

/** Takes a name out of what is remembered: a walk that counts on it misses the file, one that lists finds it. */
function forgetName(cache: Cache, name: string): void {
  const text = cache.get('walk', 'folders') ?? '';
  expect(text).toContain(`"${name}",-1`);
  cache.put('walk', new Map([['folders', text.replace(`,"${name}",-1`, '')]]));
}

/** Until the file system's clock has ticked: two changes within a tick are told apart by the margin alone. */
function awaitTick(root: string): void {
  const probe = join(root, 'probe');
  writeFileSync(probe, '');
  const { ctimeNs } = statSync(probe, { bigint: true });
  do writeFileSync(probe, 'x');
  while (statSync(probe, { bigint: true }).ctimeNs <= ctimeNs);
}

describe('remembered folders', () => {
  it('are not listed again while they are as they were', async () => {
    const { root, cache, write } = makePublication();
    write('a/b/one.md', 'x');
    write('a/b/two.md', 'x');
    expect(pathsOf(await walkWith(root, cache))).toEqual(['posts/a/b/one.md', 'posts/a/b/two.md']);
    forgetName(cache, 'one.md');
    expect(pathsOf(await walkWith(root, cache))).toEqual(['posts/a/b/two.md']);
  });

  it('are listed again after a name came, whatever became of the folders around', async () => {
    const { root, cache, write } = makePublication();
    write('a/b/one.md', 'x');
    write('c/two.md', 'x');
    await walkWith(root, cache);
    awaitTick(root);
    write('a/b/three.md', 'x');
    expect(pathsOf(await walkWith(root, cache))).toEqual([
      'posts/a/b/one.md',
      'posts/a/b/three.md',
      'posts/c/two.md',
    ]);
  });

  it('are listed again when they changed shortly before', async () => {
    const { root, cache, write } = makePublication();
    write('one.md', 'x');
    const { ctimeMs } = statSync(join(root, 'posts'));
    await walkWith(root, cache, ctimeMs + 3000);
    expect(cache.get('walk', 'folders')).toBeNull();
    await walkWith(root, cache, ctimeMs + 3002);
    forgetName(cache, 'one.md');
    expect(pathsOf(await walkWith(root, cache, ctimeMs + 3000))).toEqual(['posts/one.md']);
  });

  it('tell of a file that was changed without a new name', async () => {
    const { root, cache, write } = makePublication();
    const file = write('a/one.md', 'x');
    const before = await walkWith(root, cache);
    awaitTick(root);
    writeFileSync(file, 'y');
    const after = await walkWith(root, cache);
    expect(pathsOf(after)).toEqual(pathsOf(before));
    expect(after.mark).not.toBe(before.mark);
  });

  const name = constantFrom('a', 'b', 'c', 'b.md', '.hidden', 'c~');
  const path = array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('/'));
  const change = oneof(
    record({ kind: constant('write'), path }),
    record({ kind: constant('remove'), path }),
    record({ kind: constant('move'), path, to: path }),
    record({ kind: constant('link'), path, to: path }),
    record({ kind: constant('walk') }),
  );
  type Change = { readonly kind: string; readonly path?: string; readonly to?: string };

  /** What cannot be done, such as a file where a folder is, is not done. */
  function apply(posts: string, { kind, path: at = '', to = '' }: Change): void {
    const file = join(posts, at);
    try {
      if (kind === 'remove') rmSync(file, { recursive: true, force: true });
      if (kind === 'move') renameSync(file, join(posts, to));
      if (kind !== 'write' && kind !== 'link') return;
      mkdirSync(join(file, '..'), { recursive: true });
      if (kind === 'write') writeFileSync(file, 'x');
      else symlinkSync(join(posts, to), file);
    } catch {
      // The next change may be possible.
    }
  }

  it('never change what a walk meets', async () => {
    await assert(
      asyncProperty(array(change, { minLength: 3, maxLength: 25 }), async (changes) => {
        const { root } = makePublication();
        const cache = memoryCache();
        for (const one of [...changes, { kind: 'walk' }]) {
          apply(join(root, 'posts'), one);
          if (one.kind !== 'walk') continue;
          expect(await walkWith(root, cache)).toEqual(await walkPosts(root));
          awaitTick(root);
        }
      }),
      { numRuns: 150 },
    );
  });
});

it('tells in a moment that names came or went in `posts/` itself since it was asked last', () => {
  const { root } = makePublication();
  const cache = memoryCache();
  const ask = (): boolean => hasTopChanged(cache, root);
  expect([ask(), ask()]).toEqual([true, false]);
  awaitTick(root);
  mkdirSync(join(root, 'posts', 'new'));
  expect([ask(), ask()]).toEqual([true, false]);
  rmSync(join(root, 'posts'), { recursive: true });
  expect([ask(), ask()]).toEqual([true, false]);
});
