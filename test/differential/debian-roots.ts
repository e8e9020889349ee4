/**
 * Whole root file systems of other releases and CPUs, made of Debian packages, and what their own
 * loaders say about the files in them (by qemu-user where the CPU is foreign).
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, it } from 'vitest';
import { type Closure, directoryRoot, findElfFiles, traceDependencies } from '../../src/index.js';
import { resolvePath } from '../../src/root/resolve-path.js';
import { command, describeWith, type Requirement, requirement } from '../support/requirement.js';
import { GLIBC_INTERPRETER } from '../support/world.js';
import { runEach } from './run-each.js';

const PACKAGES = 'coreutils bash util-linux perl-base openssl curl systemd libc-bin'.split(' ');

/** Suite and architecture of each root: glibc 2.31 to the newest, both byte orders, 32 and 64 bits. */
export const ROOTS: Readonly<Record<string, readonly [suite: string, architecture: string]>> = {
  'bullseye-amd64': ['bullseye', 'amd64'],
  'bookworm-s390x': ['bookworm', 's390x'],
  'trixie-arm64': ['trixie', 'arm64'],
  'bookworm-amd64': ['bookworm', 'amd64'],
  'trixie-amd64': ['trixie', 'amd64'],
  'bullseye-armhf': ['bullseye', 'armhf'],
  'bookworm-i386': ['bookworm', 'i386'],
  'bookworm-mips64el': ['bookworm', 'mips64el'],
  'bookworm-ppc64el': ['bookworm', 'ppc64el'],
  'trixie-riscv64': ['trixie', 'riscv64'],
  'sid-amd64': ['sid', 'amd64'],
};

/** The roots that a variable of the environment names: separated by commas, or `all`. */
function wantedRoots(variable: string): readonly string[] {
  const wanted = process.env[variable] ?? '';
  if (wanted === 'all') return Object.keys(ROOTS);
  const names = wanted.split(',').filter((name) => name !== '');
  const unknown = names.filter((name) => ROOTS[name] === undefined);
  if (unknown.length > 0)
    throw new Error(`no such root: ${unknown} (there are ${Object.keys(ROOTS).join(', ')})`);
  return names;
}

const requirements = [
  requirement('the root user', process.getuid?.() === 0),
  ...['apt-get', 'dpkg-deb', 'chroot', 'qemu-s390x-static'].map(command),
];

/**
 * Downloads and unpacks a root into `directory`, unless it is there; gives its path. Roots of other
 * packages than the usual ones have another directory.
 */
export function makeRoot(
  name: string,
  directory: string,
  packages: readonly string[] = PACKAGES,
): string {
  const [suite = '', architecture = ''] = ROOTS[name] ?? [];
  const script = fileURLToPath(new URL('../../scripts/make-debian-root.sh', import.meta.url));
  const path = join(directory, packages === PACKAGES ? name : `${name}-${packages.join('+')}`);
  execFileSync('sh', [script, path, suite, architecture, ...packages], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return path;
}

/** The file of a root's 64-bit loader on this machine's disk, behind the links of the root. */
export function loaderOf(root: string): string {
  const file = resolvePath(directoryRoot(root), GLIBC_INTERPRETER);
  if (!file.found) throw new Error(`no loader in ${root}`);
  return root + file.path;
}

/** A copy of a root for a test that changes it: of links to its files, where that is possible. */
export function copyRoot(made: string, copy: string): string {
  rmSync(copy, { recursive: true, force: true });
  execFileSync('sh', ['-c', 'cp -al "$1" "$2" || cp -a "$1" "$2"', 'sh', made, copy]);
  return copy;
}

/**
 * Tests about the roots that a variable of the environment names; without any, they are skipped.
 * `body` gets the names and the directory for {@link makeRoot}. `fits` leaves out other roots.
 */
export function describeRoots(
  title: string,
  variable: string,
  needs: readonly Requirement[],
  body: (names: readonly string[], directory: string) => void,
  fits: (name: string) => boolean = () => true,
): void {
  const names = wantedRoots(variable).filter(fits);
  if (names.length === 0) {
    it.skip(`${title} (${variable} names no root for it)`, () => {});
    return;
  }
  describeWith(title, [...requirements, ...needs], () => {
    const kept = process.env.ELFDEPS_ROOTS_DIR;
    const directory = kept ?? mkdtempSync(join(tmpdir(), 'elfdeps-roots-'));
    afterAll(() => {
      if (kept === undefined) rmSync(directory, { recursive: true, force: true });
    });
    body(names, directory);
  });
}

/** A file of a root, what elfdeps has for it, and what the root's own loader printed. */
export interface Answer {
  readonly path: string;
  readonly closure: Closure;
  readonly loader: string;
  readonly printed: string;
}

/** Asks elfdeps and the root's own loaders about every file that they load. */
export async function askRoot(directory: string): Promise<readonly Answer[]> {
  const root = directoryRoot(directory);
  const { closures, errors } = traceDependencies(root, findElfFiles(root, '/'));
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
  const asked = closures.flatMap((closure) => {
    const loader = closure.interpreter?.path ?? neededLoader(closure);
    return loader === undefined ? [] : [{ closure, loader }];
  });
  // Tracing is told by the environment, which must not reach the programs that start the loader.
  const start = existsSync(join(directory, '.qemu'))
    ? '/.qemu -E LD_TRACE_LOADED_OBJECTS=1'
    : '/usr/bin/env LD_TRACE_LOADED_OBJECTS=1';
  const outputs = await runEach(
    `chroot "$root" ${start} "$1" "$2" 2>&1`,
    asked.map(({ closure, loader }) => [loader, closure.program.path]),
    { env: { root: directory } },
  );
  return asked.map(({ closure, loader }, index) => ({
    path: closure.program.path,
    closure,
    loader,
    printed: outputs[index]?.text ?? '',
  }));
}

/** The loader that a library's libc needs, by the path where it was found. */
function neededLoader({ libraries }: Closure): string | undefined {
  return libraries.find(({ object }) => object?.role === 'interpreter')?.object?.path;
}
