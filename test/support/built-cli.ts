/**
 * The built command line, for tests of what only a process of its own has: streams, signals, users.
 * vitest's globalSetup builds it; other tests run it in process by cli-runner.ts.
 */
import { fileURLToPath } from 'node:url';

/** The path of bin/elfdeps.js, for `node`. */
export const ELFDEPS = fileURLToPath(new URL('../../bin/elfdeps.js', import.meta.url));
