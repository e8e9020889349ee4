/**
 * How the tests run: each file in a process of its own, since some depend on the working
 * directory and the user, which threads share.
 */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['scripts/build-if-stale.js'],
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 120_000,
    // What the user's shell has set must change no expected text.
    env: { LC_ALL: 'C', NO_COLOR: '1', FORCE_COLOR: '' },
  },
});
