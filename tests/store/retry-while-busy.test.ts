/** Waiting for another writer, and for nothing else. */
import { describe, expect, it } from 'vitest';
import { retryWhileBusy } from '../../src/store/retry-while-busy.ts';

const isBusy = (error: unknown) => error === 'busy';

/** Fails with each of these, then gives the number of tries. */
function failingWith(...failures: readonly unknown[]) {
  let tries = 0;
  return async () => {
    tries += 1;
    if (tries <= failures.length) throw failures[tries - 1];
    return tries;
  };
}

describe('retrying while busy', () => {
  it('tries until it is let in', async () => {
    expect(await retryWhileBusy(isBusy, failingWith())).toBe(1);
    expect(await retryWhileBusy(isBusy, failingWith('busy', 'busy', 'busy'))).toBe(4);
  });

  it('hands every other error on at once', async () => {
    await expect(retryWhileBusy(isBusy, failingWith('busy', 'broken'))).rejects.toBe('broken');
  });
});
