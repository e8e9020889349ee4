/**
 * Programs to put into roots: compiled for glibc and for musl, each with one thing about it that
 * matters when it starts, and scripts with various first lines.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { join } from 'node:path';
import { EM_AARCH64, ET_EXEC } from '../../src/elf/constants.js';
import { buildElf } from '../support/elf-builder.js';

const MAIN = 'int main(int c, char **v) { (void)v; return c > 9; }\n';
/** Calls what nobody defines, but never comes to it. */
const LAZY =
  'extern int gone(void);\nint main(int c, char **v) { (void)v; return c > 9 ? gone() : 0; }\n';
/** Takes an address, which is looked up at start. */
const EAGER =
  'extern int gone(void);\nint (*volatile p)(void) = gone;\nint main(void) { return p == 0; }\n';
const MATH = '#include <math.h>\nint main(int c, char **v) { (void)v; return fmod(c, 7.5) > 9; }\n';
const THREADS =
  '#include <pthread.h>\nstatic void *f(void *p) { return p; }\n' +
  'int main(void) { pthread_t t; return pthread_create(&t, 0, f, 0) || pthread_join(t, 0); }\n';
const CHECKED =
  '#include <stdio.h>\nint main(int c, char **v) { printf("%d %s\\n", c, v[0]); return 0; }\n';
/** Came with glibc 2.34, 2.36 and 2.38. */
const ARC4 = '#include <stdlib.h>\nint main(void) { return arc4random() == 7; }\n';
const PIDFD =
  'int pidfd_getpid(int);\nextern int close_range(unsigned, unsigned, int);\n' +
  'int main(void) { return close_range(900, 900, 0) > 0; }\n';

/**
 * By name: compiler, source and flags. libgone.so is left behind; libother.so is there, but another
 * build than the one that was linked with: it has no `gone`.
 */
const COMPILED: Readonly<Record<string, readonly [string, string, ...string[]]>> = {
  'gcc-plain': ['gcc', MAIN],
  'gcc-no-pie': ['gcc', MAIN, '-no-pie'],
  'gcc-static': ['gcc', MAIN, '-static'],
  'gcc-static-pie': ['gcc', MAIN, '-static-pie'],
  'gcc-math': ['gcc', MATH, '-lm'],
  'gcc-threads': ['gcc', THREADS, '-pthread'],
  'gcc-fortified': ['gcc', CHECKED, '-O2', '-D_FORTIFY_SOURCE=2'],
  'gcc-arc4random': ['gcc', ARC4],
  'gcc-close-range': ['gcc', PIDFD],
  'gcc-missing-library': ['gcc', LAZY, 'libgone.so'],
  'gcc-origin-library': ['gcc', LAZY, 'libgone.so', '-Wl,-rpath,$ORIGIN/lib'],
  'gcc-lazy': ['gcc', LAZY, '-Wl,-z,lazy', 'libother.so'],
  'gcc-now': ['gcc', LAZY, '-Wl,-z,now', 'libother.so'],
  'gcc-eager': ['gcc', EAGER, '-Wl,-z,lazy', 'libother.so'],
  'gcc-other-interpreter': ['gcc', MAIN, '-Wl,--dynamic-linker=/lib/ld-linux.so.9'],
  'musl-plain': ['musl-gcc', MAIN],
  'musl-static': ['musl-gcc', MAIN, '-static'],
  'musl-math': ['musl-gcc', MATH, '-lm'],
  'musl-threads': ['musl-gcc', THREADS, '-pthread'],
  'musl-missing-library': ['musl-gcc', LAZY, 'libgone.so'],
  'musl-other': [
    'musl-gcc',
    'extern int kept(void);\nint main(void) { return kept(); }\n',
    'libother.so',
  ],
  'gcc-other': [
    'gcc',
    'extern int kept(void);\nint main(void) { return kept(); }\n',
    'libother.so',
  ],
  'musl-lazy': ['musl-gcc', LAZY, '-Wl,-z,lazy', 'libother.so'],
};

const SCRIPTS: Readonly<Record<string, string>> = {
  'script-sh': '#!/bin/sh\nexit 0\n',
  'script-bash': '#!/bin/bash\nexit 0\n',
  'script-crlf': '#!/bin/sh\r\nexit 0\r\n',
  'script-env-perl': '#!/usr/bin/env perl\nexit 0;\n',
  'script-env-python': '#!/usr/bin/env python3\n',
  'script-options': '#!/usr/bin/env -S bash -e\nexit 0\n',
};

/** Makes them in `directory`. */
export function compilePrograms(directory: string): { name: string; file: string }[] {
  fs.mkdirSync(join(directory, 'lib'), { recursive: true });
  const write = (name: string, content: string | Uint8Array, mode = 0o755) => {
    fs.writeFileSync(join(directory, name), content, { mode });
    return { name, file: join(directory, name) };
  };
  const shared = ['-shared', '-fPIC', '-nostdlib'];
  write('gone.c', 'int gone(void) { return 0; }\nint kept(void) { return 0; }\n');
  const compile = (compiler: string, args: readonly string[]) =>
    execFileSync(compiler, [...args], { cwd: directory, stdio: ['ignore', 'ignore', 'inherit'] });
  for (const name of ['libgone.so', 'libother.so'])
    compile('gcc', [...shared, `-Wl,-soname,${name}`, '-o', name, 'gone.c']);
  const compiled = Object.entries(COMPILED).map(([name, [compiler, source, ...flags]]) => {
    write(`${name}.c`, source);
    compile(compiler, ['-w', '-o', name, `${name}.c`, ...flags]);
    return { name, file: join(directory, name) };
  });
  return [
    ...compiled,
    ...Object.entries(SCRIPTS).map(([name, text]) => write(name, text)),
    write('no-execute-bit', fs.readFileSync(join(directory, 'gcc-static')), 0o644),
    write('for-arm64', buildElf({ type: ET_EXEC, machine: EM_AARCH64, dynamic: false })),
  ];
}

/** The build of libother.so that is in the roots: for any C library, and without `gone`. */
export function compileOther(directory: string): string {
  const file = join(directory, 'libother.so');
  fs.writeFileSync(`${file}.c`, 'int kept(void) { return 0; }\n');
  const flags = ['-shared', '-fPIC', '-nostdlib', '-Wl,-soname,libother.so'];
  execFileSync('gcc', [...flags, '-o', file, `${file}.c`]);
  return file;
}
