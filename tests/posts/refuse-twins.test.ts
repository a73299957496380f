/** Twins are found in a list that came of another as they are in one that nobody knows anything of. */
import { array, assert, constantFrom, property, record } from 'fast-check';
import { expect, it } from 'vitest';
import type { PostFile } from '../../src/domain/post.ts';
import { succeed } from '../../src/domain/succession.ts';
import { refuseTwins } from '../../src/posts/refuse-twins.ts';
import { makePublication } from './publication-folder.ts';

it('refuses the same twins, whatever came and went since the last time', async () => {
  const publication = makePublication();
  publication.write('one.md', 'Text.');
  const [sample] = (await publication.read()).files;
  if (!sample) throw new Error('no post was read');
  const fileOf = (path: string, slug: string, id: string | null): PostFile => ({ ...sample, path, slug, id });
  const step = record({
    path: constantFrom('a', 'b', 'c', 'd', 'e'),
    slug: constantFrom('x', 'y', 'z', 'v', 'w'),
    id: constantFrom(null, null, 'one', 'two'),
    isGone: constantFrom(true, false),
  });
  assert(
    property(array(step, { maxLength: 20 }), (steps) => {
      let files: readonly PostFile[] = [];
      for (const { path, slug, id, isGone } of steps) {
        const rest = files.filter((file) => file.path !== path);
        const next = isGone ? rest : [...rest, fileOf(path, slug, id)];
        files = succeed(
          files,
          next.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
        );
        expect(refuseTwins(files)).toEqual(refuseTwins([...files]));
      }
    }),
  );
});
