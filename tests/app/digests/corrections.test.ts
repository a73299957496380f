/** A correction heads the next digest of the series that had carried the post, once; an edited post is never mailed again. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publish } from '../../../src/app/publish.ts';
import type { Renga } from '../../../src/app/renga.ts';
import { openDigestRenderer } from '../../../src/render/digest/render-digest.ts';
import type { Workshop } from '../../../src/render/workshop.ts';
import { at } from '../../store/samples.ts';
import { newcomer } from '../../store/samples.ts';
import {
  type ExamplePublication,
  MONDAY,
  openExamplePublication,
  openExampleWorkshop,
  postText,
  TEMPLATES,
} from '../example-publication.ts';

let workshop: Workshop;
let digestRenderer: ReturnType<typeof openDigestRenderer>;
beforeAll(() => {
  workshop = openExampleWorkshop();
  digestRenderer = openDigestRenderer({ templates: TEMPLATES, workshop });
});
afterAll(async () => {
  await digestRenderer.close();
  await workshop.close();
});

/** Publishes after so many weeks, and gives the texts of the digests there are, oldest first. */
async function publishAfter(example: ExamplePublication, weeks: number): Promise<readonly string[]> {
  const clock: Renga['clock'] = () => MONDAY.add({ hours: weeks * 7 * 24, minutes: 1 });
  const renga = { ...example.renga, digestRenderer, clock };
  await publish(renga, {
    trustStamps: true,
    allowEmpty: false,
    byHand: null,
    signal: new AbortController().signal,
  });
  const digests = await renga.store.digests.all();
  const contents = digests
    .toReversed()
    .map(async ({ number }) => await renga.store.digests.content(number, 'all'));
  const texts = await Promise.all(contents);
  for (const content of texts)
    expect(content?.html.includes('<strong>Correction</strong>')).toBe(
      content?.text.includes('Correction to'),
    );
  return texts.map((content) => content?.text ?? '');
}

async function openMailed(): Promise<ExamplePublication> {
  const example = await openExamplePublication(workshop);
  await example.renga.store.series.open('weekly', example.renga.clock(), []);
  await example.renga.store.subscribers.add([newcomer('ann')], at('08:00'));
  await example.write('posts/a.md', postText('A', 'It was Monday.', '2026-11-11'));
  expect(await publishAfter(example, 0)).toHaveLength(1);
  return example;
}

const corrected = (words: string): string =>
  postText('A', 'It was Tuesday.', `2026-11-11\ncorrection: "${words}"`);
const newPost = async (example: ExamplePublication, name: string, date: string): Promise<void> =>
  await example.write(`posts/${name}.md`, postText(name, `Text of ${name}.`, date));

describe('a correction', () => {
  it('heads the next digest in one line, once', async () => {
    const example = await openMailed();
    await example.write('posts/a.md', corrected('It was Tuesday, not Monday.'));
    // It is no reason for a digest of its own.
    expect(await publishAfter(example, 1)).toHaveLength(1);
    await newPost(example, 'B', '2026-11-25');
    const second = (await publishAfter(example, 2))[1] ?? '';
    expect(second).toContain('Correction to “A”: It was Tuesday, not Monday.\nhttps://example.org/blog/a/');
    expect(second.indexOf('Correction')).toBeLessThan(second.indexOf('Text of B.'));
    // The edited post itself is not mailed again.
    expect(second).not.toContain('It was Tuesday.\n');
    await newPost(example, 'C', '2026-12-02');
    const third = (await publishAfter(example, 3))[2] ?? '';
    expect([third.includes('Text of C.'), third.includes('Correction')]).toEqual([true, false]);
  });

  it('is told again when it says another thing', async () => {
    const example = await openMailed();
    await example.write('posts/a.md', corrected('One.'));
    await newPost(example, 'B', '2026-11-18');
    await publishAfter(example, 1);
    await example.write('posts/a.md', corrected('Two.'));
    await newPost(example, 'C', '2026-11-25');
    expect((await publishAfter(example, 2))[2]).toContain('Correction to “A”: Two.');
  });

  it('is not told of a post that had it when it was mailed, nor of one that nobody got', async () => {
    const example = await openMailed();
    await example.write('posts/b.md', postText('B', 'Right at once.', '2026-11-18\ncorrection: "Old news."'));
    await publishAfter(example, 1);
    await newPost(example, 'C', '2026-11-25');
    expect((await publishAfter(example, 2)).join('')).not.toContain('Correction');
  });
});
