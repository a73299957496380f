/** A program that begins anew knows what the last one kept in the cache; what it leaves in `public/` is, byte for byte, what one that knows nothing makes. */
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { array, assert, asyncProperty, constantFrom, record } from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { publish } from '../../../src/app/publish.ts';
import type { Renga } from '../../../src/app/renga.ts';
import { memoryCache } from '../../posts/publication-folder.ts';
import {
  type ExamplePublication,
  openExamplePublication,
  openExampleWorkshop,
  postText,
  START,
} from '../example-publication.ts';
import { buildElsewhere } from './build-elsewhere.ts';
import { applyChange, type PostChange, postChange } from './post-changes.ts';

const CHOICE = { trustStamps: true, allowEmpty: true, allowReflood: false };
const OPTIONS = { ...CHOICE, byHand: null, signal: new AbortController().signal };
const workshop = openExampleWorkshop();
afterAll(async () => await workshop.close());

const PROGRAMS = [
  'plain',
  'plain',
  'titled',
  'short',
  'newer',
  'forgetful',
  'other',
  'dies',
  'tampered',
] as const;

type Step = { readonly changes: readonly PostChange[]; readonly program: (typeof PROGRAMS)[number] };

const step = record({ changes: array(postChange, { maxLength: 3 }), program: constantFrom(...PROGRAMS) });

/** The program as it is this time: of another version, with another config, or with a cache that was lost. */
function rengaOf({ renga }: ExamplePublication, program: Step['program'], hour: number): Renga {
  const { publication, settings } = renga;
  const at = { ...renga, clock: () => START.add({ hours: hour }) };
  if (program === 'titled') return { ...at, publication: { ...publication, title: 'Renamed' } };
  if (program === 'short')
    return { ...at, settings: { ...settings, feeds: { ...settings.feeds, entries: 2 } } };
  if (program === 'newer') return { ...at, version: '1.0.1' };
  return program === 'forgetful' ? { ...at, cache: memoryCache() } : at;
}

async function run(publication: ExamplePublication, renga: Renga, program: Step['program']): Promise<void> {
  if (program === 'other') await publish({ ...renga, cache: memoryCache(), version: '2.0.0' }, OPTIONS);
  if (program === 'tampered') {
    await publication.write('public/index.html', 'mine');
    rmSync(join(publication.root, 'public', 'atom.xml'), { force: true });
  }
  if (program === 'dies') {
    const template = async (): Promise<string> => await Promise.reject(new Error('died'));
    await publish({ ...renga, workshop: { ...workshop, template } }, OPTIONS).catch(() => undefined);
  }
  await publish(renga, OPTIONS);
}

/** Where a cache was lost, nobody knows any more who made a redirect, the page of a tag or a copy of a file that nothing leads to now: it stays. */
function withoutStrays(
  left: ReadonlyMap<string, string>,
  made: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  return new Map([...left].filter(([path]) => made.has(path)));
}

it('leaves what a program that knows nothing would, whatever happened since the last', {
  timeout: 120_000,
}, async () => {
  await assert(
    asyncProperty(array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
      const publication = await openExamplePublication(workshop);
      await publication.write('posts/first.md', postText('first'));
      let wasForgotten = false;
      for (const [index, { changes, program }] of steps.entries()) {
        for (const one of changes) await applyChange(publication, one);
        const renga = rengaOf(publication, program, index * 6);
        await run(publication, renga, program);
        wasForgotten ||= program === 'forgetful';
        const made = await buildElsewhere(renga);
        const left = await publication.publicFiles();
        expect(wasForgotten ? withoutStrays(left, made) : left).toEqual(made);
      }
    }),
    { numRuns: 15 },
  );
});

it('gives the page of a new post the address that another post left in the same publish', async () => {
  const publication = await openExamplePublication(workshop);
  await publication.write('posts/first.md', postText('first', 'One.'));
  await publish(publication.renga, OPTIONS);
  renameSync(join(publication.root, 'posts/first.md'), join(publication.root, 'posts/moved.md'));
  await publication.write('posts/first.md', postText('Second', 'Of other words.', '2026-11-02'));
  const { files } = await publish(publication.renga, OPTIONS);
  expect(files.filter(({ path }) => path === 'first/index.html')).toHaveLength(1);
  expect(await publication.published('moved/index.html')).toContain('One.');
  expect(await publication.published('first/index.html')).toContain('Of other words.');
});
