/**
 * Rules of `check` that differ between releases, against real loaders and envs: files that are made to
 * fall under each rule are started in roots of Debian's releases, as root and as nobody. `check` must
 * say of each whether it starts, and the message must be among the printed lines.
 * ELFDEPS_OLD_ROOTS names further roots, separated by colons, such as one with glibc 2.27: directories
 * with libc6, musl, busybox-static, coreutils and dash.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkTrace, directoryRoot, parseElf, traceDependencies } from '../../src/index.js';
import { command, describeWith, requirement } from '../support/requirement.js';
import { copyRoot, makeRoot } from './debian-roots.js';
import { compileStarter } from './starter.js';

const PACKAGES = ['libc6', 'libc-bin', 'musl', 'busybox-static', 'coreutils', 'dash'];
const SUITES = ['bullseye-amd64', 'bookworm-amd64', 'trixie-amd64'];
const OLD = (process.env.ELFDEPS_OLD_ROOTS ?? '').split(':').filter((root) => root !== '');

const requirements = [
  requirement('the root user', process.getuid?.() === 0),
  requirement('an x86-64 machine', process.arch === 'x64'),
  ...['gcc', 'musl-gcc', 'apt-get', 'dpkg-deb', 'timeout', 'setpriv'].map(command),
];

const GLIBC = '/lib64/ld-linux-x86-64.so.2';
const EXIT = 'asm volatile("mov $60, %%eax; xor %%edi, %%edi; syscall" ::: "memory");';
/** Uses a relocated pointer, and ends without a libc. */
const POINTER = `static int x = 42; static int *volatile p = &x;\nvoid _start(void) { volatile int v = *p; (void)v; ${EXIT} }`;
const LIBRARY = 'static int x = 42; static int *volatile p = &x; int f(void) { return *p - 42; }';
const USES = `int f(void);\nvoid _start(void) { f(); ${EXIT} }`;
const MAIN = 'int main(void) { return 0; }';
const IFUNC =
  'static int impl(void) { return 0; } static void *res(void) { return impl; }\n' +
  'int g(void) __attribute__((ifunc("res"))); int main(void) { return g(); }';
const TEXT = 'static int x; int *q(void) { return &x; }';
const RELR = '-Wl,-z,pack-relative-relocs';
const PAGES = ['-Wl,-z,max-page-size=512', '-Wl,-z,common-page-size=512'];
/** A program for glibc of any release: it needs no version of libc. */
const BARE = ['-nostdlib', '-fPIE', '-pie', `-Wl,--dynamic-linker=${GLIBC}`];
const SHARED = ['-shared', '-fPIC', '-nostdlib'];
const WRITES_CODE = ['-fno-pic', '-mcmodel=large', '-Wl,-z,notext'];

const ENV_ARGUMENTS = [
  ...['sh', 'gone', '-S sh -e', '-vS sh -e', '-i sh', '- sh', '-- sh', '-S gone', '-x'],
  ...['--split-string=sh -e', '--split=sh', '--ignore sh', '-S -u X FOO=1 sh', '/no/such', 'fails'],
  // A program of a directory that only PATH leads to.
  ...['own', '-S own', '-vS own', '-iS own', '-S -i own', '-S - own', '-S -u PATH own', '-iS sh'],
  ...['-S --unset=PATH own', '-S -u LANG own', '-S -i PATH=${PATH} own', '-S PATH=/usr/bin own'],
];
const PATH = '/rules/only:/usr/bin:/bin';

/** Files of this test's directory by name: source, compiler, flags. */
function compileAll(directory: string): readonly string[] {
  const programs: string[] = [];
  const compile = (name: string, source: string, flags: readonly string[], compiler = 'gcc') => {
    const file = join(directory, `${name}.c`);
    fs.writeFileSync(file, source);
    const words = flags.map((flag) => (/^lib\w+\.so$/.test(flag) ? join(directory, flag) : flag));
    execFileSync(compiler, ['-w', '-o', join(directory, name), file, ...words]);
    fs.rmSync(file);
  };
  const library = (name: string, source: string, flags: readonly string[]) =>
    compile(name, source, [...SHARED, `-Wl,-soname,${name}`, ...flags]);
  const program = (name: string, source: string, flags: readonly string[], compiler = 'gcc') => {
    compile(name, source, flags, compiler);
    programs.push(name);
  };
  const path = '-Wl,-rpath,/rules';
  library('librelr.so', LIBRARY, [RELR]);
  library('libpages.so', LIBRARY, PAGES);
  library('libcode.so', `${TEXT} int f(void) { return *q(); }`, WRITES_CODE);
  library('libgone.so', 'int gone(void) { return 0; } int gone2(void) { return 0; }', []);
  program('plain', USES.replace('f();', '').replace('int f(void);', ''), BARE);
  program('relr', POINTER, [...BARE, RELR]);
  program('use-relr', USES, [...BARE, 'librelr.so', path]);
  program('marked', `${POINTER.split('\n')[0]} int main(void) { return *p - 42; }`, [RELR]);
  fs.writeFileSync(
    join(directory, 'unmarked'),
    withoutMark(fs.readFileSync(join(directory, 'marked'))),
    {
      mode: 0o755,
    },
  );
  programs.push('unmarked');
  program('pages', POINTER, [...BARE, ...PAGES]);
  program('use-pages', USES, [...BARE, 'libpages.so', path]);
  program('use-code', USES, [...BARE, 'libcode.so', path]);
  program('musl-plain', MAIN, [], 'musl-gcc');
  program(
    'musl-relr',
    `${POINTER.split('\n')[0]} int main(void) { return *p - 42; }`,
    ['-fPIE', '-pie', RELR],
    'musl-gcc',
  );
  program(
    'musl-use-relr',
    'int f(void); int main(void) { return f(); }',
    ['librelr.so', path],
    'musl-gcc',
  );
  program(
    'musl-use-pages',
    'int f(void); int main(void) { return f(); }',
    ['libpages.so', path],
    'musl-gcc',
  );
  program(
    'musl-use-code',
    'int f(void); int main(void) { return f(); }',
    ['libcode.so', path],
    'musl-gcc',
  );
  program('musl-pages', MAIN, PAGES, 'musl-gcc');
  program('musl-ifunc', IFUNC, ['-fPIE', '-pie'], 'musl-gcc');
  program(
    'musl-code',
    `${TEXT} int main(void) { return *q(); }`,
    [...WRITES_CODE, '-pie'],
    'musl-gcc',
  );
  program(
    'musl-gone',
    'int gone(void), gone2(void); int main(void) { return gone() + gone2(); }',
    ['libgone.so', path],
    'musl-gcc',
  );
  fs.rmSync(join(directory, 'libgone.so'));
  makeElsewhere(compile, directory);
  programs.push('elsewhere', 'elsewhere-weak', 'in-place');
  return programs;
}

/** The entry for GLIBC_ABI_DT_RELR in DT_VERNEED asks for the version of the entry before it. */
function withoutMark(bytes: Buffer): Buffer {
  const elf = (name: string) => {
    let hash = 0;
    for (const character of name) {
      hash = (hash << 4) + character.charCodeAt(0);
      const high = hash & 0xf0000000;
      hash = (hash ^ (high >>> 24)) & ~high;
    }
    return hash >>> 0;
  };
  const entry = (name: string) => {
    const hash = Buffer.alloc(4);
    hash.writeUInt32LE(elf(name));
    return bytes.indexOf(hash);
  };
  const [mark, other] = [entry('GLIBC_ABI_DT_RELR'), entry('GLIBC_2.34')];
  if (mark < 0 || other < 0) throw new Error('the linker did not add GLIBC_ABI_DT_RELR');
  bytes.copyWithin(mark, other, other + 4);
  bytes.copyWithin(mark + 8, other + 8, other + 12);
  return bytes;
}

/** Programs that ask a library for a version of a symbol that another library has by now. */
function makeElsewhere(
  compile: (name: string, source: string, flags: readonly string[]) => void,
  directory: string,
): void {
  const versions = join(directory, 'versions');
  fs.writeFileSync(versions, 'V1 { global: *; };');
  const script = `-Wl,--version-script=${versions}`;
  const make = (name: string, source: string) =>
    compile(name, source, [...SHARED, `-Wl,-soname,${name}`, script]);
  make('libva.so', 'int f(void) { return 0; } int g(void) { return 0; }');
  make('libvb.so', 'int h(void) { return 0; }');
  const flags = [
    ...BARE,
    '-Wl,-z,now',
    '-Wl,--no-as-needed',
    'libva.so',
    'libvb.so',
    '-Wl,-rpath,/rules',
  ];
  compile('elsewhere', USES, flags);
  const weak = USES.replace('int f(void)', 'int f(void) __attribute__((weak))').replace(
    'f();',
    'if (f) f();',
  );
  compile('elsewhere-weak', weak, flags);
  compile('in-place', USES.replaceAll('f(', 'g('), flags);
  make('libva.so', 'int g(void) { return 0; }');
  make('libvb.so', 'int h(void) { return 0; } int f(void) { return 0; }');
}

describeWith('rules of releases', requirements, () => {
  const base = fs.mkdtempSync(join(tmpdir(), 'elfdeps-rules-'));
  const roots = new Map<string, string>();
  let programs: readonly string[] = [];
  afterAll(() => fs.rmSync(base, { recursive: true, force: true }));

  beforeAll(() => {
    const kept = process.env.ELFDEPS_ROOTS_DIR ?? join(base, 'made');
    fs.mkdirSync(kept, { recursive: true });
    fs.chmodSync(base, 0o755);
    const made = join(base, 'files');
    fs.mkdirSync(made);
    const compiled = compileAll(made);
    compileStarter(join(base, 'starter'));
    const sources = [...SUITES.map((suite) => makeRoot(suite, kept, PACKAGES)), ...OLD];
    for (const source of sources) {
      const root = copyRoot(source, join(base, basename(source)));
      roots.set(basename(source), root);
      fs.cpSync(made, join(root, 'rules'), { recursive: true });
      fs.mkdirSync(join(root, 'bb'), { recursive: true });
      fs.copyFileSync(fs.realpathSync(join(root, 'bin/busybox')), join(root, 'bb/env'));
      fs.rmSync(join(root, 'usr/bin/fails'), { force: true });
      fs.copyFileSync(join(made, 'use-relr'), join(root, 'usr/bin/fails'));
      const bytes = fs.readFileSync(join(root, 'usr/bin/fails'));
      const at = bytes.indexOf('librelr.so\0');
      bytes.write('libgone.so', at);
      fs.writeFileSync(join(root, 'usr/bin/fails'), bytes);
      programs = [...compiled, ...writeScripts(join(root, 'rules'))];
    }
  });

  it('a program starts where check says so, with the message that check foretells', () => {
    const wrong: object[] = [];
    let cases = 0;
    let messages = 0;
    for (const [name, directory] of roots) {
      const paths = programs.map((program) => `/rules/${program}`);
      const trace = traceDependencies(directoryRoot(directory), paths, {
        takesTexts: true,
        searchPath: PATH,
      });
      expect(trace.errors).toEqual([]);
      const checked = new Map(checkTrace(trace).map((one) => [one.closure.program.path, one]));
      for (const path of paths) {
        const one = checked.get(path);
        const seen = one?.findings.find(({ severity }) => severity === 'error')?.seen;
        for (const user of [0, 65534]) {
          const started = start(directory, path, user);
          cases++;
          const runs = one?.verdict !== 'fails';
          const isForetold = runs || seen === undefined || isPrinted(seen, started);
          if (!runs) messages++;
          if (runs !== started.starts || !isForetold)
            wrong.push({ name, path, user, verdict: one?.verdict, seen, ...started });
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(cases).toBeGreaterThan(200);
    expect(messages).toBeGreaterThan(50);
  });

  it('the files are what they are made for', () => {
    const tags = (name: string) =>
      parseElf(fs.readFileSync(join(base, 'files', name))).dynamic?.tags;
    expect(tags('relr')?.has(36)).toBe(true);
    expect(tags('musl-relr')?.has(36)).toBe(true);
    expect(tags('musl-code')?.has(22)).toBe(true);
  });

  function start(root: string, path: string, user: number) {
    const words = ['-m', 'sh', '-c', 'mount --bind /proc "$0/proc" && exec "$@"', root];
    const as = [join(base, 'starter'), root, path];
    const { stdout, stderr, status, signal } = spawnSync(
      'unshare',
      [
        ...words,
        ...['env', '-i', `PATH=${PATH}`, 'LC_ALL=C', `STARTER_USER=${user}`, 'timeout', '60'],
        ...as,
      ],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const isKilled = signal === 'SIGSEGV' || status === 139 || status === 245;
    return { starts: status === 0, isKilled, printed: `${stdout}${stderr}` };
  }
});

function isPrinted(seen: string, { isKilled, printed }: { isKilled: boolean; printed: string }) {
  if (seen.startsWith('Segmentation fault')) return isKilled;
  const lines = printed.split('\n');
  const words = seen.split('\n');
  // Several lines are several wordings, but of musl they are one message after the other.
  return words.every((word) => word.startsWith('Error'))
    ? words.every((word) => lines.includes(word))
    : words.some((word) => lines.includes(word)) || printed.includes('xec format error');
}

/** Scripts for both envs of a root, and a text that is none. */
function writeScripts(directory: string): readonly string[] {
  const names: string[] = [];
  const write = (name: string, text: string) => {
    fs.writeFileSync(join(directory, name), text);
    fs.chmodSync(join(directory, name), 0o755);
  };
  fs.mkdirSync(join(directory, 'only'), { recursive: true });
  write('only/own', '#!/bin/sh\nexit 0\n');
  // The kernel starts a relative interpreter from the working directory.
  for (const [index, line] of ['rules/only/own', 'only/own', 'usr/bin/env own'].entries()) {
    write(`relative-${index}`, `#!${line}\nexit 0\n`);
    names.push(`relative-${index}`);
  }
  for (const [kind, env] of [
    ['gnu', '/usr/bin/env'],
    ['bb', '/bb/env'],
  ])
    for (const [index, argument] of ENV_ARGUMENTS.entries()) {
      const name = `${kind}-${index}`;
      write(name, `#!${env} ${argument}\nexit 0\n`);
      names.push(name);
    }
  return names;
}
