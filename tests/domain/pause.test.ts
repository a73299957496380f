/** What a pause stops, in text and back. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVERYTHING, isRunning, type PauseScope, parseScope, renderScope } from '../../src/domain/pause.ts';

const SCOPES: fc.Arbitrary<PauseScope> = fc.oneof(
  fc.constant(EVERYTHING),
  fc.record({ kind: fc.constant('account' as const), account: fc.stringMatching(/^[ -~]{1,40}$/) }),
  fc.record({ kind: fc.constant('digest' as const), digest: fc.integer({ min: 1 }) }),
);

describe('a scope', () => {
  it('is read back from its text', () => {
    fc.assert(
      fc.property(SCOPES, (scope) => {
        expect(parseScope(renderScope(scope))).toEqual(scope);
      }),
    );
  });

  it.each(['', 'everything', 'digest', 'digest 0', 'digest x', 'account '])('is not %j', (text) => {
    expect(parseScope(text)).toBeNull();
  });
});

it('runs until its time, or for ever', () => {
  const since = Temporal.Instant.from('2026-11-16T09:00:00Z');
  const pause = { scope: EVERYTHING, reason: '', hint: '', since, until: since.add({ minutes: 1 }) };
  expect(isRunning(pause, since.add({ seconds: 59 }))).toBe(true);
  expect(isRunning(pause, pause.until)).toBe(false);
  expect(isRunning({ ...pause, until: null }, since.add({ hours: 9999 }))).toBe(true);
});
