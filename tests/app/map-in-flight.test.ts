/** Many items, a few at a time. */
import { array, assert, asyncProperty, integer, nat } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mapInFlight } from '../../src/app/map-in-flight.ts';

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await Promise.resolve();
};

describe('mapInFlight', () => {
  it('gives all results in order, with never more open than allowed', async () => {
    const property = asyncProperty(
      array(nat(20), { maxLength: 40 }),
      integer({ min: 1, max: 8 }),
      async (items, width) => {
        let open = 0;
        let most = 0;
        const results = await mapInFlight(items, width, async (item, index) => {
          open += 1;
          most = Math.max(most, open);
          await turns(item);
          open -= 1;
          return `${index} ${item}`;
        });
        expect(results).toEqual(items.map((item, index) => `${index} ${item}`));
        expect(most).toBe(Math.min(width, items.length));
      },
    );
    await assert(property);
  });

  it('begins the next as soon as one ends, whichever it is', async () => {
    const ended: number[] = [];
    await mapInFlight([50, 1, 1, 1, 1], 2, async (count, index) => {
      await turns(count);
      ended.push(index);
    });
    expect(ended).toEqual([1, 2, 3, 4, 0]);
  });

  it('throws a failure when nothing is open any more, and begins nothing after it', async () => {
    let ended = 0;
    const begun: number[] = [];
    const run = mapInFlight([0, 1, 2, 3, 4], 2, async (item) => {
      begun.push(item);
      await turns(item === 0 ? 1 : 20);
      if (item === 0) throw new Error('the first');
      ended += 1;
    });
    await expect(run).rejects.toThrow('the first');
    expect([begun, ended]).toEqual([[0, 1], 1]);
  });
});
