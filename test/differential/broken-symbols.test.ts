/**
 * Programs whose symbols or versions are broken in one way each, made with gcc and patchelf, started
 * by the real loader with LD_BIND_NOW=1: what it says must be what elfdeps said beforehand, and how far
 * it gets is what elfdeps calls an error and a warning. ldd -r, -u and -v are compared as well.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bytesSource } from '../../src/elf/byte-source.js';
import { ElfSymbols } from '../../src/files/elf-symbols.js';
import {
  type CheckedClosure,
  checkTrace,
  directoryRoot,
  parseElf,
  parseSymbols,
  traceDependencies,
} from '../../src/index.js';
import { command, describeWith, requirement } from '../support/requirement.js';
import {
  BINDINGS_COMMAND,
  bindings,
  LDD_OPTIONS,
  lddText,
  loaderBindings,
  withoutAddresses,
} from './ldd-text.js';
import { machineLoaders } from './machine.js';
import { runEach } from './run-each.js';

interface BrokenWorld {
  readonly name: string;
  /** C sources, version scripts and the like. */
  readonly files: Readonly<Record<string, string>>;
  /** Shell commands that make `app` and its libraries, in the world's directory. */
  readonly make: string;
  /** Changes a file afterwards. */
  readonly patch?: (directory: string) => void;
  /** Codes of the findings of the symbol checks, each once. */
  readonly codes: readonly string[];
  /** Whether it comes to its end when functions are bound at their first call, if not as with all. */
  readonly endsWell?: boolean;
  readonly musl?: boolean;
}

const MAIN = 'int f(void); int main(void) { return f() == 0; }';
const TWO_VERSIONS = {
  'v.c': `__asm__(".symver f1,f@V1"); __asm__(".symver f2,f@@V2");
    int f1(void) { return 1; } int f2(void) { return 2; }`,
  'v.map': 'V1 { global: f; local: *; }; V2 { } V1;',
  'a.c': MAIN,
};
const LIB = (source: string, out: string, more = '') =>
  `gcc -shared -fPIC ${source} -o ${out} -Wl,-soname,${out.split('/').at(-1)} ${more}`;
const APP = (libs: string, more = '') =>
  `gcc -Wl,--no-as-needed a.c -o app -L. ${libs} -Wl,-rpath,'$ORIGIN' ${more}`;

const WORLDS: readonly BrokenWorld[] = [
  {
    name: 'nothing is broken',
    files: TWO_VERSIONS,
    make: [LIB('v.c', 'libv.so', '-Wl,--version-script=v.map'), APP('-lv')].join('\n'),
    codes: [],
  },
  {
    name: 'a version is missing',
    files: { ...TWO_VERSIONS, 'old.c': 'int f(void) { return 1; }', 'old.map': 'V1 { f; };' },
    make: [
      LIB('v.c', 'libv.so', '-Wl,--version-script=v.map'),
      APP('-lv'),
      LIB('old.c', 'libv.so', '-Wl,--version-script=old.map'),
    ].join('\n'),
    codes: ['VERSION_NOT_FOUND'],
  },
  {
    name: 'a version is missing that is only asked for as weak',
    files: { ...TWO_VERSIONS, 'old.c': 'int f(void) { return 1; }', 'old.map': 'V1 { f; };' },
    make: [
      LIB('v.c', 'libv.so', '-Wl,--version-script=v.map'),
      APP('-lv'),
      LIB('old.c', 'libv.so', '-Wl,--version-script=old.map'),
    ].join('\n'),
    patch: (directory) => makeNeededVersionWeak(join(directory, 'app'), 'V2'),
    codes: ['WEAK_VERSION_NOT_FOUND', 'SYMBOL_NOT_FOUND'],
  },
  {
    name: 'the library has no versions',
    files: { ...TWO_VERSIONS, 'old.c': 'int f(void) { return 1; }' },
    make: [
      LIB('v.c', 'libv.so', '-Wl,--version-script=v.map'),
      APP('-lv'),
      LIB('old.c', 'libv.so'),
    ].join('\n'),
    codes: ['NO_VERSION_INFORMATION', 'SYMBOL_WITHOUT_VERSION'],
  },
  {
    name: 'a version without the symbol in it',
    files: {
      ...TWO_VERSIONS,
      'old.c': 'int f(void) { return 1; } int g(void) { return 1; }',
      'old.map': 'V1 { f; }; V2 { g; };',
    },
    make: [
      LIB('v.c', 'libv.so', '-Wl,--version-script=v.map'),
      APP('-lv'),
      LIB('old.c', 'libv.so', '-Wl,--version-script=old.map'),
    ].join('\n'),
    codes: ['SYMBOL_NOT_FOUND'],
  },
  {
    name: 'a needed name changed behind the back of the version table',
    files: TWO_VERSIONS,
    make: [
      LIB('v.c', 'libv.so', '-Wl,--version-script=v.map'),
      LIB('v.c', 'libw.so', '-Wl,--version-script=v.map'),
      APP('-lv'),
      'patchelf --remove-needed libv.so --add-needed libw.so app',
    ].join('\n'),
    codes: ['VERSION_FILE_UNKNOWN'],
  },
  {
    name: 'an old program gets the oldest version of a library that now has some',
    files: { ...TWO_VERSIONS, 'old.c': 'int f(void) { return 3; }' },
    make: [
      LIB('old.c', 'libv.so'),
      APP('-lv'),
      LIB('v.c', 'libv.so', '-Wl,--version-script=v.map'),
    ].join('\n'),
    codes: [],
  },
  {
    name: 'an old program, and a symbol that is only in one later version',
    files: {
      'a.c': MAIN,
      'old.c': 'int f(void) { return 3; }',
      'v.c': 'int f(void) { return 1; } int g(void) { return 1; }',
      'v.map': 'V1 { g; }; V2 { f; };',
    },
    make: [
      LIB('old.c', 'libv.so'),
      APP('-lv'),
      LIB('v.c', 'libv.so', '-Wl,--version-script=v.map'),
    ].join('\n'),
    codes: [],
  },
  {
    name: 'an old program, and a symbol that is only in hidden versions',
    files: {
      'a.c': MAIN,
      'old.c': 'int f(void) { return 3; }',
      'v.c': `__asm__(".symver f2,f@V2"); __asm__(".symver f3,f@V3");
        int f2(void) { return 1; } int f3(void) { return 1; } int g(void) { return 1; }`,
      'v.map': 'V1 { global: g; local: *; }; V2 { f; } V1; V3 { } V2;',
    },
    make: [
      LIB('old.c', 'libv.so'),
      APP('-lv'),
      LIB('v.c', 'libv.so', '-Wl,--version-script=v.map'),
    ].join('\n'),
    codes: ['SYMBOL_NOT_FOUND'],
  },
  {
    name: 'a function is missing that is never called',
    files: {
      'a.c': 'int f(void); int main(int c, char **v) { return c > 9 ? f() : 0; }',
      'old.c': 'int f(void) { return 1; }',
      'new.c': 'int g(void) { return 1; }',
    },
    make: [LIB('old.c', 'libv.so'), APP('-lv', '-Wl,-z,lazy'), LIB('new.c', 'libv.so')].join('\n'),
    codes: ['SYMBOL_NOT_FOUND'],
    endsWell: true,
  },
  {
    name: 'the same, bound at the start',
    files: {
      'a.c': 'int f(void); int main(int c, char **v) { return c > 9 ? f() : 0; }',
      'old.c': 'int f(void) { return 1; }',
      'new.c': 'int g(void) { return 1; }',
    },
    make: [LIB('old.c', 'libv.so'), APP('-lv', '-Wl,-z,now'), LIB('new.c', 'libv.so')].join('\n'),
    codes: ['SYMBOL_NOT_FOUND'],
  },
  {
    name: 'data is missing',
    files: {
      'a.c': 'extern int x; int main(void) { return x; }',
      'old.c': 'int x;',
      'new.c': 'int y;',
    },
    make: [LIB('old.c', 'libv.so'), APP('-lv', '-fPIE -pie'), LIB('new.c', 'libv.so')].join('\n'),
    codes: ['SYMBOL_NOT_FOUND'],
  },
  {
    name: 'copied data',
    files: { 'a.c': 'extern int x; int main(void) { return x; }', 'old.c': 'int x;' },
    make: [LIB('old.c', 'libv.so'), APP('-lv', '-fno-PIE -no-pie')].join('\n'),
    codes: [],
  },
  {
    name: 'copied data that is missing',
    files: {
      'a.c': 'extern int x; int main(void) { return x; }',
      'old.c': 'int x;',
      'new.c': 'int y;',
    },
    make: [LIB('old.c', 'libv.so'), APP('-lv', '-fno-PIE -no-pie'), LIB('new.c', 'libv.so')].join(
      '\n',
    ),
    codes: ['SYMBOL_NOT_FOUND'],
  },
  {
    name: 'a weak symbol is missing',
    files: {
      'a.c':
        'int g(void); __attribute__((weak)) int f(void); int main(void) { return f ? f() : g(); }',
      'old.c': 'int f(void) { return 1; } int g(void) { return 0; }',
      'new.c': 'int g(void) { return 0; }',
    },
    make: [LIB('old.c', 'libv.so'), APP('-lv'), LIB('new.c', 'libv.so')].join('\n'),
    codes: [],
  },
  {
    name: 'an interposed symbol, a symbolic library and a protected symbol',
    files: {
      'a.c': 'int g(void); int main(void) { return g() == 0; }',
      'one.c': 'int f(void) { return 1; } int p(void) { return 1; }',
      'two.c': `int f(void) { return 2; } __attribute__((visibility("protected"))) int p(void) { return 2; }
        int (*at)(void) = f; int (*pt)(void) = p; int g(void) { return f() + p() + at() + pt(); }`,
      'three.c':
        'int f(void) { return 3; } int (*at3)(void) = f; int h(void) { return f() + at3(); }',
    },
    make: [
      LIB('one.c', 'libone.so'),
      LIB('two.c', 'libtwo.so'),
      LIB('three.c', 'libthree.so'),
      // Bound by the linker, -Bsymbolic leaves nothing to look up: so set the tag alone.
      'gcc -c -fPIC three.c -o three.o && gcc -shared three.o -o libthree.so -Wl,-soname,libthree.so -Wl,--enable-new-dtags',
      APP('-lone -ltwo -lthree'),
    ].join('\n'),
    patch: (directory) => addSymbolic(join(directory, 'libthree.so')),
    codes: ['NEED_UNUSED'],
  },
  {
    name: 'another build of the same library is found first',
    files: {
      'a.c': 'int f(void), g(void); int main(void) { return f() + g() == 0; }',
      'new.c': 'int f(void) { return 1; } int g(void) { return 1; }',
      'old.c': 'int f(void) { return 1; }',
    },
    make: [
      'mkdir new old',
      LIB('new.c', 'new/libv.so'),
      LIB('old.c', 'old/libv.so'),
      "gcc a.c -o app new/libv.so -Wl,--enable-new-dtags,-rpath,'$ORIGIN/old:$ORIGIN/new'",
    ].join('\n'),
    codes: ['SYMBOL_NOT_FOUND'],
  },
  {
    name: 'a library of the library is missing symbols, thread-local ones too',
    files: {
      'a.c': MAIN,
      'old.c': '__thread int t; int g(void) { return 1; }',
      'new.c': 'int other(void) { return 1; }',
      'mid.c': 'extern __thread int t; int g(void); int f(void) { return t + g(); }',
    },
    make: [
      LIB('old.c', 'libold.so'),
      LIB('mid.c', 'libmid.so', "-L. -lold -Wl,-rpath,'$ORIGIN'"),
      APP('-lmid', '-Wl,--allow-shlib-undefined'),
      LIB('new.c', 'libold.so'),
    ].join('\n'),
    codes: ['SYMBOL_NOT_FOUND'],
  },
  {
    name: 'indirect functions and thread-local data',
    files: {
      'a.c': 'extern __thread int t; int f(void); int main(void) { return t + f() == 0; }',
      'v.c': `__thread int t; static int real(void) { return 1; }
        static void *pick(void) { return real; } int f(void) __attribute__((ifunc("pick")));`,
    },
    make: [LIB('v.c', 'libv.so'), APP('-lv')].join('\n'),
    codes: [],
  },
  {
    name: 'an unused library',
    files: { 'a.c': MAIN, 'v.c': 'int f(void) { return 1; }', 'u.c': 'int u(void) { return 1; }' },
    make: [LIB('v.c', 'libv.so'), LIB('u.c', 'libu.so'), APP('-lu -lv')].join('\n'),
    codes: ['NEED_UNUSED'],
  },
  {
    name: 'a musl program with a library that was made for glibc',
    files: {
      'a.c': MAIN,
      'v.c': `#include <stdio.h>
        int f(void) { return __printf_chk(1, "x") + __vsnprintf_chk(0, 0, 0, 0, "", 0); }`,
    },
    make: [
      'gcc -w -shared -fPIC -nostdlib v.c -o libv.so -Wl,-soname,libv.so',
      "musl-gcc a.c -o app -L. -lv -Wl,-rpath,'$ORIGIN' -Wl,--allow-shlib-undefined -Wl,--unresolved-symbols=ignore-all",
    ].join('\n'),
    codes: ['SYMBOL_NOT_FOUND'],
    musl: true,
  },
];

const SYMBOL_CODES = /VERSION_|SYMBOL|NEED_UNUSED/;
const isHere = machineLoaders().length > 0 && process.arch === 'x64';
const needs = [
  requirement('Linux on x86-64 with a loader', isHere),
  ...['gcc', 'musl-gcc', 'patchelf', 'ldd'].map(command),
];

describeWith('broken worlds', needs, () => {
  let base: string;
  beforeAll(() => {
    base = mkdtempSync(join(realpathSync(tmpdir()), 'elfdeps-symbols-'));
  });
  afterAll(() => rmSync(base, { recursive: true, force: true }));

  it.each(WORLDS.map((world, index) => [world.name, world, index] as const))(
    '%s',
    async (_name, world, index) => {
      const directory = join(base, String(index));
      const app = build(world, directory);
      const root = directoryRoot('/');
      const trace = traceDependencies(root, [app]);
      const [checked] = checkTrace(trace) as [CheckedClosure];
      const findings = checked.findings.filter(({ code }) => SYMBOL_CODES.test(code));
      expect([...new Set(findings.map(({ code }) => code))].sort()).toEqual(
        [...world.codes].sort(),
      );

      const now = run(app, { LD_BIND_NOW: '1' });
      const said = findings.flatMap(({ seen }) => (seen === undefined ? [] : [seen]));
      // glibc ends at the first symbol; musl names them all.
      for (const line of now.lines) expect(said).toContain(line);
      expect(now.lines.length > 0).toBe(said.length > 0);
      if (world.musl === true) expect([...said].sort()).toEqual([...new Set(now.lines)].sort());

      // Bound at the start, all that is more than a note ends it.
      const has = (...wanted: string[]) => findings.some((f) => wanted.includes(f.severity));
      expect(now.starts).toBe(!has('error', 'warning'));
      expect(run(app, {}).starts).toBe(world.endsWell ?? now.starts);
      // An error ends it before its first instruction, a warning at the call of a function.
      const isStarted = world.musl === true ? now.starts : getsControl(app);
      expect(isStarted).toBe(!has('error'));

      if (world.musl === true) return;
      const files = new ElfSymbols(root);
      const outputs = await runEach(
        'ldd "$1" "$2" 2>&1',
        LDD_OPTIONS.map((o) => [o, app]),
      );
      LDD_OPTIONS.forEach((option, at) => {
        const theirs = withoutAddresses(outputs[at] as never);
        expect(lddText(checked.closure, option, files)).toBe(theirs);
      });
      const loader = checked.closure.loaderPath ?? '';
      const [bound] = await runEach(BINDINGS_COMMAND, [[loader, app]]);
      if (!now.lines.some((line) => line.startsWith('Inconsistency')))
        expect(bindings(checked.closure, files)).toEqual(loaderBindings(bound as never));
    },
  );
});

function build(world: BrokenWorld, directory: string): string {
  execFileSync('mkdir', [directory]);
  for (const [name, text] of Object.entries(world.files))
    writeFileSync(join(directory, name), text);
  execFileSync('sh', ['-ec', world.make], { cwd: directory, stdio: 'pipe' });
  world.patch?.(directory);
  return join(directory, 'app');
}

/** What the loader says, and whether the program got to its main function. */
function run(app: string, env: Record<string, string>): { lines: string[]; starts: boolean } {
  const { stderr, status } = spawnSync(app, { env: { LC_ALL: 'C', ...env }, encoding: 'utf8' });
  const lines = stderr
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(/(dl-\w+\.c:) \d+:/, '$1'));
  // The loader ends with 1, with 127, or by a failed assertion.
  return { lines, starts: status !== 127 && !(status === 1 && lines.length > 0) };
}

/** Whether glibc's loader ends with a jump to the program, which LD_DEBUG says. */
function getsControl(app: string): boolean {
  const { stderr } = spawnSync(app, {
    env: { LC_ALL: 'C', LD_DEBUG: 'files' },
    encoding: 'utf8',
  });
  return /transferring control: /.test(stderr);
}

/** Sets VER_FLG_WEAK in the one Vernaux of a version. */
function makeNeededVersionWeak(path: string, version: string): void {
  const bytes = readFileSync(path);
  const symbols = parseSymbols(bytesSource(bytes), parseElf(bytes));
  const wanted = symbols?.versions.needs
    .flatMap(({ versions }) => versions)
    .find(({ name }) => name === version);
  const record = Buffer.alloc(8);
  record.writeUInt32LE(wanted?.hash ?? 0, 0);
  record.writeUInt16LE(wanted?.index ?? 0, 6);
  const at = bytes.indexOf(record);
  bytes.writeUInt16LE(2, at + 4);
  writeFileSync(path, bytes);
}

/** Turns the DT_RELACOUNT of a library, which is only a hint, into DT_SYMBOLIC. */
function addSymbolic(path: string): void {
  const bytes = readFileSync(path);
  const tag = Buffer.alloc(8);
  tag.writeUInt32LE(0x6ffffff9);
  bytes.writeUInt32LE(16, bytes.indexOf(tag));
  writeFileSync(path, bytes);
}
