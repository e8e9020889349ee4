/**
 * Builds dist/: the library with its types by tsc, and the command line as one bundled file, since
 * loading commander's and elfdeps' own modules one by one would cost more than the work.
 */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);

rmSync(join(project, 'dist'), { recursive: true, force: true });
const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
execFileSync(process.execPath, [tsc, '-p', join(project, 'tsconfig.build.json')], {
  stdio: 'inherit',
});

await build({
  absWorkingDir: project,
  entryPoints: ['src/cli/start.ts'],
  outfile: 'dist/cli/start.js',
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  minify: true,
  legalComments: 'inline',
  // fast-glob is loaded from node_modules when a pattern needs it.
  external: ['fast-glob'],
  // elfy wants two Node.js modules for one function each; assert alone would take milliseconds.
  alias: { assert: './scripts/shims/assert.js', util: './scripts/shims/util.js' },
  banner: {
    js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
