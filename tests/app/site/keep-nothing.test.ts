/** A cache that keeps nothing, as on a full disk, costs time and memory: no page and no feed. */
import { afterAll, expect, it } from 'vitest';
import type { Cache } from '../../../src/domain/cache.ts';
import { publish, publishRound } from '../../../src/app/publish.ts';
import { SiteMemory } from '../../../src/app/site/site-memory.ts';
import { openExamplePublication, openExampleWorkshop, postText } from '../example-publication.ts';
import { buildElsewhere } from './build-elsewhere.ts';

const CHOICE = { trustStamps: true, allowEmpty: true, allowReflood: false };
const workshop = openExampleWorkshop();
afterAll(async () => await workshop.close());

const nothing: Cache = {
  all: () => new Map(),
  each: () => [],
  get: () => null,
  put: () => undefined,
  close: () => undefined,
};

async function openForgetful() {
  const publication = await openExamplePublication(workshop);
  for (const day of [1, 2, 3])
    await publication.write(`posts/p${day}.md`, postText(`p${day}`, 'x', `2026-11-0${day}`));
  return { ...publication, renga: { ...publication.renga, cache: nothing } };
}

it('publishes with a cache that keeps nothing', async () => {
  const { renga, publicFiles } = await openForgetful();
  await publish(renga, { ...CHOICE, byHand: null, signal: new AbortController().signal });
  expect(await publicFiles()).toEqual(await buildElsewhere(renga));
});

it('publishes what changed in rounds with a cache that keeps nothing', async () => {
  const { renga, write, publicFiles } = await openForgetful();
  const memory = new SiteMemory();
  await publishRound(renga, CHOICE, memory, null);
  await write('posts/p2.md', postText('p2', 'Other words.', '2026-11-02'));
  await write('posts/p4.md', postText('p4', 'x', '2026-11-04'));
  await publishRound(renga, CHOICE, memory, null);
  expect(await publicFiles()).toEqual(await buildElsewhere(renga));
});
