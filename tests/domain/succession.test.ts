/** What is kept for a list that came of another is what would be made of it anew. */
import { array, assert, integer, property, uniqueArray } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareEnds, keepFor, patchList, succeed, successionOf } from '../../src/domain/succession.ts';

const ascending = (a: number, b: number): number => a - b;
const isEven = (one: number): boolean => one % 2 === 0;
const lists = array(uniqueArray(integer({ min: 0, max: 40 }), { maxLength: 30 }), { maxLength: 12 });

describe('a succession of lists', () => {
  it('gives what each would give alone, whatever came before it', () => {
    assert(
      property(lists, (rounds) => {
        const evens = keepFor<number, readonly number[]>(
          (list) => list.filter(isEven),
          (last, { added, removed }) =>
            patchList(last, { added: added.filter(isEven), removed: removed.filter(isEven) }, ascending),
        );
        let last: readonly number[] | null = null;
        for (const round of rounds) {
          last = succeed(last, round.toSorted(ascending));
          expect(last).toEqual(round.toSorted(ascending));
          expect(evens(last)).toEqual(last.filter(isEven));
          expect(evens(last)).toBe(evens(last));
        }
      }),
    );
  });

  it('says what came and what went, and goes on with the same list where neither did', () => {
    const first = [1, 2, 3, 4];
    expect(succeed(first, [1, 2, 3, 4])).toBe(first);
    const next = succeed(first, [1, 5, 3, 4]);
    expect(successionOf(next)).toEqual({ before: first, added: [5], removed: [2], head: 1, tail: 2 });
    expect(compareEnds([1, 1], [1])).toEqual({ before: [1, 1], added: [], removed: [1], head: 1, tail: 0 });
  });

  it('holds no list but the last', () => {
    const first = [1];
    const second = succeed(first, [1, 2]);
    succeed(second, [1, 2, 3]);
    expect(successionOf(second)).toBe(null);
  });
});
