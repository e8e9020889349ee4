/**
 * cli-progress, which is loaded at once when the first bar is drawn: the work does not wait for an import().
 */
import { createRequire } from 'node:module';

/** The package; the bundle has it as a file beside the program. */
export function loadCliProgress(): typeof import('cli-progress') {
  return createRequire(import.meta.url)('cli-progress');
}
