/**
 * The version of elfdeps, from its own package.
 */
import { createRequire } from 'node:module';

/** As in package.json. */
export function readVersion(): string {
  const require = createRequire(import.meta.url);
  return (require('../../package.json') as { version: string }).version;
}
