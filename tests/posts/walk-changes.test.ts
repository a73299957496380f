/** A walk made from the last one and from where something happened meets what a whole one meets, or says that it cannot tell. */
import { mkdirSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { array, assert, asyncProperty, constantFrom, integer, record, type Arbitrary } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { walkChanges } from '../../src/posts/walk-changes.ts';
import { walkPosts } from '../../src/posts/walk-posts.ts';
import { makePublication } from './publication-folder.ts';

type Change = { readonly kind: string; readonly at: string; readonly to: string };

const name = constantFrom('a', 'b', 'c', 'a.md', 'b.md', '.git', 'c~', 'é.md');
const path = array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
const kinds = (...some: readonly string[]): Arbitrary<Change> =>
  record({ kind: constantFrom(...some), at: path, to: path });

/** Where it happened, as a watch tells: what is written through a link happens where that leads, too. None where it could not be done. */
function apply(posts: string, { kind, at, to }: Change): readonly string[] {
  const file = join(posts, at);
  try {
    if (kind === 'remove') rmSync(file, { recursive: true });
    else if (kind === 'move') renameSync(file, join(posts, to));
    else {
      mkdirSync(dirname(file), { recursive: true });
      if (kind === 'write') writeFileSync(file, at);
      else symlinkSync(join(posts, to), file);
    }
  } catch {
    return [];
  }
  if (kind === 'write') return [file, realpathSync(file)];
  return kind === 'move' ? [file, join(posts, to)] : [file];
}

describe('a walk from changes', () => {
  it('meets what a whole walk meets', async () => {
    const batches = array(array(kinds('write', 'write', 'remove', 'move'), { minLength: 1, maxLength: 6 }), {
      minLength: 1,
      maxLength: 5,
    });
    await assert(
      asyncProperty(batches, async (all) => {
        const { root } = makePublication();
        const posts = realpathSync(join(root, 'posts'));
        let walk = await walkPosts(root);
        for (const batch of all) {
          const next = walkChanges(
            walk,
            batch.flatMap((change) => apply(posts, change)),
          );
          expect(next && { ...next }).toEqual({ ...(await walkPosts(root)) });
          walk = next ?? walk;
        }
      }),
      { numRuns: 150 },
    );
  });

  it('is none, or right, where there are links', async () => {
    await assert(
      asyncProperty(
        array(kinds('write', 'link'), { minLength: 1, maxLength: 8 }),
        integer({ min: 0, max: 8 }),
        async (changes, from) => {
          const { root } = makePublication();
          const posts = realpathSync(join(root, 'posts'));
          for (const change of changes.slice(0, from)) apply(posts, change);
          const before = await walkPosts(root);
          const places = changes.slice(from).flatMap((change) => apply(posts, change));
          const next = walkChanges(before, places);
          expect({ ...(next ?? (await walkPosts(root))) }).toEqual({ ...(await walkPosts(root)) });
        },
      ),
      { numRuns: 150 },
    );
  });

  it('is none when something happened to the folder itself, or elsewhere', async () => {
    const { root, write } = makePublication();
    write('a.md', 'x');
    const walk = await walkPosts(root);
    expect(walkChanges(walk, [realpathSync(join(root, 'posts'))])).toBeNull();
    expect(walkChanges(walk, [join(root, 'templates', 'style.css')])).toBeNull();
    expect(walkChanges(walk, [])).toBe(walk);
  });
});
