import { defineConfig } from 'vitest/config';

/** `npm test`: everything that needs Node and nothing else. */
export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    exclude: ['tests/peers/**'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    allowOnly: false,
  },
});
