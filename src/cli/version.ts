/**
 * The version of elfdeps, from the package that it is in.
 */
import { createRequire } from 'node:module';

/** As in package.json. */
export function readVersion(): string {
  const require = createRequire(import.meta.url);
  return (require('../../package.json') as { version: string }).version;
}
