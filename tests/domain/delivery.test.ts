/** Which states of a delivery end it. */
import { describe, expect, it } from 'vitest';
import { DELIVERY_STATES, isFinal } from '../../src/domain/delivery.ts';

describe('isFinal', () => {
  it('is the same for every policy but for what is in doubt', () => {
    const final = (policy: 'retry' | 'skip' | 'ask') =>
      DELIVERY_STATES.filter((state) => isFinal(state, policy));
    const settled = ['accepted', 'rejected', 'given-up', 'withdrawn'];
    expect(final('retry')).toEqual(settled);
    expect(final('skip')).toEqual([...settled, 'in-doubt']);
    expect(final('ask')).toEqual([...settled, 'in-doubt']);
  });
});
