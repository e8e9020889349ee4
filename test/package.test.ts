/**
 * What `npm pack` puts into the package: its size, its parts, that an installation has every package
 * that the built files load, and what the built library is to a program.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, expect, it } from 'vitest';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));

/** `require()`, what createRequire() gives, `import()`, and `from`, with the name of a package. */
const LOADED =
  /(?:\b(?:require|import)|createRequire\)\(__filename\))\(["']([@a-z][\w./-]*)["']\)|\bfrom ?["']([@a-z][\w./-]*)["']/g;

interface Packed {
  /** Bytes of the tarball. */
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

const [packed] = JSON.parse(
  execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: PROJECT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    shell: process.platform === 'win32',
  }),
) as [Packed];
const paths = packed.files.map(({ path }) => path);
const description = JSON.parse(read('package.json'));

function read(path: string): string {
  return readFileSync(join(PROJECT, path), 'utf8');
}

it('has at most 450 kB', () => {
  expect(packed.size).toBeGreaterThan(100_000);
  expect(packed.size).toBeLessThanOrEqual(450_000);
});

it('has no sources, no source maps and no code caches', () => {
  const wrong = paths.filter((path) => !/\.(?:js|d\.ts|json|md|1)$|^LICENSE$/.test(path));
  expect(wrong).toEqual([]);
  expect(
    paths
      .filter((path) => /^dist\/.*\.js$/.test(path))
      .map(read)
      .join(),
  ).not.toContain('sourceMappingURL');
});

it('has the types that its exports lead to, once', () => {
  const types = paths.filter((path) => path.endsWith('.d.ts'));
  const reached = new Set(['dist/index.d.ts', 'dist/elf/elf-file.d.ts']);
  for (const path of reached)
    for (const [, specifier = ''] of read(path).matchAll(/["'](\.\.?\/[^"']+)\.js["']/g))
      reached.add(join(path, '..', `${specifier}.d.ts`).replaceAll('\\', '/'));
  expect(types.sort()).toEqual([...reached].sort());
});

it('declares the packages that the built files load, and no more than these and what it bundles', () => {
  const loaded = paths
    .filter((path) => /^dist\/.*\.js$/.test(path))
    .flatMap((path) => [...read(path).matchAll(LOADED)])
    .flatMap(([, required, imported]) => required ?? imported ?? [])
    .filter((name) => !isBuiltin(name));
  expect(loaded).toContain('fast-glob');
  const declared = Object.keys(description.dependencies);
  expect(loaded.filter((name) => !declared.includes(name))).toEqual([]);
  const unused = declared.filter((name) => !loaded.includes(name));
  expect(unused.sort()).toEqual(['commander', 'elfy']);
});

it('runs nothing when it is installed, and has nothing that npm warns of', () => {
  const hooks = ['preinstall', 'install', 'postinstall', 'prepublish', 'prepare'];
  expect(Object.keys(description.scripts).filter((name) => hooks.includes(name))).toEqual([]);
});

it('names no place on the web that is not known yet', () => {
  expect(description).toMatchObject({ name: 'elfdeps', author: 'the elfdeps authors' });
  for (const field of ['repository', 'bugs', 'homepage'])
    expect(description).not.toHaveProperty(field);
});

/** A project that has the packed files, and no other package. */
const place = mkdtempSync(join(tmpdir(), 'elfdeps-consumer-'));
for (const path of paths) cpSync(join(PROJECT, path), join(place, 'node_modules/elfdeps', path));
afterAll(() => rmSync(place, { recursive: true }));

/** What the entries of the package export as values; all of it must have types. */
const valuesOf = (path: string) =>
  /^export const \{ (.*) \} = code;$/m.exec(read(path))?.[1]?.split(', ') ?? [];
const values = valuesOf('dist/index.js');
const elfValues = valuesOf('dist/elf/elf-file.js');

const CONSUMER = `
import * as all from 'elfdeps';
import * as elf from 'elfdeps/elf';
import { checkTrace, type Closure, openRoot, PlanError, planPrograms, traceDependencies, writers } from 'elfdeps';
import { type ElfFile, parseElf } from 'elfdeps/elf';

export async function copied(program: string): Promise<readonly Closure[]> {
  const root = await openRoot('/');
  await writers.directory(planPrograms(root, [program]).plan, root, 'out');
  const trace = traceDependencies(root, [program]);
  return checkTrace(trace).map(({ closure }) => closure);
}
export const kindOf = (bytes: Uint8Array): ElfFile['kind'] => parseElf(bytes).kind;
export const isPlan = (error: unknown): boolean => error instanceof PlanError && error.code === 'PLAN_CONFLICT';
export const values = [${values.map((name) => `all.${name}`)}];
export const elfValues = [${elfValues.map((name) => `elf.${name}`)}];
`;

it.each([
  ['nodenext', 'nodenext'],
  ['preserve', 'bundler'],
])('has types that need no other package, with the modules %s and %s', (module, resolution) => {
  expect([values.length > 30, elfValues]).toEqual([true, expect.arrayContaining(['parseElf'])]);
  writeFileSync(join(place, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(place, 'consumer.ts'), CONSUMER);
  const require = createRequire(import.meta.url);
  const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc');
  const checked = ['--strict', '--skipLibCheck', 'false', '--types', '', '--lib', 'es2022,dom'];
  const found = ['--module', module, '--moduleResolution', resolution];
  const { status, stdout } = spawnSync(
    process.execPath,
    [tsc, '--noEmit', '--target', 'es2022', ...checked, ...found, 'consumer.ts'],
    { cwd: place, encoding: 'utf8' },
  );
  expect([status, stdout]).toEqual([0, '']);
});

it('has errors with the names that the library exports', async () => {
  const library = await import(pathToFileURL(join(PROJECT, 'dist/index.js')).href);
  const classes = Object.entries<{ prototype?: unknown }>(library).flatMap(([name, value]) =>
    value.prototype instanceof Error ? [[name, value.prototype] as const] : [],
  );
  expect(classes.map(([name]) => name)).toEqual(
    expect.arrayContaining(['ElfdepsError', 'PlanError']),
  );
  expect(classes.map(([, error]) => error.name)).toEqual(classes.map(([name]) => name));
  const thrown = await library.openRoot('/nonexistent').catch((error: unknown) => error);
  expect(String(thrown)).toBe('RootError: /nonexistent: no such file or directory');
  expect(thrown.stack).toMatch(/^RootError: /);
});

it.each([
  ["await openRoot('/nonexistent')", 'RootError]: /nonexistent: no such file or directory'],
  [
    "traceDependencies('/', ['/usr/bin/git'])",
    "TypeError: root: pass what `await openRoot('/')` gives",
  ],
])('prints little code for an error that nothing catches: %s', (code, message) => {
  const library = pathToFileURL(join(PROJECT, 'dist/index.js')).href;
  const text = `import { openRoot, traceDependencies } from '${library}';\n${code};\n`;
  writeFileSync(join(place, 'uncaught.mjs'), text);
  const { status, stderr } = spawnSync(process.execPath, [join(place, 'uncaught.mjs')], {
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stderr).toContain(message);
  expect(stderr.split('\n').filter((line) => line.length > 500)).toEqual([]);
});

it('has lines of the program that a terminal can show', () => {
  const lines = read('dist/cli/program.js').split('\n');
  expect(lines.filter((line) => line.length > 5000)).toEqual([]);
});
