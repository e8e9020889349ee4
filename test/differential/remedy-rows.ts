/**
 * Rows of remedies.test.ts: for each code that a finding can have, a root that has it, and how its remedy is
 * applied as it is printed.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import * as c from '../../src/elf/constants.js';
import { parseElf } from '../../src/index.js';
import { calls, glibcWith, texts } from '../needs/need-worlds.js';
import { type Application, doing, options, put, RemedySite, run } from '../support/apply-remedy.js';
import { diskWorld, writeWorld } from '../support/disk-world.js';
import { buildFont } from '../support/font-builder.js';
import {
  GLIBC_INTERPRETER,
  glibcSystem,
  muslProgram,
  muslSystem,
  program,
  TRIPLET,
  type World,
} from '../support/world.js';

/** Codes whose remedy no test applies, and why. */
export const NOT_APPLIED: Readonly<Record<string, string>> = {
  MINIMUM_VERSIONS: 'nothing is wrong, so the note stays on whatever system it is built',
  HOST_PROVIDED: 'a container runtime mounts the driver, and no test machine has one',
  FOUND_ELSEWHERE: 'only check --image reports it, and the remedy is another command line',
  LEFT_BEHIND: 'likewise; test/cli/working-image.test.ts has both',
  PACKED: 'only the tool of the packer unpacks the file',
};

interface RemedyRow {
  readonly code: string;
  readonly name?: string;
  /** The root; `make` then changes it, for what needs a compiler. */
  readonly world?: World;
  readonly make?: (site: RemedySite) => void;
  readonly program?: string;
  readonly trace?: RemedySite['trace'];
  readonly options?: RemedySite['options'];
  readonly apply: Application;
}

const LIB = `/usr/lib/${TRIPLET}`;
const LIBC = `/lib/${TRIPLET}/libc.so.6`;
const glibc: World = { ...glibcSystem(36), [LIBC]: {} };
const app = (...names: string[]): World => ({
  ...glibcWith(36),
  '/app/main': program({ needed: ['libc.so.6'], ...calls(...names) }),
});
const needing = (name: string, others: World = {}, more = {}): World => ({
  ...glibc,
  ...others,
  '/app/main': program({ needed: [name], ...more }),
});
const banner = (release: string) =>
  new TextEncoder().encode(`\0GNU C Library (GNU libc) stable release version ${release}.\n\0`);
const libcrypto = texts('OPENSSLDIR: "/usr/lib/ssl"', `MODULESDIR: "${LIB}/ossl-modules"`);

const MAIN = 'int main(void) { return 0; }';
const F = 'int f(void) { return 0; }';
const POINTER = 'static int x; static int *volatile p = &x; int main(void) { return *p; }';
const PACKED = ['-fPIE', '-pie', '-Wl,-z,pack-relative-relocs'];
const PAGES = ['-Wl,-z,max-page-size=512', '-Wl,-z,common-page-size=512'];
const IFUNC =
  'static int impl(void) { return 0; } static void *res(void) { return impl; }\n' +
  'int g(void) __attribute__((ifunc("res"))); int main(void) { return g(); }';
const TEXT = 'static int x;\nint *f(void) { return &x; }';
const USER = '#include <pwd.h>\nint main(void) { return !getpwnam("daemon"); }';
const DLOPEN = '#include <dlfcn.h>\nint main(void) { return !dlopen("libc.so", RTLD_NOW); }';
const CALLS_F = 'int f(void);\nint main(void) { return f(); }';

/** Compiles into the root; words that begin with a slash are files of the root. */
function compile(site: RemedySite, path: string, source: string, ...flags: string[]): void {
  const file = site.at(`${path}.c`);
  fs.writeFileSync(file, `${source}\n`);
  const compiler = flags[0] === 'musl-gcc' ? flags.shift() : 'gcc';
  const words = flags.map((flag) => (flag.startsWith('/') ? site.at(flag) : flag));
  execFileSync(compiler as string, ['-w', '-o', site.at(path), file, ...words], { stdio: 'pipe' });
  fs.rmSync(file);
}

const shared = (path: string, ...flags: string[]) => [
  ...['-shared', '-fPIC', `-Wl,-soname,${path.slice(path.lastIndexOf('/') + 1)}`],
  ...flags,
];

/** The loader and libc of this machine. */
function takeGlibc(site: RemedySite): void {
  for (const path of [GLIBC_INTERPRETER, LIBC]) fs.copyFileSync(path, site.at(path));
}

/** Two builds of a library, of which the root has the one without the symbol. */
function otherBuild(site: RemedySite, flags: readonly string[], old: string): void {
  takeGlibc(site);
  const full = 'int f(void) { return 0; }\nint gone(void) { return 0; }';
  compile(site, '/build/libx.so', full, ...shared('/libx.so'), ...flags);
  compile(
    site,
    '/app/main',
    'int gone(void);\nint main(void) { return gone(); }',
    '/build/libx.so',
    '-Wl,-z,now',
  );
  fs.mkdirSync(dirname(site.at('/usr/lib/x')), { recursive: true });
  compile(site, '/usr/lib/libx.so', old, ...shared('/libx.so'));
}

const takeBuild = (pattern: RegExp) =>
  doing(pattern, (site, name = '') => {
    fs.copyFileSync(site.at(`/build/${name}`), site.at(`/usr/lib/${name}`));
  });

const VERSIONS = 'V1 { global: *; };';
function versioned(site: RemedySite, text: string): string {
  fs.writeFileSync(site.at('/build/versions'), text);
  return `-Wl,--version-script=${site.at('/build/versions')}`;
}

export const REMEDY_ROWS: readonly RemedyRow[] = [
  // What the kernel refuses.
  {
    code: 'NOT_EXECUTABLE',
    name: 'with a path that a shell would take apart',
    world: { ...glibc, "/a $b/it's": { bytes: new Uint8Array(), mode: 0o644 } },
    make: (site) => {
      writeWorld(site.directory, { "/a $b/it's": program() });
      fs.chmodSync(site.at("/a $b/it's"), 0o644);
    },
    program: "/a $b/it's",
    apply: run(/^(chmod \+x .+) \(in a Dockerfile: COPY --chmod=755\)$/),
  },
  {
    code: 'NOT_A_PROGRAM',
    world: { ...glibc, '/app/main.o': { type: c.ET_REL }, '/app/main': program() },
    program: '/app/main.o',
    apply: doing(/^name the program itself$/, (site) => {
      site.program = '/app/main';
    }),
  },
  {
    code: 'WRONG_CPU',
    world: { ...glibc, '/app/main': program() },
    options: { platform: 'linux/arm64' },
    apply: doing(/^build the program for (linux\/arm64), or give the platform/, (site) =>
      writeWorld(site.directory, { '/app/main': { type: c.ET_EXEC, machine: c.EM_AARCH64 } }),
    ),
  },
  {
    code: 'PROGRAM_HEADERS_REFUSED',
    world: {
      ...glibc,
      '/app/main': program({ patch: [[64 + 56 + 32, GLIBC_INTERPRETER.length]] }),
    },
    apply: doing(/^build or copy the program again$/, (site) =>
      writeWorld(site.directory, { '/app/main': program() }),
    ),
  },
  {
    code: 'INTERPRETER_MISSING',
    world: { '/app/main': program() },
    apply: doing(
      /^copy (\S+) and the libraries of the program into the root \(on a system where it runs: elfdeps copy \/app\/main --to DIR\)/,
      copyFromWorld({ ...glibc, '/app/main': program() }),
    ),
  },
  {
    code: 'INTERPRETER_MISSING',
    name: 'elsewhere in the root, and libc needs it too',
    world: {
      '/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2': { glibcLoader: { minor: 36 } },
      '/lib/x86_64-linux-gnu/libc.so.6': { needed: ['ld-linux-x86-64.so.2'] },
      '/app/main': program({ needed: ['libc.so.6'], runpath: '/lib/x86_64-linux-gnu' }),
    },
    apply: run(/^in the root: (ln -sf? .+)$/),
  },
  {
    code: 'INTERPRETER_MISSING',
    name: 'a relative one',
    world: {
      ...glibc,
      '/app/lib/ld-linux-x86-64.so.2': { glibcLoader: { minor: 36 } },
      '/app/main': program({ interpreter: 'lib/ld-linux-x86-64.so.2' }),
    },
    apply: options(/\(--workdir (\S+); in a Dockerfile WORKDIR\)$/, ([cwd]) => ({
      trace: { cwd },
    })),
  },
  {
    code: 'INTERPRETER_NOT_EXECUTABLE',
    world: { ...glibc, '/app/main': program({ interpreter: '/lib/my ld.so.2' }) },
    make: (site) => {
      fs.copyFileSync(site.at(GLIBC_INTERPRETER), site.at('/lib/my ld.so.2'));
      fs.chmodSync(site.at('/lib/my ld.so.2'), 0o644);
    },
    trace: { loader: 'glibc' },
    apply: run(/^(chmod 755 .+)$/),
  },
  {
    code: 'INTERPRETER_WRONG_TARGET',
    world: {
      [GLIBC_INTERPRETER]: {
        machine: c.EM_AARCH64,
        interpreter: '/lib/ld-linux-aarch64.so.1',
        soname: 'ld-linux-x86-64.so.2',
      },
      '/app/main': program(),
    },
    apply: put(/^put the loader for x86-64.* at (\S+)$/, {
      [GLIBC_INTERPRETER]: { glibcLoader: { minor: 36 } },
    }),
  },

  // Scripts.
  {
    code: 'SHEBANG_TOO_LONG',
    world: { '/app/main': `#!/${'d/'.repeat(140)}sh\n`, '/bin/sh': { type: c.ET_EXEC } },
    apply: doing(/^make the first line shorter/, (site) =>
      fs.writeFileSync(site.at('/app/main'), '#!/bin/sh\n'),
    ),
  },
  {
    code: 'SCRIPT_CRLF',
    world: { "/app/a'b": '#!/bin/sh\r\nexit\r\n', '/bin/sh': { type: c.ET_EXEC } },
    program: "/app/a'b",
    apply: run(/^save it with Unix line ends: (sed .+)$/),
  },
  {
    code: 'SCRIPT_INTERPRETER_MISSING',
    world: { '/app/main': '#!/bin/sh\n' },
    apply: put(/^put (\S+) into the root/, { '/bin/sh': { type: c.ET_EXEC } }),
  },
  {
    code: 'SCRIPT_INTERPRETER_NOT_EXECUTABLE',
    world: { '/app/main': '#!/bin/sh\n', '/bin/sh': { type: c.ET_EXEC } },
    make: (site) => fs.chmodSync(site.at('/bin/sh'), 0o644),
    apply: run(/^(chmod \+x \S+)$/),
  },
  {
    code: 'SCRIPT_PROGRAM_MISSING',
    world: { '/app/main': '#!/usr/bin/env python3\n', '/usr/bin/env': { type: c.ET_EXEC } },
    apply: doing(/^put (python3) into a directory of PATH in the root$/, (site, name) =>
      writeWorld(site.directory, { [`/usr/bin/${name}`]: { type: c.ET_EXEC } }),
    ),
  },
  {
    code: 'SCRIPT_OPTION_REFUSED',
    world: {
      '/app/main': '#!/usr/bin/env -i sh\n',
      '/usr/bin/env': { type: c.ET_EXEC },
      '/bin/sh': { type: c.ET_EXEC },
    },
    apply: doing(/^name only the interpreter in the first line, without env/, (site) =>
      fs.writeFileSync(site.at('/app/main'), '#!/bin/sh\n'),
    ),
  },
  {
    code: 'NOT_A_PROGRAM',
    name: 'a text',
    world: { "/app/it's": 'exit\n', '/bin/sh': { type: c.ET_EXEC } },
    program: "/app/it's",
    trace: { takesTexts: true },
    apply: run(/^name that program in a first line: (sed .+)$/),
  },
  {
    code: 'SCRIPT_INTERPRETER_FAILS',
    world: { '/bin/sh': program(), '/app/main': '#!/bin/sh\n' },
    apply: doing(/^see the findings about (\/bin\/sh)$/, (site, path = '') => {
      const about = new RemedySite(site.directory);
      about.program = path;
      expect(about.findings().map(({ code }) => code)).toContain('INTERPRETER_MISSING');
      writeWorld(site.directory, glibc);
    }),
  },
  {
    code: 'SCRIPT_TOO_DEEP',
    world: {
      ...Object.fromEntries([1, 2, 3, 4].map((n) => [`/s${n}`, `#!/s${n + 1}\n`])),
      '/app/main': '#!/s1\n',
      '/s5': '#!/static\n',
      '/static': { type: c.ET_EXEC },
    },
    apply: doing(/^name a program in the first line$/, (site) =>
      fs.writeFileSync(site.at('/app/main'), '#!/static\n'),
    ),
  },

  // Libraries that are not found: each reason has its own remedy.
  {
    code: 'LIBRARY_NOT_FOUND',
    name: 'nowhere',
    world: needing('libgone.so.1'),
    apply: put(/^copy the file to (\S+) with what it needs/, {
      '/lib/x86_64-linux-gnu/libgone.so.1': {},
    }),
  },
  {
    code: 'LIBRARY_NOT_FOUND',
    name: 'by another name, in a directory with a blank',
    world: needing(
      'libx.so.2',
      { '/opt/a b/libx.so.1': { soname: 'libx.so.2' } },
      {
        runpath: '/opt/a b',
      },
    ),
    apply: run(/^(ln -s .+)$/),
  },
  {
    code: 'LIBRARY_NOT_FOUND',
    name: 'a link that leads to nothing',
    world: needing('libx.so.1', { '/usr/lib/libx.so.1': { link: 'libx.so.1.2' } }),
    apply: put(/^put (\S+) into the root/, { '/usr/lib/libx.so.1.2': { soname: 'libx.so.1' } }),
  },
  {
    code: 'LIBRARY_NOT_FOUND',
    name: 'in a directory that is not searched',
    world: needing('libx.so.1', { '/usr/local/lib/libx.so.1': {} }),
    apply: options(/^set LD_LIBRARY_PATH=(\S+),/, ([libraryPath]) => ({ trace: { libraryPath } })),
  },
  {
    code: 'LIBRARY_NOT_FOUND',
    name: 'that only a cache would have',
    world: needing('libx.so.1', {
      '/etc/ld.so.conf': '/srv/l\n',
      '/srv/l/libx.so.1': {},
    }),
    apply: options(/^run (ldconfig) in the root/, () => ({ trace: { ldconfig: true } })),
  },
  {
    code: 'LIBRARY_NOT_FOUND',
    name: 'beside the file that a link to a library leads to',
    world: needing(
      'library.so',
      {
        '/app/lib/library.so': { link: 'n/library.so' },
        '/app/lib/n/library.so': { needed: ['libdep.so'], runpath: '$ORIGIN' },
        '/app/lib/n/libdep.so': {},
      },
      { runpath: '/app/lib' },
    ),
    apply: run(/^make a link to it where the loader looks: (ln -s .+)$/),
  },
  {
    code: 'LIBRARY_NOT_FOUND',
    name: 'beside the link to the program',
    world: {
      ...glibc,
      '/app/main': { link: '../opt/real/main' },
      '/opt/real/main': program({ needed: ['libx.so'], runpath: '$ORIGIN/lib' }),
      '/opt/real/lib': { directory: true },
      '/app/lib/libx.so': {},
    },
    apply: run(/^make a link to it where the loader looks: (ln -s .+)$/),
  },
  {
    code: 'LIBRARY_NOT_FOUND',
    name: 'a program that was moved',
    world: needing('libjli.so', {}, { runpath: '$ORIGIN/../lib' }),
    apply: put(/^put libjli.so at (\S+), or move/, { '/app/../lib/libjli.so': {} }),
  },
  {
    code: 'LIBRARY_NOT_FOUND',
    name: 'a relative RPATH',
    world: needing('libx.so', { '/app/lib/libx.so': {} }, { rpath: 'lib:' }),
    apply: options(/\(--workdir (\S+); in a Dockerfile WORKDIR\)$/, ([cwd]) => ({
      trace: { cwd },
    })),
  },
  {
    code: 'LIBRARY_NOT_FOUND',
    name: 'a relative name with a slash',
    world: needing('./lib/libx.so', { '/app/lib/libx.so': {} }),
    apply: options(/\(--workdir (\S+); in a Dockerfile WORKDIR\)/, ([cwd]) => ({ trace: { cwd } })),
  },
  {
    code: 'LIBRARY_NOT_FOUND',
    name: 'a name with a slash through a link to a directory',
    world: needing('/x/lnk/../lib/libd.so', {
      '/x/lnk': { link: '/y/z' },
      '/y/z': { directory: true },
      '/y/lib': { directory: true },
      '/x/lib/libd.so': {},
    }),
    apply: put(/^put the file at (\S+), or: patchelf/, { '/y/lib/libd.so': {} }),
  },
  {
    code: 'LIBRARY_NOT_FOUND',
    name: 'a name with a slash, by patchelf',
    make(site) {
      takeGlibc(site);
      compile(site, '/opt/a b/libx.so', F, '-shared', '-fPIC');
      compile(site, '/app/main', CALLS_F, '/opt/a b/libx.so');
      fs.renameSync(site.at('/opt/a b/libx.so'), site.at('/usr/lib/libx.so'));
    },
    apply: run(/, or: (patchelf --replace-needed .+) and let a search path lead to it$/),
  },
  {
    code: 'LIBRARY_NOT_FOUND',
    name: 'a name that a broken patch left',
    make(site) {
      takeGlibc(site);
      compile(site, '/app/main', MAIN);
      execFileSync('patchelf', ['--add-needed', 'XXXXXXXXXXXX', site.at('/app/main')]);
    },
    apply: run(/, or remove the name: (patchelf --remove-needed .+)$/),
  },
  {
    code: 'LOADER_GIVES_UP',
    name: 'a search path that a broken patch left for a name',
    make(site) {
      takeGlibc(site);
      compile(site, '/app/main', MAIN);
      execFileSync('patchelf', ['--add-needed', '$ORIGIN', site.at('/app/main')]);
    },
    apply: run(/, or remove the name: (patchelf --remove-needed .+)$/),
  },
  {
    code: 'LIBRARY_NOT_FOUND',
    name: "musl's libc",
    world: needing('libc.musl-x86_64.so.1'),
    apply: doing(/^(install musl) in the root/, (site) =>
      writeWorld(site.directory, {
        ...muslSystem(),
        '/lib/libc.musl-x86_64.so.1': { link: 'ld-musl-x86_64.so.1' },
      }),
    ),
  },
  {
    code: 'LIBRARY_WRONG_TARGET',
    world: needing('libx.so', { '/usr/lib/libx.so': { class: 32 } }),
    apply: put(/^put the libx.so of the program's CPU into the root, at (\S+)$/, {
      '/usr/lib/libx.so': {},
    }),
  },
  {
    code: 'LIBRARY_WRONG_TARGET',
    name: 'which musl maps',
    world: {
      ...muslSystem(),
      '/lib/libx.so': { machine: c.EM_AARCH64 },
      '/app/main': muslProgram({ needed: ['libx.so'] }),
    },
    apply: doing(/^put the library for x86-64.* in its place$/, (site) =>
      writeWorld(site.directory, { '/lib/libx.so': {} }),
    ),
  },
  {
    code: 'LOADER_GIVES_UP',
    world: needing('libx.so', { '/usr/lib/libx.so': 'INPUT(libx.so.1)\n' }),
    apply: doing(/^put the right file in its place/, (site) =>
      writeWorld(site.directory, { '/usr/lib/libx.so': {} }),
    ),
  },
  {
    code: 'FILE_TRUNCATED',
    world: needing('libx.so', { '/usr/lib/libx.so': { data: new Uint8Array(9000) } }),
    make: (site) => fs.truncateSync(site.at('/usr/lib/libx.so'), 5000),
    apply: doing(/^copy the whole file again/, (site) =>
      writeWorld(site.directory, { '/usr/lib/libx.so': { data: new Uint8Array(9000) } }),
    ),
  },
  {
    code: 'PRELOAD_IGNORED',
    world: { ...glibc, '/app/main': program() },
    trace: { preload: '/opt/libp.so' },
    apply: put(/^copy (\S+) into the root/, { '/opt/libp.so': {} }),
  },

  {
    code: 'SONAME_UNREADABLE',
    make(site) {
      takeGlibc(site);
      compile(site, "/usr/lib/lib x'y.so", F, ...shared("/lib x'y.so"));
      compile(site, '/app/main', CALLS_F, "/usr/lib/lib x'y.so");
      moveSonameOut(site.at("/usr/lib/lib x'y.so"));
    },
    apply: doing(/^build the file again, or take an unchanged copy of it$/, (site) =>
      compile(site, "/usr/lib/lib x'y.so", F, ...shared("/lib x'y.so")),
    ),
  },

  {
    code: 'LIBRARY_EXCLUDED',
    world: needing('libx.so'),
    trace: { exclude: ['libx.so'] },
    apply: doing(/^make sure that it is there where the program runs/, (site) => {
      writeWorld(site.directory, { '/usr/lib/libx.so': {} });
      // What is there need not be left out.
      site.trace = {};
    }),
  },

  // C libraries.
  {
    code: 'LIBC_MISMATCH',
    world: { ...muslSystem() },
    make: (site) => compile(site, '/app/main', MAIN),
    apply: doing(/, or (link it statically), or install gcompat in the root$/, (site) =>
      compile(site, '/app/main', MAIN, '-static'),
    ),
  },
  {
    code: 'LIBC_MISMATCH',
    name: 'of a library',
    world: {
      ...muslSystem(),
      '/bin/sh': muslProgram(),
      '/lib/ld-linux-x86-64.so.2': {},
      '/lib/libx.so': { needed: ['ld-linux-x86-64.so.2'] },
      '/app/main': muslProgram({ needed: ['libx.so'] }),
    },
    apply: doing(/^take a build of this file for (musl)/, (site) =>
      writeWorld(site.directory, { '/lib/libx.so': {} }),
    ),
  },
  {
    code: 'LOADER_LIBC_MISMATCH',
    world: needing('libc.so.6', { [LIBC]: { data: banner('2.31') } }),
    apply: doing(/^take both files from one package of one distribution/, (site) =>
      writeWorld(site.directory, { [LIBC]: { data: banner('2.36') } }),
    ),
  },

  // Versions and symbols, of real libraries.
  {
    code: 'VERSION_NOT_FOUND',
    make(site) {
      otherBuild(site, [versioned(site, VERSIONS)], F);
      const old = [...shared('/libx.so'), versioned(site, VERSIONS.replace('V1', 'V0'))];
      compile(site, '/usr/lib/libx.so', F, ...old);
    },
    apply: takeBuild(/^use a (libx\.so) that defines V1, or build/),
  },
  {
    code: 'NO_VERSION_INFORMATION',
    make: (site) =>
      otherBuild(
        site,
        [versioned(site, VERSIONS)],
        'int f(void) { return 0; }\nint gone(void) { return 0; }',
      ),
    apply: takeBuild(/^use the (libx\.so) that \S+ was linked with$/),
  },
  {
    code: 'SYMBOL_NOT_FOUND',
    make: (site) => otherBuild(site, [], F),
    apply: doing(/^add or upgrade the library that defines it/, (site) =>
      fs.copyFileSync(site.at('/build/libx.so'), site.at('/usr/lib/libx.so')),
    ),
  },
  {
    code: 'WEAK_VERSION_NOT_FOUND',
    world: {
      ...glibc,
      '/usr/lib/libx.so': { symbols: { list: [], definitions: [{ name: 'V0', index: 2 }] } },
      '/app/main': program({ needed: ['libx.so'], symbols: asks('V1', true) }),
    },
    apply: doing(/^use a libx\.so that defines (V1),/, (site, name = '') =>
      writeWorld(site.directory, {
        '/usr/lib/libx.so': { symbols: { list: [], definitions: [{ name, index: 2 }] } },
      }),
    ),
  },
  {
    code: 'VERSION_FILE_UNKNOWN',
    world: {
      ...glibc,
      '/usr/lib/liby.so': { symbols: { list: [], definitions: [{ name: 'V1', index: 2 }] } },
      '/usr/lib/libx.so': { symbols: { list: [], definitions: [{ name: 'V1', index: 2 }] } },
      '/app/main': program({ needed: ['liby.so'], symbols: asks('V1') }),
    },
    apply: doing(/^give \/app\/main its needed name (libx\.so) back$/, (site, name = '') =>
      writeWorld(site.directory, {
        '/app/main': program({ needed: [name], symbols: asks('V1') }),
      }),
    ),
  },
  {
    code: 'SYMBOLS_UNREADABLE',
    world: needing('libx.so', {
      '/usr/lib/libx.so': { tags: [[c.DT_VERNEED, 0x7000_0000]] },
    }),
    apply: doing(/^copy the file again from where it comes from$/, (site) =>
      writeWorld(site.directory, { '/usr/lib/libx.so': {} }),
    ),
  },
  {
    code: 'SYMBOL_WITHOUT_VERSION',
    make: (site) =>
      otherBuild(
        site,
        [versioned(site, VERSIONS)],
        'int f(void) { return 0; }\nint gone(void) { return 0; }',
      ),
    apply: takeBuild(/^use the (libx\.so) that \S+ was linked with$/),
  },
  {
    code: 'SYMBOLS_NOT_FOUND',
    make(site) {
      takeGlibc(site);
      const names = Array.from({ length: 14 }, (_, index) => `g${index}`);
      const all = names.map((name) => `int ${name}(void) { return 0; }`).join('\n');
      compile(site, '/build/libx.so', all, ...shared('/libx.so'));
      const main = `${names.map((name) => `int ${name}(void);`).join('\n')}\nint main(void) { return ${names.map((name) => `${name}()`).join('+')}; }`;
      compile(site, '/app/main', main, '/build/libx.so');
      compile(site, '/usr/lib/libx.so', F, ...shared('/libx.so'));
    },
    apply: doing(/^see the symbols before$/, (site) => {
      const before = site.findings().find(({ code }) => code === 'SYMBOL_NOT_FOUND');
      expect(before?.remedy).toMatch(/^add or upgrade the library that defines it/);
      fs.copyFileSync(site.at('/build/libx.so'), site.at('/usr/lib/libx.so'));
    }),
  },
  {
    code: 'SYMBOLS_LEFT_OPEN',
    world: {
      ...glibc,
      '/lib/plug.so': {
        symbols: { list: [{ name: 'g' }], relocations: [{ symbol: 'g', type: 6 }] },
      },
      '/app/main': program({ needed: ['libc.so.6'], symbols: { list: [{ name: 'g', value: 1 }] } }),
    },
    program: '/lib/plug.so',
    apply: doing(/^check the program that loads it, with (--include) for the library$/, (site) => {
      site.program = '/app/main';
      site.trace = { opens: new Map([['/app/main', [{ name: '/lib/plug.so', required: true }]]]) };
    }),
  },

  // What the CPU, the kernel and hardened systems refuse.
  {
    code: 'CPU_LEVEL',
    make(site) {
      takeGlibc(site);
      compile(site, '/app/main', MAIN, '-Wl,-z,x86-64-v3');
    },
    apply: options(/\(--cpu (\S+) says they are\)/, ([cpu]) => ({ options: { cpu } })),
  },
  {
    code: 'CPU_LEVEL',
    name: 'for the CPU to run on',
    make(site) {
      takeGlibc(site);
      compile(site, '/app/main', MAIN, '-Wl,-z,x86-64-v3');
    },
    options: { cpu: 'x86-64-v2' },
    apply: doing(/^compile it with (-march=x86-64-v2), or take/, (site, flag = '') =>
      compile(site, '/app/main', MAIN, flag),
    ),
  },
  {
    code: 'KERNEL_TOO_OLD',
    make(site) {
      takeGlibc(site);
      compile(site, '/app/main', MAIN);
    },
    options: { kernel: '2.6.32' },
    apply: options(/^use Linux (\S+) or newer \(--kernel/, ([kernel]) => ({ options: { kernel } })),
  },
  {
    code: 'EXECUTABLE_STACK',
    make(site) {
      takeGlibc(site);
      compile(site, '/app/main', MAIN, '-z', 'execstack');
    },
    apply: doing(/^link it with (-z) (noexecstack) \(or patchelf/, (site, ...flags) =>
      compile(site, '/app/main', MAIN, ...flags),
    ),
  },
  {
    code: 'TEXT_RELOCATIONS',
    make(site) {
      takeGlibc(site);
      const flags = ['-fno-pic', '-mcmodel=large', '-Wl,-z,notext'];
      compile(site, '/usr/lib/libx.so', TEXT, ...shared('/libx.so', ...flags));
      compile(
        site,
        '/app/main',
        'int *f(void);\nint main(void) { return *f(); }',
        '/usr/lib/libx.so',
      );
    },
    apply: doing(/^compile it with (-fPIC)$/, (site, flag = '') =>
      compile(site, '/usr/lib/libx.so', TEXT, ...shared('/libx.so', flag)),
    ),
  },
  {
    code: 'STATIC_TLS',
    make(site) {
      takeGlibc(site);
      const source = '__thread char big[9000];\nchar *f(void) { return big; }';
      const flags = ['-shared', '-fPIC', '-ftls-model=initial-exec'];
      compile(site, '/usr/lib/libx.so', source, ...flags);
      compile(site, '/app/main', MAIN);
    },
    program: '/usr/lib/libx.so',
    apply: doing(/^preload it \(LD_PRELOAD=(\S+)\)/, (site, preload) => {
      site.program = '/app/main';
      site.trace = { preload };
    }),
  },

  {
    code: 'PACKED_RELOCATIONS',
    world: muslSystem(),
    make: (site) => compile(site, '/app/main', POINTER, 'musl-gcc', ...PACKED),
    apply: doing(/, or link the file with (-Wl,-z,nopack-relative-relocs)$/, (site, flag = '') =>
      compile(site, '/app/main', POINTER, 'musl-gcc', ...PACKED, flag),
    ),
  },
  {
    code: 'RELOCATION_UNSUPPORTED',
    world: muslSystem(),
    make: (site) => compile(site, '/app/main', IFUNC, 'musl-gcc', '-fPIE', '-pie'),
    apply: doing(/^build the file for (musl)$/, (site) =>
      compile(site, '/app/main', MAIN, 'musl-gcc', '-fPIE', '-pie'),
    ),
  },
  {
    code: 'SEGMENTS_MISALIGNED',
    make(site) {
      takeGlibc(site);
      compile(site, '/app/main', MAIN, ...PAGES);
    },
    apply: doing(/^link the file without (-Wl,-z,max-page-size)$/, (site, flag = '') =>
      compile(site, '/app/main', MAIN, ...PAGES.filter((word) => !word.startsWith(flag))),
    ),
  },

  {
    code: 'SECURE_EXECUTION',
    world: needing('liba.so', { '/app/lib/liba.so': {} }, { runpath: '$ORIGIN/lib' }),
    make: (site) => fs.chmodSync(site.at('/app/main'), 0o4755),
    apply: doing(
      /^put (\S+) into (\/etc\/ld\.so\.conf) and run ldconfig in the root, or link/,
      (site, directory = '', path = '') => {
        writeWorld(site.directory, { [path]: `${directory}\n` });
        site.trace = { ldconfig: true };
      },
    ),
  },

  {
    code: 'AUDIT_IGNORED',
    world: {
      ...glibcWith(36),
      '/app/main': program({ needed: ['libc.so.6'], audit: '/opt/libau.so' }),
    },
    apply: put(/^copy (\S+) into the root, or link/, {
      '/opt/libau.so': { symbols: { list: [{ name: 'la_version', section: 1 }] } },
    }),
  },

  // What a program opens at run time.
  {
    code: 'DLOPEN_MISSING',
    world: {
      ...glibcWith(36),
      '/app/main': program({
        needed: ['libc.so.6'],
        ...calls('dlopen'),
        ...texts('/opt/x/plug.so'),
      }),
    },
    apply: put(/^put (\S+) into the root/, { '/opt/x/plug.so': {} }),
  },
  {
    code: 'LIBGCC_MISSING',
    world: app('pthread_exit'),
    apply: put(/^put (libgcc_s\.so\.1) into the root, beside libc\.so\.6$/, {
      [`/lib/${TRIPLET}/libgcc_s.so.1`]: {},
    }),
  },
  {
    code: 'NSS_MODULE_MISSING',
    world: { ...app('getpwnam'), ...glibcWith(31) },
    apply: put(/^put (libnss_files\.so\.2) into the root/, {
      [`/lib/${TRIPLET}/libnss_files.so.2`]: {},
    }),
  },
  {
    code: 'NSSWITCH_MISSING',
    world: { ...app('getaddrinfo'), ...glibcWith(31) },
    apply: doing(
      /^put (\S+) with '(hosts: files dns)' into the root$/,
      (site, path = '', text = '') => writeWorld(site.directory, { [path]: `${text}\n` }),
    ),
  },
  {
    code: 'PASSWD_MISSING',
    world: app('getpwuid'),
    apply: put(/^put (\S+) and (\S+) into the root/, { '/etc/passwd': '', '/etc/group': '' }),
  },
  {
    code: 'SERVICES_MISSING',
    world: app('getservbyname'),
    apply: put(/^put (\S+) into the root/, { '/etc/services': '' }),
  },
  {
    code: 'COMMAND_MISSING',
    world: {
      ...app('puts'),
      '/bin/sh': program({ needed: ['libc.so.6'] }),
      '/app/main': { bytes: Buffer.from('#!/bin/sh\ncurl x\n'), mode: 0o755 },
    },
    apply: doing(/^put (\S+) into the root \(elfdeps copy --with commands does\)$/, (site, name) =>
      writeWorld(site.directory, {
        [`/usr/bin/${name}`]: program({ needed: ['libc.so.6'] }),
      }),
    ),
  },
  {
    code: 'GCONV_MISSING',
    world: app('iconv_open'),
    apply: put(/^put the (gconv) directory of the same glibc into the root$/, {
      [`${LIB}/gconv/gconv-modules`]: '',
    }),
  },
  {
    code: 'LOCALES_MISSING',
    world: app('setlocale'),
    apply: put(/^put (\S+) into the root/, { '/usr/lib/locale/C.utf8/LC_CTYPE': '' }),
  },
  {
    code: 'ZONEINFO_MISSING',
    world: app('localtime_r'),
    apply: put(/^put (\S+) into the root/, { '/usr/share/zoneinfo/UTC': '' }),
  },
  {
    code: 'CERTIFICATES_MISSING',
    world: {
      ...glibcWith(36),
      [`${LIB}/libcrypto.so.3`]: libcrypto,
      [`${LIB}/libssl.so.3`]: { needed: ['libcrypto.so.3'] },
      '/app/main': program({ needed: ['libssl.so.3'] }),
    },
    apply: put(/^put (\S+) into the root$/, { '/etc/ssl/certs/ca-certificates.crt': '' }),
  },
  {
    code: 'TMP_MISSING',
    world: app('mkstemp'),
    apply: doing(/^make (\/tmp) with mode (1777) in the root/, (site, path = '', mode = '') => {
      fs.mkdirSync(site.at(path));
      fs.chmodSync(site.at(path), Number.parseInt(mode, 8));
    }),
  },
  {
    code: 'TERMINFO_MISSING',
    world: {
      ...glibcWith(36),
      [`${LIB}/libtinfo.so.6`]: {},
      '/app/main': program({ needed: ['libtinfo.so.6'] }),
    },
    apply: put(/^put (\S+) or (\S+) into the root$/, { '/usr/share/terminfo/x/xterm': '' }),
  },
  {
    code: 'SHELL_MISSING',
    world: app('system'),
    apply: put(/^put a shell at (\S+) \(a static busybox/, { '/bin/sh': { type: c.ET_EXEC } }),
  },
  {
    code: 'JAVA_MISSING',
    world: {
      ...glibc,
      '/app/lib/libjli.so': {},
      '/app/main': program({ needed: ['libjli.so'], runpath: '$ORIGIN/lib' }),
    },
    apply: doing(/^put the whole home of Java into the root/, (site) =>
      writeWorld(site.directory, { '/app/lib/libjava.so': {} }),
    ),
  },
  {
    code: 'PYTHON_MODULES_MISSING',
    world: { ...glibc, '/opt/bin/python3.11': program({ needed: ['libc.so.6'] }) },
    program: '/opt/bin/python3.11',
    apply: doing(/^put (lib\/python)X\.Y beside its bin into the root/, (site, path) =>
      writeWorld(site.directory, { [`/opt/${path}3.11/os.py`]: '' }),
    ),
  },
  {
    code: 'IMPORTS_MISSING',
    world: {
      ...app('puts'),
      '/usr/bin/node': program({ needed: ['libc.so.6'] }),
      '/app/main': { bytes: Buffer.from("#!/usr/bin/node\nrequire('a');\n"), mode: 0o755 },
    },
    apply: doing(/put them beside the script$/, (site) =>
      writeWorld(site.directory, { '/app/node_modules/a/index.js': '' }),
    ),
  },
  {
    code: 'MODULES_MISSING',
    world: {
      ...glibcWith(36),
      [`${LIB}/libruby-3.1.so.3.1`]: texts('/usr/lib/ruby/3.1.0', '/usr/local/lib/site_ruby'),
      '/app/main': program({ needed: ['libruby-3.1.so.3.1'] }),
    },
    apply: put(/^put (\S+) into the root/, { '/usr/lib/ruby/3.1.0/set.rb': '' }),
  },
  {
    code: 'CONFIG_MISSING',
    world: { ...glibcWith(36), '/app/main': texts('/etc/main/main.conf') },
    apply: put(/^put what it uses of (\/etc\S+) into the root/, { '/etc/main/main.conf': '' }),
  },
  {
    code: 'DATA_MISSING',
    world: { ...glibcWith(36), '/app/main': texts('/usr/share/main') },
    apply: put(/^put what it uses of (\/usr\S+) into the root/, { '/usr/share/main/a': '' }),
  },
  {
    code: 'STATE_MISSING',
    world: { ...glibcWith(36), '/app/main': texts('/var/lib/main/a') },
    apply: put(/^put what it uses of (\/var\S+)\/a into the root/, {
      '/var/lib/main': { directory: true },
    }),
  },
  {
    code: 'PAM_MISSING',
    world: {
      ...glibcWith(36),
      [`${LIB}/libpam.so.0`]: {},
      '/app/main': program({ needed: ['libpam.so.0'], ...calls('pam_start') }),
    },
    apply: put(/^put (\/etc\/pam\.d) and the modules/, { '/etc/pam.d/other': '' }),
  },
  {
    code: 'FONTS_MISSING',
    world: {
      ...glibcWith(36),
      [`${LIB}/libfontconfig.so.1`]: {},
      '/app/main': program({ needed: ['libfontconfig.so.1', 'libc.so.6'] }),
    },
    apply: doing(/^install (\S.*) in the root$/, (site) =>
      writeWorld(site.directory, { '/usr/share/fonts/a.ttf': buildFont('A') }),
    ),
  },
  {
    code: 'OPENSSL_MODULES_MISSING',
    world: {
      ...glibcWith(36),
      [`${LIB}/libcrypto.so.3`]: libcrypto,
      '/app/main': program({ needed: ['libcrypto.so.3'], ...calls('OSSL_PROVIDER_load') }),
    },
    apply: put(/^put the (ossl-modules) directory of the same OpenSSL/, {
      [`${LIB}/ossl-modules/legacy.so`]: {},
    }),
  },
  {
    code: 'STATIC_NSS',
    make: (site) => compile(site, '/app/main', USER, '-static'),
    apply: doing(/, or (link) it with (musl)$/, (site) =>
      compile(site, '/app/main', USER, 'musl-gcc', '-static'),
    ),
  },
  {
    code: 'STATIC_DLOPEN',
    make: (site) => compile(site, '/app/main', DLOPEN, 'musl-gcc', '-static'),
    apply: doing(/^(link the program dynamically)/, (site) =>
      compile(site, '/app/main', DLOPEN, 'musl-gcc'),
    ),
  },
  {
    code: 'CAPABILITIES',
    world: {
      ...glibcWith(36),
      "/app/it's mine": program({ needed: ['libc.so.6'], ...calls('capset') }),
    },
    program: "/app/it's mine",
    apply: run(/, or in the image: RUN (setcap .+) \(getcap on the source shows which\)$/),
  },
  {
    code: 'LINK_DEREFERENCED',
    world: needing('libx.so.1', {
      '/usr/lib/libx.so.1': {},
      '/usr/lib/libx.so.1.0': { soname: 'libx.so.1' },
    }),
    apply: run(/^(ln -sf .+), or copy with elfdeps copy/),
  },
  {
    code: 'NEED_UNUSED',
    make(site) {
      takeGlibc(site);
      compile(site, "/usr/lib/lib w$x'y.so", F, ...shared("/lib w$x'y.so"));
      compile(site, '/app/main', MAIN, '-Wl,--no-as-needed', "/usr/lib/lib w$x'y.so");
    },
    apply: run(/, or: (patchelf --remove-needed .+)$/),
  },
];

/** Lets DT_SONAME lead out of the file. */
function moveSonameOut(file: string): void {
  const bytes = fs.readFileSync(file);
  const value = parseElf(bytes).dynamic?.tags.get(c.DT_SONAME);
  const entry = Buffer.alloc(16);
  entry.writeBigUInt64LE(BigInt(c.DT_SONAME));
  entry.writeBigUInt64LE(BigInt(value ?? 0), 8);
  bytes.writeBigUInt64LE(0x1000_0000n, bytes.indexOf(entry) + 8);
  fs.writeFileSync(file, bytes);
}

/** The versions that a program asks of libx.so. */
function asks(name: string, weak = false) {
  return { list: [], needs: [{ file: 'libx.so', versions: [{ name, index: 2, weak }] }] };
}

/** `elfdeps copy` of the program, from a root that has everything. */
function copyFromWorld(world: World): (site: RemedySite, path?: string) => void {
  return (site, path = '') => {
    const source = diskWorld(world);
    fs.cpSync(join(source, path), site.at(path), { verbatimSymlinks: false, dereference: true });
    fs.cpSync(join(source, LIBC), site.at(LIBC));
  };
}
