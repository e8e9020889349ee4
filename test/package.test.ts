/**
 * What `npm pack` puts into the package: its size, its parts, and that an installation has every package
 * that the built files load.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

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
