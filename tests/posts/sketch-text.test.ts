/** A sketch tells the same text edited from another text, in any script. */
import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shareOf, SKETCH_SIZE } from '../../src/domain/traits.ts';
import { sketchText } from '../../src/posts/sketch-text.ts';

const TEXT =
  'The branch was deleted on a Friday. Nobody had asked why it was there, and nobody missed it until the night job looked for it. ' +
  'We patched the job, rotated the secret, and wrote down what we knew. It took three people and one very long telephone call.';
const OTHER =
  'Rain came over the hills before noon. I sat by the window with tea and counted the cars on the road below, which were few. ' +
  'In the evening the power failed, and we read by candles until the children slept on the floor between us.';
const JAPANESE =
  '枝は金曜日に消された。なぜそこにあったのか誰も尋ねず、夜の仕事が探すまで誰も困らなかった。私たちは仕事を直し、秘密を変え、知っていることを書き留めた。';

describe('sketchText', () => {
  it.each([
    ['a sentence was added', `${TEXT} Then we slept.`],
    [
      'its beginning was written anew',
      TEXT.replace('The branch was deleted on a Friday', 'Somebody removed it'),
    ],
    ['it was broken into other lines', TEXT.replaceAll('. ', '.\n\n')],
  ])('knows a text again when %s', (_, edited) => {
    expect(shareOf(sketchText(TEXT), sketchText(edited))).toBeGreaterThan(0.6);
  });

  it('knows one without spaces', () => {
    expect(shareOf(sketchText(JAPANESE), sketchText(JAPANESE.replace('夜の仕事', '朝の人')))).toBeGreaterThan(
      0.5,
    );
  });

  it('takes no text for another, nor what is too short for anything', () => {
    expect(shareOf(sketchText(TEXT), sketchText(OTHER))).toBeLessThan(0.1);
    expect(shareOf(sketchText('Text of a.'), sketchText('Text of a.'))).toBe(0);
  });

  it('is the smallest hashes of all windows, each once, whatever comes before', () => {
    assert(
      property(string({ maxLength: 300, unit: 'grapheme' }), string({ maxLength: 40 }), (text, before) => {
        const sketch = sketchText(text);
        expect(sketch.length).toBeLessThanOrEqual(SKETCH_SIZE);
        expect(sketch).toEqual([...new Set(sketch)].sort((a, b) => a - b));
        // Every window of the text is one of the longer text too: its smallest can only be smaller.
        const longer = sketchText(`${before}x${text.replace(/\s+/gu, ' ').trim()}`);
        const inBoth = sketch.filter((hash) => longer.includes(hash) || hash > (longer.at(-1) ?? 0));
        expect(inBoth).toEqual(sketch);
      }),
    );
  });
});
