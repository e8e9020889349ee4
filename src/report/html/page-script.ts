/**
 * The script and the style of the HTML page, which `scripts/build-page.js` makes of the folder `page`.
 * Only the format html loads them.
 */
import { createRequire } from 'node:module';

/** Both as text, and their hashes as a content security policy wants them (CSP 3, hash-source). */
export interface PageScript {
  readonly script: string;
  readonly scriptHash: string;
  readonly style: string;
  readonly styleHash: string;
}

/** Reads the file that the build has made; throws the error of require() where there is none. */
export function pageScript(): PageScript {
  const require = createRequire(import.meta.url);
  // The same from src and from dist; the bundle of the command line has a path of its own.
  return require('../../../dist/html/page.json') as PageScript;
}
