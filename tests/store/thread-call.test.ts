/** What passes between threads comes out as it went in. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { packValue, unpackValue } from '../../src/store/thread-call.ts';
import './compare-instants.ts';

const instant = fc
  .integer({ min: -1e12, max: 4e12 })
  .map((milliseconds) => Temporal.Instant.fromEpochMilliseconds(milliseconds));
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, undefined, true, 0, 1.5, '', 'text'),
    instant,
    fc.uint8Array({ maxLength: 4 }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), tie('value'), { noNullPrototype: true }),
  ),
}));

/** Instants that are equal show as equal, others as what they are. */
const show = (shown: unknown): string =>
  JSON.stringify(shown, (_, inner: unknown) => (inner === undefined ? 'undefined' : inner)) ?? 'undefined';

it('brings instants through, however deep they lie, and leaves what was given as it is', () => {
  fc.assert(
    fc.property(value, (given) => {
      const before = show(given);
      const received = unpackValue(structuredClone(packValue(given)));
      expect(show(received)).toBe(before);
      expect(received).toEqual(given);
      expect(show(given)).toBe(before);
    }),
    { numRuns: 500 },
  );
});
