/** Which delta is composed for a reader, and that it is the only one. */
import { expect, it } from 'vitest';
import { openDeltas } from '../../../src/http/feeds/feed-delta.ts';
import { prepareDocument, readSource } from '../../../src/http/feeds/feed-document.ts';
import { exampleEntry, exampleFeeds } from './example-feeds.ts';

it('composes one delta for whoever has every version, from the newest', async () => {
  const entries = Array.from({ length: 20 }, (_, number) => exampleEntry(number));
  const source = readSource('atom.xml', Buffer.from(exampleFeeds(entries).atom), 0);
  const split = source.split!;
  let composed = 0;
  const select: typeof split.select = (keep) => {
    composed += 1;
    return split.select(keep);
  };
  const document = await prepareDocument(
    { ...source, split: { ...split, select } },
    { keeping: {}, describing: {} },
  );
  // Version by version, an entry more.
  const marks = split.entries.map(({ mark }) => mark).toReversed();
  const past = new Map(marks.map((_, at) => [`"${at}"`, new Set(marks.slice(0, at))]));
  const findDelta = openDeltas(document, past);
  const delta = findDelta(new Set(['"?"', ...past.keys()]), document.plain)!;
  expect(delta.head.headers['Delta-Base']).toBe('"19"');
  expect(delta.body.toString().match(/<entry>/g)).toHaveLength(1);
  expect(composed).toBe(1);
  expect(findDelta(new Set(['"19"']), document.plain)).toBe(delta);
  expect(composed).toBe(1);
});
