import { defineConfig } from 'vitest/config';

/** `npm run test:peers`: Renga against real programs of others; a missing one is a failure, never a skip. */
export default defineConfig({
  test: {
    include: ['tests/peers/**/*.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    fileParallelism: false,
    allowOnly: false,
  },
});
