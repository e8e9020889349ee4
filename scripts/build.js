/**
 * Builds dist/: the library with its types by tsc, and the command line as one bundled script,
 * since loading commander's and elfdeps' own modules one by one would cost more than the work.
 * Starting is most of a short run, so the script is CommonJS (Node.js starts its module loader for
 * nothing else) and its compiled form lies beside it, see shims/launch.cjs and write-code-cache.js.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const output = join(project, 'dist/cli');
const require = createRequire(import.meta.url);
const { version } = require('../package.json');

rmSync(join(project, 'dist'), { recursive: true, force: true });
const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
execFileSync(process.execPath, [tsc, '-p', join(project, 'tsconfig.build.json')], {
  stdio: 'inherit',
});

/** What elfy and commander want for things that elfdeps never asks of them. */
const SHIMS = {
  assert: './scripts/shims/assert.js',
  util: './scripts/shims/util.js',
};

/** What decompresses archives, and the files beside the program that it becomes. */
const DECODERS = {
  'zstddec/stream': 'zstd',
  'xz-decompress': 'xz',
  'unbzip2-stream/lib/bzip2.js': 'bzip2',
  'unbzip2-stream/lib/bit_iterator.js': 'bzip2-bits',
};

// With elfy beside it, src/elf asks for no module of Node.js, and runs in a browser.
await build({
  absWorkingDir: project,
  entryPoints: ['elfy'],
  outfile: 'dist/elf/elfy.js',
  bundle: true,
  platform: 'neutral',
  mainFields: ['main'],
  format: 'esm',
  target: 'es2022',
  alias: SHIMS,
  logLevel: 'warning',
});
const header = join(project, 'dist/elf/header.js');
writeFileSync(header, readFileSync(header, 'utf8').replace("from 'elfy'", "from './elfy.js'"));

await build({
  absWorkingDir: project,
  entryPoints: ['src/cli/start.ts'],
  outfile: join(output, 'program.js'),
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  // Compiled code that is kept cannot import.
  supported: { 'dynamic-import': false },
  minify: true,
  legalComments: 'inline',
  // Loaded from node_modules when a pattern, an archive or a package database needs them.
  external: ['fast-glob', 'tar', 'node-sqlite3-wasm'],
  // Loading the real ones takes milliseconds.
  alias: { ...SHIMS, 'node:child_process': './scripts/shims/child-process.js' },
  // For createRequire(), which takes a path too.
  define: { 'import.meta.url': '__filename' },
  banner: {
    js: [
      'const lazily = (name) => new Proxy({}, { get: (_, key) => require(name)[key] });',
      'const builtIn = (module) => Object.create(module, { default: { value: module } });',
    ].join('\n'),
  },
  plugins: [
    {
      name: 'decoders beside the program',
      setup: (context) =>
        context.onResolve(
          { filter: /^(?:zstddec|xz-decompress|unbzip2-stream)\b/ },
          ({ path }) => ({
            path: `./${DECODERS[path]}.js`,
            external: true,
          }),
        ),
    },
    {
      name: 'version as built',
      setup: (context) =>
        context.onLoad({ filter: /\/src\/cli\/version\.ts$/ }, () => ({
          contents: `export const readVersion = () => ${JSON.stringify(version)};`,
        })),
    },
  ],
  logLevel: 'warning',
});
// Few runs need them, so each is a file of its own; as CommonJS, since only that can be required.
await Promise.all(
  Object.entries(DECODERS).map(([module, name]) =>
    build({
      absWorkingDir: project,
      entryPoints: [module],
      outfile: join(output, `${name}.js`),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      minify: true,
      legalComments: 'inline',
      logLevel: 'warning',
    }),
  ),
);
// Modules of Node.js that a report does not need, and that take milliseconds to load.
const program = join(output, 'program.js');
const modules = 'crypto|os|stream|stream/promises|timers/promises|tty|zlib';
writeFileSync(
  program,
  readFileSync(program, 'utf8')
    .replaceAll(new RegExp(`\\brequire\\("(node:(?:${modules}))"\\)`, 'g'), 'lazily("$1")')
    // esbuild would copy each property of the module.
    .replaceAll(/[\w$]+\(((?:require|lazily)\("node:[^"]+"\)),1\)/g, 'builtIn($1)'),
);
writeFileSync(join(output, 'package.json'), '{ "type": "commonjs" }\n');
copyFileSync(join(project, 'scripts/shims/launch.cjs'), join(output, 'start.js'));
spawnSync(process.execPath, [join(project, 'scripts/write-code-cache.js')], {
  cwd: project,
  stdio: ['ignore', 'ignore', 'inherit'],
});
