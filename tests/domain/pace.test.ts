/** Spacing under a limit, for whatever order of arrivals, delays and stops. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterTurn, FRESH, lineUp, NEAR, type Pace, turnAt } from '../../src/domain/pace.ts';

type Waiting = { readonly id: number; readonly comeAt: number };

/** Everybody who waits comes when told to, or late by `lateness`; gives when each was let go. Also how often somebody came in vain. */
function letGo(
  count: number,
  interval: number,
  lateness: readonly number[],
): { readonly went: readonly number[]; readonly inVain: number } {
  let pace: Pace = FRESH;
  let waiting: readonly Waiting[] = Array.from({ length: count }, (_, id) => ({ id, comeAt: 0 }));
  const went: number[] = [];
  let inVain = 0;
  let now = 1_000_000_000;
  for (let step = 0; waiting.length > 0; step += 1) {
    if (step > 100 * count) throw new Error('somebody starves');
    now =
      Math.max(now, Math.min(...waiting.map(({ comeAt }) => comeAt))) +
      (lateness[step % lateness.length] ?? 0);
    const [next, ...others] = waiting.toSorted((a, b) => a.comeAt - b.comeAt || a.id - b.id);
    if (!next) break;
    const at = turnAt(pace, now);
    if (at === null) {
      const line = lineUp(pace, interval, now);
      pace = line.pace;
      inVain += 1;
      waiting = [...others, { id: next.id, comeAt: line.comeAt }];
    } else {
      pace = afterTurn(pace, at, interval, now);
      went.push(at);
      waiting = others;
    }
  }
  return { went, inVain };
}

const INTERVAL = fc.integer({ min: 1, max: 100_000_000 });
/** Late by nothing mostly, by a blink often, by days sometimes: the program was down. */
const LATENESS = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.constant(0) },
    { weight: 5, arbitrary: fc.integer({ min: 0, max: 50_000 }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 200_000_000_000 }) },
  ),
  { minLength: 1, maxLength: 20 },
);

describe('spacing', () => {
  it('lets never more go in any span than the limit and one, and starves nobody', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), INTERVAL, LATENESS, (count, interval, lateness) => {
        const { went } = letGo(count, interval, lateness);
        expect(went).toHaveLength(count);
        for (const [first, start] of went.entries()) {
          for (const [last, end] of went.entries()) {
            if (last < first) continue;
            expect(last - first + 1).toBeLessThanOrEqual(Math.floor((end - start) / interval) + 1);
          }
        }
      }),
    );
  });

  it('sends hardly anybody to the line twice while nobody is late by much', () => {
    const { went, inVain } = letGo(500, 1_000_000, [0, 3000, 20_000, 500]);
    expect((went.at(-1) ?? 0) - (went[0] ?? 0)).toBeLessThan(520 * 1_000_000);
    expect(inVain).toBeLessThan(600);
  });

  it('forgets a line that nobody stands in any more', () => {
    let pace: Pace = FRESH;
    const now = 1_000_000_000;
    pace = afterTurn(pace, now, 1_000_000, now);
    for (let place = 0; place < 1000; place += 1) pace = lineUp(pace, 1_000_000, now).pace;
    const later = now + 10_000_000;
    pace = afterTurn(pace, turnAt(pace, later) ?? 0, 1_000_000, later);
    expect(lineUp(pace, 1_000_000, later).comeAt).toBe(later + 1_000_000);
  });

  it('takes a turn that is near, and no other', () => {
    const pace = { freeAt: 10_000_000, lineEnd: 0 };
    expect(turnAt(pace, 10_000_000 - NEAR)).toBe(10_000_000);
    expect(turnAt(pace, 10_000_000 - NEAR - 1)).toBeNull();
    expect(turnAt(pace, 11_000_000)).toBe(11_000_000);
  });
});
