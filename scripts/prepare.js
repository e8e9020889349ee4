/**
 * Builds dist/, if what builds it is installed: before npm packs, and after it changed node_modules (npm's
 * step `dependencies`, which only the project itself has). npm's step `prepare` would do both, but npm warns
 * of it wherever the package is installed.
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
