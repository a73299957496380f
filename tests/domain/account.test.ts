/** What an account may carry: limits by time, by domain, and while it is new. */
import { describe, expect, it } from 'vitest';
import { intervalAt, intervalOf, isUnlimited, limitFor } from '../../src/domain/account.ts';
import { ACCOUNT } from '../app/delivery/delivering.ts';
import { address } from '../store/samples.ts';

const DAY = 86_400_000_000;

describe('an account', () => {
  it('is spaced by the slowest of its limits', () => {
    expect(intervalOf({})).toBe(0);
    expect(intervalOf({ perSecond: 3 })).toBe(333_334);
    expect(intervalOf({ perSecond: 3, perHour: 3600 })).toBe(1_000_000);
    expect(intervalOf({ perSecond: 1, perHour: 3600, perDay: 100 })).toBe(DAY / 100);
  });

  it('warms up by days of 24 hours from its first use, and then knows only its own limit', () => {
    const account = { ...ACCOUNT, interval: 1000, warmUp: [50, 100, 1_000_000_000] };
    expect(intervalAt(account, 0)).toBe(DAY / 50);
    expect(intervalAt(account, DAY - 1)).toBe(DAY / 50);
    expect(intervalAt(account, DAY)).toBe(DAY / 100);
    expect(intervalAt(account, 2 * DAY)).toBe(1000);
    expect(intervalAt(account, 3 * DAY)).toBe(1000);
  });

  it('has a limit for a domain, or that of all others', () => {
    const limit = { interval: 1, connections: null };
    const other = { interval: 2, connections: 3 };
    const account = { ...ACCOUNT, domains: { 'gmail.com': limit, '*': other } };
    expect(limitFor(account, address('ann@GMAIL.com'))).toEqual(limit);
    expect(limitFor(account, address('ann@example.org'))).toEqual(other);
    expect(limitFor({ ...account, domains: { 'gmail.com': limit } }, address('a@example.org'))).toBeNull();
    expect(limitFor(ACCOUNT, address('ann@constructor.org'))).toBeNull();
  });

  it('is without limits only when nothing has to be counted', () => {
    expect(isUnlimited(ACCOUNT)).toBe(true);
    expect(isUnlimited({ ...ACCOUNT, interval: 1 })).toBe(false);
    expect(isUnlimited({ ...ACCOUNT, warmUp: [1] })).toBe(false);
    expect(isUnlimited({ ...ACCOUNT, domains: { '*': { interval: 0, connections: 1 } } })).toBe(false);
  });
});
