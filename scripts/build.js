/**
 * Builds dist/: the command line and the library as bundles that share their code (bundle.js), and the types
 * by tsc. `elfdeps/elf` is also an ES module of its own, for browsers.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildPage } from './build-page.js';
import { bundle, SHIMS } from './bundle.js';

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(project, 'dist');
const require = createRequire(import.meta.url);
const { version } = require('../package.json');

/** A declaration as tsc writes it, with its docstring: of a class or interface up to its brace, of others up to a semicolon. */
const DECLARATION =
  /(?:\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?^(?:export )?(?:(?:declare )?(?:class|interface) (\w+)[\s\S]*?^\}\n|(?:declare )?(?:function|const|type) (\w+)[\s\S]*?;\n(?=\/\*\*|export |import |declare |type |interface |$(?![\s\S])))/gm;

rmSync(dist, { recursive: true, force: true });
const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
execFileSync(process.execPath, [tsc, '-p', join(project, 'tsconfig.build.json')], {
  stdio: 'inherit',
});
const ENTRIES = ['index.d.ts', 'elf/elf-file.d.ts'];
removeUnusedTypes(ENTRIES).forEach(removeFileComment);
// What only these declarations name can go next.
while (removePrivate(ENTRIES)) removeUnusedTypes(ENTRIES);

await bundle(project, join(dist, 'cli'), version);
writeFileSync(join(dist, 'cli/package.json'), '{ "type": "commonjs" }\n');
writeFileSync(join(dist, 'cli/start.js'), "require('./program.js').start.start();\n");
writeModule('index.js', './cli/library.js');
writeModule('elf/elf-file.js', '../cli/elf.js');

const start = join(dist, 'cli/start.js');
writeFileSync(join(dist, 'elfdeps.1'), execFileSync(process.execPath, [start, 'help', 'man']));

await buildPage(project, join(dist, 'html'));

// With elfy beside it, src/elf asks for no module of Node.js, and runs in a browser.
await build({
  absWorkingDir: project,
  entryPoints: ['src/elf/elf-file.ts'],
  outfile: 'dist/elf/browser.js',
  bundle: true,
  platform: 'neutral',
  mainFields: ['main'],
  format: 'esm',
  target: 'es2022',
  minify: true,
  legalComments: 'inline',
  alias: SHIMS,
  logLevel: 'warning',
});

/**
 * Writes an ES module that exports what a CommonJS file does, so that the library and the command line are
 * the same code.
 * @param {string} path
 * @param {string} source
 */
function writeModule(path, source) {
  const file = join(dist, path);
  const names = Object.keys(require(join(dirname(file), source))).sort();
  writeFileSync(
    file,
    `import code from '${source}';\nexport const { ${names.join(', ')} } = code;\n`,
  );
}

/**
 * Removes the declarations that the named ones do not lead to, and directories that have none. Gives those
 * that are left.
 * @param {readonly string[]} entries
 */
function removeUnusedTypes(entries) {
  const wanted = new Set(entries.map((entry) => join(dist, entry)));
  for (const file of wanted)
    for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(
      /(?:\bfrom |\bimport\()["'](\.[^"']+)\.js["']/g,
    ))
      wanted.add(`${join(dirname(file), path)}.d.ts`);
  const entriesOfDist = readdirSync(dist, { recursive: true, withFileTypes: true });
  for (const entry of entriesOfDist.filter((each) => each.isFile())) {
    const file = join(entry.parentPath, entry.name);
    if (!wanted.has(file)) rmSync(file);
  }
  const directories = entriesOfDist.filter((each) => each.isDirectory());
  for (const { parentPath, name } of directories.reverse()) {
    const directory = join(parentPath, name);
    if (readdirSync(directory).length === 0) rmdirSync(directory);
  }
  return wanted;
}

/**
 * Removes the declarations that no other one leads to, so that no user can reach them, and imports that only
 * they used. Whether there were any.
 * @param {readonly string[]} entries
 */
function removePrivate(entries) {
  const texts = new Map(
    readdirSync(dist, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.d.ts'))
      .map((path) => [path, readFileSync(join(dist, path), 'utf8')]),
  );
  const imported = new Set([...texts].flatMap(([path, text]) => importsOf(path, text)));
  for (const [path, text] of texts)
    for (const [, from] of text.matchAll(/^export \* from '(.*)\.js';$/gm))
      for (const each of imported)
        if (each.startsWith(`${path} `))
          imported.add(each.replace(path, join(dirname(path), `${from}.d.ts`)));
  let isChanged = false;
  for (const [path, text] of texts) {
    if (entries.includes(path)) continue;
    const counts = countWords(text);
    const rest = text.replaceAll(DECLARATION, (whole, ofBraces, other) => {
      const name = ofBraces ?? other;
      return counts.get(name) === 1 && !imported.has(`${path} ${name}`) ? '' : whole;
    });
    const own = countWords(rest);
    const used = rest.replaceAll(/^import (?:type )?\{ (.*?),? \} from .*\n/gm, (whole, names) =>
      names
        .split(', ')
        .some((/** @type {string} */ name) => own.get(name.split(' ').at(-1) ?? '') !== 1)
        ? whole
        : '',
    );
    if (used === text) continue;
    isChanged = true;
    writeFileSync(join(dist, path), used === '' ? 'export {};\n' : used);
  }
  return isChanged;
}

/**
 * What declarations take from others, each as the path of the file and the name.
 * @param {string} path
 * @param {string} text
 */
function importsOf(path, text) {
  const lists = text.matchAll(/^(?:im|ex)port (?:type )?\{ (.*?),? \} from '(\..*)\.js';$/gm);
  const places = text.matchAll(/\bimport\("(\.[^"]*)\.js"\)\.(\w+)/g);
  return [
    ...[...lists].map(([, names = '', from]) => ({ names: names.split(', '), from })),
    ...[...places].map(([, from, name = '']) => ({ names: [name], from })),
  ].flatMap(({ names, from }) =>
    names.map((name) => {
      const [first] = name.replace(/^type /, '').split(' ');
      return `${join(dirname(path), `${from}.d.ts`)} ${first}`;
    }),
  );
}

/**
 * How often each word stands in declarations, comments aside.
 * @param {string} text
 */
function countWords(text) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const [word] of text.replaceAll(/\/\*[\s\S]*?\*\//g, '').matchAll(/[\w$]+/g))
    counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/**
 * Removes what a source file says about itself at its top, which is for those who change it.
 * @param {string} file
 */
function removeFileComment(file) {
  const source = join(project, 'src', relative(dist, file).replace(/\.d\.ts$/, '.ts'));
  const [comment = ''] = /^\/\*\*[\s\S]*?\*\/\n/.exec(readFileSync(source, 'utf8')) ?? [];
  const text = readFileSync(file, 'utf8');
  if (text.startsWith(comment)) writeFileSync(file, text.slice(comment.length));
}
