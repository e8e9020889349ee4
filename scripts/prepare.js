/**
 * npm's prepare step: builds dist/, if what builds it is installed. npx links a project into its
 * cache and runs this before it starts the project's own command, also before `npm ci`; a failure
 * there would leave a cache that npx cannot use again.
 */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

if (['esbuild', 'typescript'].every(isInstalled)) await import('./build.js');
else console.error('elfdeps: not built, since esbuild and typescript are not installed: npm ci');

/** @param {string} name */
function isInstalled(name) {
  try {
    require.resolve(`${name}/package.json`);
    return true;
  } catch {
    return false;
  }
}
