/** Work in pieces lets the event loop turn between any two of them, however many do such work at once. */
import { expect, it } from 'vitest';
import { giveWay } from '../../src/app/give-way.ts';

it('has one piece in each turn of the loop', async () => {
  let turn = 0;
  let isOver = false;
  const count = (): void => {
    turn += 1;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  const turns: number[] = [];
  const work = async (): Promise<void> => {
    for (let piece = 0; piece < 3; piece += 1) {
      await giveWay();
      turns.push(turn);
    }
  };
  await Promise.all([work(), work(), work()]);
  isOver = true;
  expect(turns).toHaveLength(9);
  expect(new Set(turns).size).toBe(9);
});
