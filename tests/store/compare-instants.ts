/** Lets `toMatchObject` see the difference between two instants: to vitest 5 they are objects without properties, all alike. */
import { expect } from 'vitest';

expect.addEqualityTesters([
  (a: unknown, b: unknown) =>
    a instanceof Temporal.Instant && b instanceof Temporal.Instant ? a.equals(b) : undefined,
]);
