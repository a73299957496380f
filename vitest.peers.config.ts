import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Where a report for `.ci/run` goes beside what people read, or undefined. */
const report = process.env['RENGA_TEST_REPORT'];

/** `npm run test:peers`: Renga against real programs of others; a missing one is a failure, never a skip. */
export default defineConfig({
  test: {
    include: ['tests/peers/**/*.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Each has servers and ports of its own, and nothing is judged by how long it took.
    maxWorkers: availableParallelism(),
    allowOnly: false,
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
  },
});
