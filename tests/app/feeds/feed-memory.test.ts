/** What publishing feeds holds at once: a few documents, however many there are, and whichever of their files are to be made. */
import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, expect, it } from 'vitest';
import { publishFeedsAndPages } from '../../../src/app/publish.ts';
import type { Renga } from '../../../src/app/renga.ts';
import { openExamplePublication, openExampleWorkshop, postText } from '../example-publication.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const workshop = openExampleWorkshop();
afterAll(async () => await workshop.close());

/** Outputs are written a dozen at a time for each thread of the machine: more than those may not be held. */
const MOST_HELD = availableParallelism() * 12 + 4;
/** Each has one post, and one volume. */
const YEARS = Array.from({ length: MOST_HELD * 3 }, (_, index) => 2020 - index);

it('lets go of each document, though only one of its formats is missing', { timeout: 60_000 }, async () => {
  const example = await openExamplePublication(workshop);
  const { settings } = example.renga;
  for (const year of YEARS)
    await example.write(`posts/p${year}.md`, postText(`Of ${year}`, 'Text.', `${year}-05-01`));
  const rendered: WeakRef<object>[] = [];
  let most = 0;
  const renga: Renga = {
    ...example.renga,
    settings: {
      ...settings,
      feeds: { ...settings.feeds, entries: 4 },
      pages: { ...settings.pages, enabled: false },
    },
    workshop: {
      ...workshop,
      feeds: async (job) => {
        const result = await workshop.feeds(job);
        rendered.push(new WeakRef(result));
        if (rendered.length % 10 === 0) {
          collectGarbage();
          most = Math.max(most, rendered.filter((one) => one.deref()).length);
        }
        return result;
      },
    },
  };
  const options = { trustStamps: true, allowEmpty: false };
  await publishFeedsAndPages(renga, options);
  for (const year of YEARS) await rm(join(renga.root, 'public', 'archive', String(year), 'atom.xml'));
  rendered.length = 0;
  await publishFeedsAndPages(renga, options);
  expect(rendered.length).toBeGreaterThanOrEqual(YEARS.length);
  expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThanOrEqual(MOST_HELD);
});
