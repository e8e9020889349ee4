/**
 * Bundles the command line and the library into dist/cli as CommonJS files that share their code:
 * `program.js` has what a plain report evaluates, and everything that `import()` names in src is a file that
 * is loaded when it is wanted, such as a command, or what knows of archives. CommonJS, since Node.js
 * starts its loader of ES modules for nothing else, which is a tenth of its own start.
 *
 * esbuild splits only ES modules, and knows no file that is always there, so this takes three steps:
 * split; join what `start` imports; turn the other files into CommonJS.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build, transform, transformSync } from 'esbuild';
import { pageBesideProgram } from './build-page.js';

/** What elfy and commander want for things that elfdeps never asks of them; the real ones take milliseconds. */
export const SHIMS = {
  assert: './scripts/shims/assert.js',
  util: './scripts/shims/util.js',
  'node:child_process': './scripts/shims/child-process.js',
};

/** Loaded from node_modules when a pattern or a package database needs them. */
const EXTERNAL = ['fast-glob', 'node-sqlite3-wasm'];

/** Modules of Node.js that a report does not need, and that take milliseconds to load. */
const LAZY = 'crypto|module|os|stream|stream/promises|timers/promises|tty|zlib';

const TO_COMMON_JS = /** @type {const} */ ({
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  minify: true,
  // import() of a file that require() has would load it twice.
  supported: { 'dynamic-import': false },
  legalComments: 'inline',
  logLevel: 'warning',
});

const HELPERS = [
  'const lazily = (name) => new Proxy({}, { get: (_, key) => require(name)[key] });',
  'const builtIn = (module) => Object.create(module, { default: { value: module } });',
].join('\n');

/**
 * @param {string} project
 * @param {string} output The directory for the files.
 * @param {string} version As `--version` prints it.
 */
export async function bundle(project, output, version) {
  const { outputFiles } = await build({
    absWorkingDir: project,
    entryPoints: {
      start: 'src/cli/start.ts',
      library: 'src/index.ts',
      elf: 'src/elf/elf-file.ts',
      'format-html': 'src/report/html/format-html.ts',
    },
    outdir: output,
    write: false,
    bundle: true,
    splitting: true,
    chunkNames: '[name]-[hash]',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    minify: true,
    legalComments: 'inline',
    external: EXTERNAL,
    alias: SHIMS,
    // For createRequire(), which takes a path too.
    define: { 'import.meta.url': '__filename' },
    plugins: [
      versionAsBuilt(version),
      barBesideProgram,
      htmlBesideProgram,
      pageBesideProgram,
      withoutTables,
    ],
    logLevel: 'warning',
  });
  await build({
    ...TO_COMMON_JS,
    absWorkingDir: project,
    stdin: {
      contents: "exports.SingleBar = require('cli-progress/lib/single-bar');",
      resolveDir: project,
    },
    outfile: join(output, 'cli-progress.js'),
    bundle: true,
    alias: { 'string-width': './scripts/shims/string-width.cjs' },
  });
  // esbuild keeps an order of side effects by imports of nothing; no module of src has any.
  const texts = new Map(
    outputFiles.map(({ path, text }) => [
      basename(path),
      text.replaceAll(/\bimport"\.\/chunk-\w+\.js";/g, ''),
    ]),
  );
  const core = importedBy('start.js', texts);
  mkdirSync(output, { recursive: true });
  writeFileSync(join(output, 'program.js'), finished(await joined(core, texts)));
  for (const [name, text] of texts) {
    if (core.includes(name)) continue;
    const { code } = await transform(text, TO_COMMON_JS);
    const shared = code.replaceAll(/require\("\.\/([^"]+)"\)/g, (whole, file) =>
      core.includes(file) ? `require("./program.js").${exportName(file)}` : whole,
    );
    writeFileSync(join(output, name), finished(shared));
  }
}

/** The one bar of cli-progress is a file of its own, which is required when there is a bar to draw. */
const barBesideProgram = {
  name: 'cli-progress beside the program',
  /** @param {import('esbuild').PluginBuild} context */
  setup: (context) =>
    context.onLoad({ filter: /\/src\/cli\/cli-progress\.ts$/ }, () => ({
      contents: [
        "import { createRequire } from 'node:module';",
        "export const loadCliProgress = () => createRequire(import.meta.url)('./cli-progress.js');",
      ].join('\n'),
    })),
};

/** The member of a need, as Biome lays it out. */
const DOCUMENTATION = /^ {2}documentation: \{\n(?: {4}.*\n)+ {2}\},$/m;

/** The rows of docs/runtime-needs.md stand beside the detectors, and no command prints them. */
const withoutTables = {
  name: 'needs without their documentation',
  /** @param {import('esbuild').PluginBuild} context */
  setup: (context) =>
    context.onLoad({ filter: /\/src\/needs\/.*\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(DOCUMENTATION, (table) =>
        table.replaceAll(/\b(evidence|added):\s*(?:'[^'\n]*'|"[^"\n]*"),/g, "$1: '',"),
      ),
      loader: 'ts',
    })),
};

/** So is what makes HTML pages: formats of reports give their text at once, so they cannot `import()` it. */
const htmlBesideProgram = {
  name: 'format-html beside the program',
  /** @param {import('esbuild').PluginBuild} context */
  setup(context) {
    context.onResolve({ filter: /\/format-html\.js$/ }, ({ path }) => ({
      path,
      namespace: 'html',
    }));
    context.onLoad({ filter: /./, namespace: 'html' }, () => ({
      contents: [
        "import { createRequire } from 'node:module';",
        'export const formatHtml = (input) =>',
        "  createRequire(import.meta.url)('./format-html.js').formatHtml(input);",
      ].join('\n'),
    }));
  },
};

/**
 * The output files that one of them imports, itself included, without those that `import()` names.
 * @param {string} name
 * @param {ReadonlyMap<string, string>} texts
 */
function importedBy(name, texts) {
  const found = new Set([name]);
  for (const each of found)
    for (const [, next] of (texts.get(each) ?? '').matchAll(/\bfrom"\.\/([^"]+)"/g))
      if (next !== undefined && texts.has(next)) found.add(next);
  return [...found];
}

/**
 * One file of many, which exports what each of them does under a name of its own.
 * @param {readonly string[]} names
 * @param {ReadonlyMap<string, string>} texts
 */
async function joined(names, texts) {
  const contents = names.map((name) => `export * as ${exportName(name)} from './${name}';`);
  const { outputFiles } = await build({
    ...TO_COMMON_JS,
    stdin: { contents: contents.join('\n'), resolveDir: '/' },
    bundle: true,
    write: false,
    // It warns of bare imports, whose files are all joined.
    logLevel: 'error',
    plugins: [
      {
        name: 'files in memory',
        setup(context) {
          context.onResolve({ filter: /./ }, ({ path, kind }) =>
            kind === 'import-statement' && texts.has(basename(path))
              ? { path: basename(path), namespace: 'split', sideEffects: false }
              : { path, external: true },
          );
          context.onLoad({ filter: /./, namespace: 'split' }, ({ path }) => ({
            contents: texts.get(path) ?? '',
          }));
        },
      },
    ],
  });
  return outputFiles[0]?.text ?? '';
}

/** @param {string} file */
function exportName(file) {
  return basename(file, '.js').replaceAll(/\W/g, '_');
}

/** Ends of statements before others that begin with a word of their own. */
const BETWEEN_STATEMENTS =
  /(?<=[};])(?=(?:async )?function\*? ?[\w$]+\(|class[ {]|(?:const|let|return|throw|var) |(?:for|if)\()/g;

/**
 * Breaks lines between statements, since Node.js prints the whole line of an error that nothing catches.
 * esbuild's own limit breaks lines anywhere, which takes ten times the space in the package.
 * @param {string} code
 */
function broken(code) {
  const lines = code.replaceAll(BETWEEN_STATEMENTS, '\n');
  /** @param {string} text */
  const parsed = (text) => transformSync(text, { minifyWhitespace: true }).code;
  if (parsed(lines) !== parsed(code)) throw new Error('a line is broken within a text');
  return lines;
}

/**
 * Loads modules of Node.js when they are used. esbuild would also copy each property of a module.
 * @param {string} code
 */
function finished(code) {
  const lazy = withHexadecimal(code)
    .replaceAll(new RegExp(`\\brequire\\("(?:node:)?(${LAZY})"\\)`, 'g'), 'lazily("node:$1")')
    .replaceAll(/[\w$]+\(((?:require|lazily)\("node:[^"]+"\))(?:,1)?\)/g, 'builtIn($1)');
  const used = HELPERS.split('\n').filter((line) => lazy.includes(`${line.split(' ')[1]}(`));
  return `${used.join('\n')}\n${broken(lazy)}`;
}

/**
 * WebAssembly as hexadecimal text, which gzip packs nearly as well as bytes; of base64 it finds no repetition.
 * @param {string} code
 */
function withHexadecimal(code) {
  return code.replaceAll(
    /"(data:[\w/;]+,)?([A-Za-z0-9+/]{4096,}={0,2})"/g,
    (whole, prefix = '', text) => {
      const bytes = Buffer.from(text, 'base64');
      if (bytes.toString('base64') !== text) return whole;
      return `("${prefix}"+Buffer.from("${bytes.toString('hex')}","hex").toString("base64"))`;
    },
  );
}

/**
 * @param {string} version
 * @returns {import('esbuild').Plugin}
 */
function versionAsBuilt(version) {
  return {
    name: 'version as built',
    setup: (context) =>
      context.onLoad({ filter: /\/src\/cli\/version\.ts$/ }, () => ({
        contents: `export const readVersion = () => ${JSON.stringify(version)};`,
      })),
  };
}
