/** Who waited for one thing goes on a few at a time, in their order. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openTurns } from '../../src/http/open-turns.ts';

it('lets a few go on in each turn of the loop, in their order, and whoever comes later after them', async () => {
  const turn = openTurns();
  const gone: number[] = [];
  const all = Array.from({ length: 10 }, async (_, number) => {
    await turn();
    gone.push(number);
  });
  expect(gone).toEqual([]);
  await nextTurn();
  expect(gone).toEqual([0, 1, 2, 3]);
  all.push(turn().then(() => void gone.push(10)));
  await nextTurn();
  expect(gone).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  await Promise.all(all);
  expect(gone).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  await turn();
});
