/**
 * The binaries below samples/: parseElf agrees with the facts that readelf told (expected.json),
 * and the sysroot resolves as musl's loader resolves it. Needs no compiler; samples/build.sh does.
 */
import { spawnSync } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Closure } from '../src/closure/closure.js';
import { trace } from '../src/closure/trace.js';
import { type ElfFile, parseElf } from '../src/elf/elf-file.js';
import { loaders } from '../src/registry.js';
import { directoryRoot } from '../src/root/directory-root.js';

/** One object of expected.json; null where the file has no such thing. */
interface Facts {
  readonly path: string;
  readonly kind: string;
  readonly linkage: string;
  readonly machine: string;
  readonly class: number;
  readonly endian: string;
  readonly abi: string | null;
  readonly interpreter: string | null;
  readonly needed: readonly string[];
  readonly soname: string | null;
  readonly rpath: string | null;
  readonly runpath: string | null;
}

const SAMPLES = fileURLToPath(new URL('../samples/', import.meta.url));
const SYSROOT = join(SAMPLES, 'sysroot');
const MAGIC = Buffer.from('\x7fELF', 'latin1');
const LOADER = '/lib/ld-musl-x86_64.so.1';
const expected: readonly Facts[] = JSON.parse(readFileSync(join(SAMPLES, 'expected.json'), 'utf8'));

describe('facts of every sample are those of readelf', () => {
  it.each(expected)('$path', (facts) => {
    expect(factsOf(facts.path, parseElf(readFileSync(join(SAMPLES, facts.path))))).toEqual(facts);
  });

  it('expected.json has every ELF file of the folder', () => {
    expect(expected.map(({ path }) => path)).toEqual(namesBelow(SAMPLES).filter(isElf));
  });
});

describe('the sysroot', () => {
  it('has only directories and regular files, and no two names that differ by case alone', () => {
    const names = namesBelow(SYSROOT);
    const kinds = names.map((name) => lstatSync(join(SYSROOT, name)));
    expect(kinds.every((kind) => kind.isFile() || kind.isDirectory())).toBe(true);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
  });

  it('resolves completely: by runpath, by the configured path, by musl itself', () => {
    const closure = traceGreet();
    expect(closure.interpreter).toMatchObject({ path: LOADER, status: 'found', realPath: LOADER });
    expect(closure).toMatchObject({ loader: 'musl', libc: 'musl', diagnostics: [] });
    expect(rowsOf(closure)).toEqual([
      ['libgreet.so.1', '/usr/bin/../lib/libgreet.so.1', 'runpath'],
      ['libc.so', LOADER, 'built-in'],
      ['libwords.so.1', '/opt/words/lib/libwords.so.1', 'configured'],
    ]);
    expect(closure.libraries.map(({ object }) => object?.realPath)).toEqual([
      '/usr/lib/libgreet.so.1',
      LOADER,
      '/opt/words/lib/libwords.so.1',
    ]);
    expect(closure.configuration).toEqual(['/etc/ld-musl-x86_64.path']);
    expect(closure.complete).toBe(true);
  });
});

// A sandbox may forbid chroot even to root: ask it first.
const canChroot =
  process.platform === 'linux' &&
  process.arch === 'x64' &&
  process.getuid?.() === 0 &&
  spawnSync('chroot', ['/', '/bin/sh', '-c', 'true']).status === 0;

describe.skipIf(!canChroot)('the sysroot runs (needs Linux on x64 and root, for chroot)', () => {
  it('prints the greeting', () => {
    expect(runInSysroot('/usr/bin/greet')).toEqual({
      status: 0,
      stdout: 'hello, sysroot\n',
      stderr: '',
    });
  });

  it('opens the files that elfdeps names, as musl lists them', () => {
    const { stdout } = runInSysroot(LOADER, '--list', '/usr/bin/greet');
    const listed = [...stdout.matchAll(/^\t(\S+) => (\S+) /gm)].map((line) => line.slice(1));
    expect(listed).toEqual(rowsOf(traceGreet()).map(([name, path]) => [name, path]));
  });
});

function factsOf(path: string, elf: ElfFile): Facts {
  return {
    path,
    kind: elf.kind,
    linkage: elf.linkage,
    machine: elf.target.machine,
    class: elf.target.class,
    endian: elf.target.endian,
    abi: elf.target.abi,
    interpreter: elf.interpreter ?? null,
    needed: elf.dynamic?.needed ?? [],
    soname: elf.dynamic?.soname ?? null,
    rpath: elf.dynamic?.rpath ?? null,
    runpath: elf.dynamic?.runpath ?? null,
  };
}

function traceGreet(): Closure {
  const root = directoryRoot(SYSROOT);
  const { closures, errors } = trace(root, ['/usr/bin/greet'], {}, loaders);
  root.close?.();
  expect(errors).toEqual([]);
  expect(closures).toHaveLength(1);
  return closures[0] as Closure;
}

/** Name, path and rule of what musl lists; a second need of a loaded file has no row there. */
function rowsOf(closure: Closure) {
  return closure.libraries
    .filter(({ listed }) => listed)
    .map(({ name, object, rule }) => [name, object?.path, rule]);
}

function runInSysroot(...command: string[]) {
  const { status, stdout, stderr } = spawnSync('chroot', [SYSROOT, ...command], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH },
  });
  return { status, stdout, stderr };
}

/** Sorted names of everything below a directory, relative to it, with `/` on every host. */
function namesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => name.split(sep).join('/'))
    .sort();
}

function isElf(path: string): boolean {
  const file = join(SAMPLES, path);
  return lstatSync(file).isFile() && readFileSync(file).subarray(0, 4).equals(MAGIC);
}
