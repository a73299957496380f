import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Where a report for `.ci/run` goes beside what people read, or undefined. */
const report = process.env['RENGA_TEST_REPORT'];

/** `npm test`: everything that needs Node and nothing else. */
export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    exclude: ['tests/peers/**'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // By itself it leaves a core free, which on two is half of the machine.
    maxWorkers: availableParallelism(),
    allowOnly: false,
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
  },
});
