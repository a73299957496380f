/** The syllable hint speaks of English verse alone, and only when there is something to say. */
import { describe, expect, it } from 'vitest';
import { syllableHint } from '../../src/posts/count-syllables.ts';

describe('syllableHint', () => {
  it('says nothing of 5-7-5', () => {
    expect(
      syllableHint(['an old silent pond', 'a frog jumps into the pond', 'splash silence again']),
    ).toBeNull();
  });

  it('counts anything else', () => {
    expect(syllableHint(['the branch was deleted', 'it ran all night long', 'nobody noticed'])).toBe(
      '6-5-5 syllables',
    );
  });

  it.each([
    [['古池や', '蛙飛びこむ', '水の音']],
    [['тихий', 'сервер', 'спит']],
    [['😀', '🐸', '💦']],
    [['1', '2', '3']],
  ] as const)('says nothing of what is not in Latin script: %j', (haiku) => {
    expect(syllableHint(haiku)).toBeNull();
  });
});
