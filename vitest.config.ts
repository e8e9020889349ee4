/**
 * How the tests run, in three projects: `quick` is what `npm test` runs, `differential` compares with
 * real tools for many minutes, `jobs` has real programs do their work for as long. Quick tests share a process for each core, since most of their time
 * went into starting processes and loading modules: a test file puts back whatever it changes of its
 * process. Limits are only there so that an endless loop ends: no test measures time.
 */
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const MINUTE = 60_000;
/** All but the vectors, which take seconds and need no more than a root user and python3. */
const COMPARISONS = 'test/differential/!(vectors).test.ts';
const JOBS = 'test/jobs/jobs.test.ts';

const shared = {
  globalSetup: ['scripts/build-if-stale.js'],
  pool: 'forks',
  maxWorkers: '100%',
  testTimeout: 10 * MINUTE,
  hookTimeout: 10 * MINUTE,
  // What the user's shell has set must change no expected text.
  env: { LC_ALL: 'C', NO_COLOR: '1', FORCE_COLOR: '' },
} as const;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: 'quick',
          include: ['test/**/*.test.ts'],
          exclude: [COMPARISONS, JOBS],
          isolate: false,
        },
      },
      {
        test: {
          ...shared,
          name: 'differential',
          include: [COMPARISONS],
          // Some of these build dozens of images, and download.
          testTimeout: 60 * MINUTE,
          hookTimeout: 60 * MINUTE,
        },
      },
      {
        test: {
          ...shared,
          globalSetup: [...shared.globalSetup, 'test/jobs/provide-update.ts'],
          name: 'jobs',
          include: [JOBS],
          maxConcurrency: availableParallelism(),
          hookTimeout: 60 * MINUTE,
        },
      },
    ],
  },
});
