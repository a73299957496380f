/** What may happen to a folder of posts between two publishes, by chance: a few names and words, so that what happens meets what was there. */
import { renameSync, rmSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { constantFrom, record } from 'fast-check';
import { type ExamplePublication, postText } from '../example-publication.ts';

export type PostChange = {
  readonly kind: (typeof KINDS)[number];
  readonly name: string;
  /** Where `move` brings it. */
  readonly to: string;
  readonly text: string;
};

const KINDS = [
  'post',
  'post',
  'tagged',
  'draft',
  'later',
  'out',
  'scan',
  'unscan',
  'remove',
  'move',
  'touch',
] as const;

const name = constantFrom('a', 'b', 'c', 'deep/d', 'deep/e');

export const postChange = record({
  kind: constantFrom(...KINDS),
  name,
  to: name,
  text: constantFrom(
    'One.',
    'Two, with [a file](scan.txt).',
    'Three.',
    '![Four](scan.txt)',
    '[Five](a.md), [six](deep/d.md)',
  ),
});

/** A post's day follows from its name; `later` is one that has not come yet. What cannot be done at this moment is left. */
export async function applyChange(
  { root, write }: Pick<ExamplePublication, 'root' | 'write'>,
  { kind, name: from, to, text }: PostChange,
): Promise<void> {
  const file = join(root, 'posts', `${from}.md`);
  const path = `posts/${from}.md`;
  const date = `2026-11-0${'abcde'.indexOf(from.at(-1) ?? '') + 1}`;
  const whole = postText(from, text, kind === 'later' ? '2026-11-13' : date);
  const say = (line: string): string => whole.replace('---\n', `---\n${line}\n`);
  if (kind === 'post' || kind === 'later') await write(path, whole);
  if (kind === 'tagged') await write(path, say('tags: [one, two]'));
  if (kind === 'draft') await write(path, say('draft: true'));
  if (kind === 'out') await write(path, say('feed: false'));
  if (kind === 'scan') await write(join(dirname(path), 'scan.txt'), `scan ${text}`);
  try {
    if (kind === 'remove') rmSync(file);
    if (kind === 'unscan') rmSync(join(dirname(file), 'scan.txt'));
    if (kind === 'move') renameSync(file, join(root, 'posts', `${to}.md`));
    if (kind === 'touch') utimesSync(file, 1_700_000_000, 1_700_000_000);
  } catch {
    // There is no such post or file at this moment.
  }
}
