/**
 * One row for each kind of finding: a world, the findings about /app/main there, and the words that
 * its user would see. What real loaders and kernels say to the same is in test/differential.
 */
import { describe, expect, it } from 'vitest';
import * as c from '../../src/elf/constants.js';
import {
  type CheckOptions,
  checkTrace,
  type TraceOptions,
  traceDependencies,
  UsageError,
} from '../../src/index.js';
import { findingRules } from '../../src/registry.js';
import { memoryRoot } from '../../src/root/memory-root.js';
import type { Root } from '../../src/root/root.js';
import { encode } from '../support/elf-builder.js';
import {
  GLIBC_INTERPRETER,
  glibcLoaderBytes,
  glibcSystem,
  MUSL_INTERPRETER,
  memoryNode,
  memoryWorld,
  muslProgram,
  muslSystem,
  program,
  traceWorld,
  type World,
} from '../support/world.js';

interface Row {
  readonly name: string;
  readonly world: World;
  readonly options?: CheckOptions;
  readonly trace?: TraceOptions;
  /** `severity CODE`, in order. */
  readonly findings: readonly string[];
  /** Text that `seen` of the first finding has as a line. */
  readonly seen?: string;
  /** Text in the cause or the remedy of the first finding. */
  readonly says?: string;
}

const glibc = { ...glibcSystem(36), '/lib/x86_64-linux-gnu/libc.so.6': {} };
/** Debian's layout of a program, but for the path by which the program names its interpreter. */
const lostLoader: World = {
  '/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2': { glibcLoader: { minor: 36 } },
  '/lib/x86_64-linux-gnu/libc.so.6': {
    needed: ['ld-linux-x86-64.so.2'],
    tags: [
      [c.DT_RELR, 1],
      [c.DT_RELRSZ, 8],
    ],
  },
  '/app/main': program({ needed: ['libc.so.6'], runpath: '/lib/x86_64-linux-gnu' }),
};
/** .note.gnu.property: the instructions of x86-64-v1 and v3 are needed. */
const V3_NOTE = Uint8Array.from([
  ...[4, 0, 0, 0, 16, 0, 0, 0, 5, 0, 0, 0, 0x47, 0x4e, 0x55, 0],
  ...[0x02, 0x80, 0, 0xc0, 4, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0],
]);
const v3Program = program({ rawNotes: [V3_NOTE] });
const banner = (release: string) =>
  new TextEncoder().encode(`\0GNU C Library (GNU libc) stable release version ${release}.\n\0`);

const aarch64 = { machine: c.EM_AARCH64, interpreter: '/lib/ld-linux-aarch64.so.1' };

const bytesOf = (node: World[string]) => memoryNode('/app/main', node) as Uint8Array;

/** cap_net_raw+ep, revision 2. */
const CAP_NET_RAW = Uint8Array.from([1, 0, 0, 2, 0, 0x20, ...new Array(14).fill(0)]);

/** A program that finds a library beside itself. */
function privileged(
  how: { readonly mode?: number; readonly uid?: number; readonly capability?: Uint8Array },
  elf = program({ needed: ['liba.so'], runpath: '$ORIGIN/lib' }),
): World {
  return { '/app/main': { bytes: bytesOf(elf), ...how }, '/app/lib/liba.so': {} };
}

/** env(1) of each kind and release, an argument, and the message; without one the script starts. */
const ENVS = {
  'coreutils 8.28': '\0GNU coreutils\x008.28\0',
  'coreutils 8.32': '\0GNU coreutils\x008.32\0split-string\0',
  'coreutils 9.7': '\0GNU coreutils\x009.7\0split-string\0',
  busybox: '\0BusyBox v1.37.0\0',
} as const;
const envRows = (
  [
    ['coreutils 8.28', '-S sh -e', "/usr/bin/env: invalid option -- 'S'"],
    ['coreutils 8.28', '-vS sh', "/usr/bin/env: invalid option -- 'v'"],
    [
      'coreutils 8.28',
      '--split-string=sh',
      "/usr/bin/env: unrecognized option '--split-string=sh'",
    ],
    ['coreutils 8.32', '-S sh -e', undefined],
    ['coreutils 8.32', '--split=sh -e', undefined],
    ['coreutils 8.32', '-S -u X FOO=1 sh', undefined],
    ['coreutils 8.32', '-i sh', "/usr/bin/env: invalid option -- ' '"],
    ['coreutils 9.7', '- sh', "env: invalid option -- ' '"],
    ['coreutils 9.7', '-x', "/usr/bin/env: invalid option -- 'x'"],
    ['coreutils 9.7', '-- sh', "/usr/bin/env: unrecognized option '-- sh'"],
    ['coreutils 8.32', 'gone', "/usr/bin/env: 'gone': No such file or directory"],
    ['coreutils 9.7', '-S gone', "env: 'gone': No such file or directory"],
    ['busybox', 'sh', undefined],
    ['busybox', '-S sh -e', "/usr/bin/env: invalid option -- 'S'"],
    ['busybox', '-i sh', "/usr/bin/env: invalid option -- ' '"],
    ['busybox', 'gone', "env: can't execute 'gone': No such file or directory"],
  ] as const
).map(([env, argument, seen]): Row => {
  const code = seen?.includes('option') ? 'SCRIPT_OPTION_REFUSED' : 'SCRIPT_PROGRAM_MISSING';
  return {
    name: `#!/usr/bin/env ${argument}, by ${env}`,
    world: {
      '/usr/bin/env': { type: c.ET_EXEC, data: encode(ENVS[env]) },
      '/bin/sh': { type: c.ET_EXEC },
      '/app/main': `#!/usr/bin/env ${argument}\n`,
    },
    findings: seen === undefined ? [] : [`error ${code}`],
    seen,
  };
});

/** A glibc whose loader has these texts in its file. */
const glibcSaying = (...texts: string[]): World => ({
  ...glibc,
  '/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2': {
    soname: 'ld-linux-x86-64.so.2',
    data: encode(`\0${texts.join('\0')}\0`),
  },
});
const muslRelease = (release: string): World => ({
  [MUSL_INTERPRETER]: { soname: 'libc.musl-x86_64.so.1', data: encode(`\0${release}\0`) },
});
const relr = {
  tags: [
    [c.DT_RELR, 0x100],
    [c.DT_RELRSZ, 8],
  ],
} as const;
/** A program that asks liba.so for a version of f, which only libb.so has. */
const elsewhere = (binding: number): World => ({
  '/app/main': program({
    needed: ['liba.so', 'libb.so'],
    rpath: '/r',
    flags1: c.DF_1_NOW,
    symbols: {
      list: [{ name: 'f', binding, versym: 2 }],
      needs: [{ file: 'liba.so', versions: [{ name: 'V1', index: 2 }] }],
      relocations: [{ symbol: 'f', type: 6 }],
    },
  }),
  '/r/liba.so': { symbols: { list: [], definitions: [{ name: 'V1', index: 2 }] } },
  '/r/libb.so': {
    symbols: {
      list: [{ name: 'f', value: 1, versym: 2 }],
      definitions: [{ name: 'V1', index: 2 }],
    },
  },
});
const LINK_TIME = 'symbol %s version %s not defined in file %s with link time reference%s';

const rows: readonly Row[] = [
  {
    name: 'packed relocations, under glibc before 2.36',
    world: { ...glibcSaying('old'), '/app/main': program(relr) },
    findings: ['error PACKED_RELOCATIONS'],
    seen: 'Segmentation fault (core dumped)',
  },
  {
    name: 'packed relocations, under glibc since 2.36',
    world: { ...glibcSaying('GLIBC_ABI_DT_RELR'), '/app/main': program(relr) },
    findings: [],
  },
  {
    name: 'packed relocations of a file that asks for versions of glibc, but not for that of them',
    world: {
      ...glibcSaying('GLIBC_ABI_DT_RELR'),
      '/lib/x86_64-linux-gnu/libc.so.6': {
        symbols: { list: [], definitions: [{ name: 'GLIBC_2.2.5', index: 2 }] },
      },
      '/app/main': program({
        ...relr,
        needed: ['libc.so.6'],
        symbols: {
          list: [],
          needs: [{ file: 'libc.so.6', versions: [{ name: 'GLIBC_2.2.5', index: 2 }] }],
        },
      }),
    },
    findings: ['error PACKED_RELOCATIONS', 'note MINIMUM_VERSIONS'],
    seen: '/app/main: error while loading shared libraries: /app/main: DT_RELR without GLIBC_ABI_DT_RELR dependency',
  },
  ...(
    [
      ['1.1.9', ['error PACKED_RELOCATIONS']],
      ['1.2.3', ['error PACKED_RELOCATIONS']],
      ['1.2.4', []],
      ['1.2.10', []],
      ['2.0.0', []],
      ['unknown', ['warning PACKED_RELOCATIONS']],
    ] as const
  ).map(([release, findings]) => ({
    name: `packed relocations, under musl ${release}`,
    world: { ...muslRelease(release), '/app/main': muslProgram(relr) },
    findings,
  })),
  {
    name: 'packed relocations of a loader, which applies its own',
    world: { ...glibcSystem(36), '/app/main': { ...relr, soname: 'ld-linux-x86-64.so.2' } },
    findings: [],
  },
  {
    name: 'a relocation that musl does not have',
    world: {
      ...muslSystem(),
      '/app/main': muslProgram({
        symbols: { list: [{ name: 'g', value: 1 }], relocations: [{ symbol: 'g', type: 37 }] },
      }),
    },
    findings: ['error RELOCATION_UNSUPPORTED'],
    seen: 'Error relocating /app/main: unsupported relocation type 37',
  },
  {
    name: 'the same for glibc',
    world: {
      ...glibc,
      '/app/main': program({
        symbols: { list: [{ name: 'g', value: 1 }], relocations: [{ symbol: 'g', type: 37 }] },
      }),
    },
    findings: [],
  },
  {
    name: 'code of a program is written to, by musl',
    world: { ...muslSystem(), '/app/main': muslProgram({ dynamicFlags: c.DF_TEXTREL }) },
    findings: ['error TEXT_RELOCATIONS'],
    seen: 'Segmentation fault (core dumped)',
  },
  {
    name: 'code of a library is written to, by musl',
    world: {
      ...muslSystem(),
      '/lib/liba.so': { dynamicFlags: c.DF_TEXTREL },
      '/app/main': muslProgram({ needed: ['liba.so'] }),
    },
    findings: ['warning TEXT_RELOCATIONS'],
  },
  {
    name: 'musl without a library says which symbols are missing too',
    world: {
      ...muslSystem(),
      '/app/main': muslProgram({
        needed: ['libgone.so'],
        symbols: { list: [{ name: 'gone' }], relocations: [{ symbol: 'gone', type: 6 }] },
      }),
    },
    findings: ['error LIBRARY_NOT_FOUND'],
    seen: 'Error relocating /app/main: gone: symbol not found',
  },
  {
    name: 'a version in another file than the one that it is asked of, up to glibc 2.29',
    world: { ...glibcSaying(LINK_TIME), ...elsewhere(c.STB_GLOBAL) },
    findings: ['error SYMBOL_NOT_FOUND'],
    seen: '/app/main: relocation error: /app/main: symbol f version V1 not defined in file liba.so with link time reference',
  },
  {
    name: 'the same for a weak reference, in the words of older releases',
    world: {
      ...glibcSaying(', version ', ' not defined in file ', ' with link time reference'),
      ...elsewhere(c.STB_WEAK),
    },
    findings: ['error SYMBOL_NOT_FOUND'],
    seen: '/app/main: relocation error: /app/main: symbol f, version V1 not defined in file liba.so with link time reference',
  },
  {
    name: 'the same since glibc 2.30',
    world: { ...glibcSaying('new'), ...elsewhere(c.STB_GLOBAL) },
    findings: [],
  },
  {
    name: 'a text without a first line for the kernel',
    world: { '/app/main': 'echo hi\n' },
    trace: { takesTexts: true },
    findings: ['error NOT_A_PROGRAM'],
    seen: 'exec /app/main: exec format error',
  },
  { name: 'nothing is wrong', world: { ...glibc, '/app/main': program() }, findings: [] },
  {
    name: 'the interpreter is missing',
    world: { '/app/main': program() },
    findings: ['error INTERPRETER_MISSING'],
    seen: 'exec /app/main: no such file or directory',
  },
  {
    name: 'the interpreter is missing, which libc needs too, and the root has the file beside libc',
    world: {
      ...lostLoader,
      '/usr/lib64': { link: 'lib' },
      '/lib64/other': {},
    },
    findings: ['error INTERPRETER_MISSING'],
    says: `ln -sf /lib/x86_64-linux-gnu/ld-linux-x86-64.so.2 ${GLIBC_INTERPRETER}`,
  },
  {
    name: 'the directory of the interpreter is missing, and the root has the file in another',
    world: {
      ...lostLoader,
      '/usr/lib64/ld-linux-x86-64.so.2': { link: '/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2' },
    },
    findings: ['error INTERPRETER_MISSING'],
    says: 'ln -s /usr/lib64 /lib64',
  },
  {
    name: 'the directory of the interpreter is a link that leads nowhere',
    world: { ...lostLoader, '/lib64': { link: 'usr/lib64' }, '/usr/bin/other': {} },
    findings: ['error INTERPRETER_MISSING'],
    says: 'ln -s /lib/x86_64-linux-gnu /usr/lib64',
  },
  {
    name: 'the interpreter of another CPU is elsewhere',
    world: {
      ...lostLoader,
      '/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2': { machine: c.EM_AARCH64 },
    },
    findings: ['error INTERPRETER_MISSING'],
    says: `copy ${GLIBC_INTERPRETER} and the libraries`,
  },
  {
    name: 'the interpreter has no execute bit',
    world: {
      ...glibc,
      [GLIBC_INTERPRETER]: { bytes: new Uint8Array(), mode: 0o644 },
      '/app/main': program(),
    },
    findings: ['error INTERPRETER_NOT_EXECUTABLE'],
    seen: 'exec /app/main: permission denied',
  },
  {
    name: 'another user may not execute the program',
    world: {
      ...glibc,
      '/app/main': { bytes: bytesOf(program()), mode: 0o750, gid: 5 },
    },
    trace: { startedBy: { uid: 1000, gid: 1000, groups: [1001] } },
    findings: ['error NOT_EXECUTABLE'],
    seen: 'exec /app/main: permission denied',
    says: 'chmod o+x /app/main',
  },
  {
    name: 'a user of the group may execute it',
    world: {
      ...glibc,
      '/app/main': { bytes: bytesOf(program()), mode: 0o750, gid: 5 },
    },
    trace: { startedBy: { uid: 1000, gid: 1000, groups: [5] } },
    findings: [],
  },
  {
    name: 'its owner may not, where only others may',
    world: {
      ...glibc,
      '/app/main': { bytes: bytesOf(program()), mode: 0o055, uid: 1000 },
    },
    trace: { startedBy: { uid: 1000, gid: 1000, groups: [] } },
    findings: ['error NOT_EXECUTABLE'],
  },
  {
    name: 'another user may not search a directory on the way to the program',
    world: { ...glibc, '/app': { directory: true, mode: 0o700 }, '/app/main': program() },
    trace: { startedBy: { uid: 1000, gid: 1000, groups: [] } },
    findings: ['error NOT_EXECUTABLE'],
    says: 'chmod o+x /app,',
  },
  {
    name: 'another user may not execute the interpreter',
    world: {
      ...glibc,
      [GLIBC_INTERPRETER]: { bytes: glibcLoaderBytes({ minor: 36 }), mode: 0o750 },
      '/app/main': program(),
    },
    trace: { startedBy: { uid: 1000, gid: 1000, groups: [] } },
    findings: ['error INTERPRETER_NOT_EXECUTABLE'],
  },
  {
    name: 'another user may not search a directory on the way to the interpreter',
    world: {
      ...glibc,
      '/opt': { directory: true, mode: 0o700 },
      '/opt/ld-linux-x86-64.so.2': { bytes: glibcLoaderBytes({ minor: 36 }), mode: 0o755 },
      '/app/main': program({ interpreter: '/opt/ld-linux-x86-64.so.2' }),
    },
    trace: { startedBy: { uid: 1000, gid: 1000, groups: [] } },
    findings: ['error INTERPRETER_NOT_EXECUTABLE'],
    seen: 'exec /app/main: permission denied',
    says: 'chmod o+x /opt',
  },
  {
    name: 'root may search every directory on the way to the interpreter',
    world: {
      ...glibc,
      '/opt': { directory: true, mode: 0o700 },
      '/opt/ld-linux-x86-64.so.2': { bytes: glibcLoaderBytes({ minor: 36 }), mode: 0o755 },
      '/app/main': program({ interpreter: '/opt/ld-linux-x86-64.so.2' }),
    },
    trace: { startedBy: { uid: 0, gid: 0, groups: [] } },
    findings: [],
  },
  {
    name: 'another user may not search a directory on the way to the interpreter of a script',
    world: {
      '/opt': { directory: true, mode: 0o700 },
      '/opt/sh': { type: c.ET_EXEC },
      '/app/main': '#!/opt/sh\n',
    },
    trace: { startedBy: { uid: 1000, gid: 1000, groups: [] } },
    findings: ['error SCRIPT_INTERPRETER_NOT_EXECUTABLE', 'error SCRIPT_INTERPRETER_FAILS'],
    says: 'chmod o+x /opt',
  },
  {
    name: 'another user may not read a library',
    world: {
      ...glibc,
      '/app/main': program({ needed: ['liba.so'], runpath: '/r' }),
      '/r/liba.so': { bytes: bytesOf({ soname: 'liba.so' }), mode: 0o640 },
    },
    trace: { startedBy: { uid: 1000, gid: 1000, groups: [] } },
    findings: ['error LIBRARY_NOT_FOUND'],
    seen: '/app/main: error while loading shared libraries: liba.so: cannot open shared object file: No such file or directory',
    says: 'may not read /r/liba.so, whose mode is 0640, owner 0:0',
  },
  {
    name: 'a set-user-ID program needs $ORIGIN to find a library',
    world: { ...glibc, ...privileged({ mode: 0o4755 }) },
    findings: ['error SECURE_EXECUTION'],
    seen: '/app/main: error while loading shared libraries: liba.so: cannot open shared object file: No such file or directory',
    says: 'put /app/lib into /etc/ld.so.conf and run ldconfig in the root, or link it with -Wl,-rpath,/app/lib',
  },
  {
    name: 'a set-user-ID program is started by its owner',
    world: { ...glibc, ...privileged({ mode: 0o4755, uid: 7 }) },
    trace: { startedBy: { uid: 7, gid: 7, groups: [] } },
    findings: [],
  },
  {
    name: 'a set-user-ID program of another user is started by root',
    world: { ...glibc, ...privileged({ mode: 0o4755, uid: 7 }) },
    trace: { startedBy: { uid: 0, gid: 0, groups: [] } },
    findings: ['error SECURE_EXECUTION'],
  },
  {
    name: 'a program with set-group-ID, but not executable for the group',
    world: { ...glibc, ...privileged({ mode: 0o2745 }) },
    findings: [],
  },
  {
    name: 'a program with capabilities needs $ORIGIN to find a library',
    world: { ...glibc, ...privileged({ capability: CAP_NET_RAW }) },
    findings: ['error SECURE_EXECUTION'],
  },
  {
    name: 'a program with capabilities is started by root',
    world: { ...glibc, ...privileged({ capability: CAP_NET_RAW }) },
    trace: { startedBy: { uid: 0, gid: 0, groups: [] } },
    findings: [],
  },
  {
    name: 'a set-user-ID program loses nothing',
    world: { ...glibc, '/app/main': { bytes: bytesOf(program()), mode: 0o4755 } },
    trace: { libraryPath: '/opt/lib' },
    findings: ['note SECURE_EXECUTION'],
  },
  {
    name: 'a needed name of a set-user-ID program has a token',
    world: {
      ...glibc,
      '/app/main': {
        bytes: bytesOf(program({ needed: ['$ORIGIN/liba.so'] })),
        mode: 0o4755,
      },
      '/app/liba.so': {},
    },
    findings: ['error LOADER_GIVES_UP', 'note SECURE_EXECUTION'],
    seen: '/app/main: error while loading shared libraries: $ORIGIN/liba.so: DST not allowed in SUID/SGID programs',
  },
  {
    name: 'musl ignores the whole list of a set-user-ID program',
    world: {
      ...muslSystem(),
      ...privileged({ mode: 0o4755 }, muslProgram({ needed: ['liba.so'], runpath: '$ORIGIN/lib' })),
    },
    findings: ['error SECURE_EXECUTION'],
    seen: 'Error loading shared library liba.so: No such file or directory (needed by /app/main)',
  },
  {
    name: 'the interpreter is a link to itself',
    world: { [GLIBC_INTERPRETER]: { link: GLIBC_INTERPRETER }, '/app/main': program() },
    findings: ['error INTERPRETER_MISSING'],
    seen: 'exec /app/main: too many levels of symbolic links',
  },
  {
    name: 'the interpreter is shorter than an ELF header',
    world: { [GLIBC_INTERPRETER]: 'text', '/app/main': program() },
    findings: ['error INTERPRETER_MISSING'],
    seen: 'exec /app/main: input/output error',
  },
  {
    name: 'the soname of a library lies outside of it',
    world: {
      ...glibc,
      '/app/main': program({ needed: ['liba.so'], rpath: '/r' }),
      '/r/liba.so': { soname: null, tags: [[c.DT_SONAME, 0x100000]] },
    },
    findings: ['warning SONAME_UNREADABLE'],
  },
  {
    name: 'PT_INTERP ends before its NUL',
    world: {
      ...glibc,
      // p_filesz of the second program header.
      '/app/main': program({ patch: [[64 + 56 + 32, GLIBC_INTERPRETER.length]] }),
    },
    findings: ['error PROGRAM_HEADERS_REFUSED'],
    seen: 'exec /app/main: exec format error',
  },
  {
    name: 'the interpreter is for another CPU',
    world: {
      [GLIBC_INTERPRETER]: { ...aarch64, soname: 'ld-linux-x86-64.so.2' },
      '/app/main': program(),
    },
    options: { platform: 'linux/amd64' },
    findings: ['error INTERPRETER_WRONG_TARGET'],
    seen: 'exec /app/main: accessing a corrupted shared library',
  },
  {
    name: 'the root is for another CPU: its shell tells',
    world: {
      ...glibc,
      '/bin/sh': program(),
      '/app/main': { type: c.ET_EXEC, machine: c.EM_AARCH64 },
    },
    findings: ['error WRONG_CPU'],
    seen: 'exec /app/main: exec format error',
  },
  {
    name: '--platform tells against the root',
    world: { ...glibc, '/app/main': program() },
    options: { platform: 'linux/arm64' },
    findings: ['error WRONG_CPU'],
  },
  {
    name: 'a 64-bit kernel starts 32-bit programs',
    world: { '/bin/sh': program(), '/app/main': { type: c.ET_EXEC, class: 32 } },
    findings: [],
  },
  {
    name: 'a static 64-bit program in a root of 32-bit programs, whose kernel may be a 64-bit one',
    world: { '/bin/sh': { type: c.ET_EXEC, class: 32 }, '/app/main': { type: c.ET_EXEC } },
    findings: ['warning WRONG_CPU'],
  },
  {
    name: 'the same, for a 32-bit kernel',
    world: { '/app/main': { type: c.ET_EXEC } },
    options: { platform: 'linux/386' },
    findings: ['error WRONG_CPU'],
  },
  {
    name: 'a library is missing for glibc',
    world: { ...glibc, '/app/main': program({ needed: ['libgone.so.1'] }) },
    findings: ['error LIBRARY_NOT_FOUND'],
    seen: '/app/main: error while loading shared libraries: libgone.so.1: cannot open shared object file: No such file or directory',
  },
  {
    name: 'a library is missing for musl',
    world: { ...muslSystem(), '/app/main': muslProgram({ needed: ['libgone.so.1'] }) },
    findings: ['error LIBRARY_NOT_FOUND'],
    seen: 'Error loading shared library libgone.so.1: No such file or directory (needed by /app/main)',
  },
  {
    name: 'a library was copied by its file name, not by its soname',
    world: {
      ...glibc,
      '/usr/lib/libm-2.28.so': { soname: 'libm.so.6' },
      '/app/main': program({ needed: ['libm.so.6'] }),
    },
    findings: ['error LIBRARY_NOT_FOUND'],
    says: 'ln -s libm-2.28.so /usr/lib/libm.so.6',
  },
  {
    name: 'a library stands where only the cache would lead',
    world: {
      ...glibc,
      '/etc/ld.so.conf': '/opt/own\n',
      '/opt/own/libown.so.1': {},
      '/app/main': program({ needed: ['libown.so.1'] }),
    },
    findings: ['error LIBRARY_NOT_FOUND'],
    says: 'run ldconfig in the root',
  },
  {
    name: 'a library stands where nobody looks',
    world: {
      ...glibc,
      '/usr/local/lib/libown.so.1': {},
      '/app/main': program({ needed: ['libown.so.1'] }),
    },
    findings: ['error LIBRARY_NOT_FOUND'],
    says: 'LD_LIBRARY_PATH=/usr/local/lib',
  },
  {
    name: '$ORIGIN leads elsewhere since the program was moved',
    world: {
      ...glibc,
      '/opt/java/lib/libjli.so': {},
      '/app/main': program({ needed: ['libjli.so'], runpath: '$ORIGIN/../lib' }),
    },
    findings: ['error LIBRARY_NOT_FOUND'],
    says: '$ORIGIN, which is /app here',
  },
  {
    name: '$ORIGIN is not moved where it leads to another library',
    world: {
      ...glibc,
      '/app/liba.so': {},
      '/app/main': program({ needed: ['liba.so', 'libb.so'], runpath: '$ORIGIN' }),
    },
    findings: ['error LIBRARY_NOT_FOUND'],
    says: 'copy the file to /lib/x86_64-linux-gnu/libb.so',
  },
  {
    name: 'a library is a link to nothing',
    world: {
      ...glibc,
      '/app/libb.so': { link: 'libb.so.1.2' },
      '/app/main': program({ needed: ['libb.so'], runpath: '$ORIGIN' }),
    },
    findings: ['error LIBRARY_NOT_FOUND'],
    says: '/app/libb.so is a link to libb.so.1.2, and /app/libb.so.1.2 is not there',
  },
  {
    name: 'a needed name with a slash is looked up nowhere',
    world: {
      ...glibc,
      '/app/libb.so': {},
      '/app/main': program({ needed: ['./libb.so'] }),
    },
    findings: ['error LIBRARY_NOT_FOUND'],
    says: 'start the program in /app (--workdir /app; in a Dockerfile WORKDIR), or: patchelf --replace-needed ./libb.so libb.so /app/main',
  },
  {
    name: 'and found from the working directory',
    world: {
      ...glibc,
      '/app/libb.so': {},
      '/app/main': program({ needed: ['./libb.so'] }),
    },
    trace: { cwd: '/app' },
    findings: [],
  },
  {
    name: "musl's libc has no package of its own name",
    world: { ...glibc, '/app/main': muslProgram({ needed: ['libc.so'] }) },
    findings: ['error LIBC_MISMATCH'],
    says: 'this root has only /lib64/ld-linux-x86-64.so.2 (glibc)',
  },
  {
    name: 'every loader of the root is named',
    world: {
      ...glibc,
      '/bin/sh': program(),
      [MUSL_INTERPRETER]: { muslLoader: true },
      '/app/main': program({ interpreter: '/opt/ld-linux-x86-64.so.2' }),
    },
    findings: ['error INTERPRETER_MISSING'],
    says: `this root has ${GLIBC_INTERPRETER} (glibc) and ${MUSL_INTERPRETER} (musl)`,
  },
  {
    name: "a root that has only uClibc's loader",
    world: { '/lib/ld64-uClibc.so.1': {}, '/app/main': program() },
    findings: ['error LIBC_MISMATCH'],
    says: 'this root has only /lib/ld64-uClibc.so.1 (uclibc)',
  },
  {
    name: "uClibc's loader by the name that programs ask for, not by that of its release",
    world: {
      '/lib/ld64-uClibc-1.0.35.so': { soname: 'ld64-uClibc.so.1' },
      '/lib/ld64-uClibc.so.1': { link: 'ld64-uClibc-1.0.35.so' },
      '/app/main': program(),
    },
    findings: ['error LIBC_MISMATCH'],
    says: 'this root has only /lib/ld64-uClibc.so.1 (uclibc)',
  },
  {
    name: "a root that has only FreeBSD's loader",
    world: { '/libexec/ld-elf.so.1': {}, '/app/main': program() },
    findings: ['error LIBC_MISMATCH'],
    says: 'this root has only /libexec/ld-elf.so.1 (freebsd)',
  },
  {
    name: "a root that has musl's loader below /usr",
    world: { '/usr/lib/ld-musl-x86_64.so.1': { muslLoader: true }, '/app/main': program() },
    findings: ['error LIBC_MISMATCH'],
    says: 'this root has only /usr/lib/ld-musl-x86_64.so.1 (musl)',
  },
  {
    name: 'a loader of two paths is one loader',
    world: {
      '/usr/lib/ld-musl-x86_64.so.1': { muslLoader: true },
      '/lib': { link: 'usr/lib' },
      '/app/main': program(),
    },
    findings: ['error LIBC_MISMATCH'],
    says: `this root has only ${MUSL_INTERPRETER} (musl)`,
  },
  {
    name: "musl's loader under glibc's name is musl's",
    world: {
      ...muslSystem(),
      '/lib/ld-linux-x86-64.so.2': { link: 'ld-musl-x86_64.so.1' },
      '/app/main': program(),
    },
    findings: ['error LIBC_MISMATCH'],
    says: `this root has only ${MUSL_INTERPRETER} (musl)`,
  },
  {
    name: 'levels of x86-64 for a program of another CPU',
    world: { '/app/main': { type: c.ET_EXEC, machine: c.EM_AARCH64, dynamic: false } },
    options: { cpu: 'x86-64-v2' },
    findings: ['note CPU_LEVEL'],
    says: '--cpu',
  },
  {
    name: 'a library is for another class',
    world: {
      ...glibc,
      '/usr/lib/libold.so.1': { class: 32 },
      '/app/main': program({ needed: ['libold.so.1'] }),
    },
    findings: ['error LIBRARY_WRONG_TARGET'],
    seen: '/app/main: error while loading shared libraries: libold.so.1: wrong ELF class: ELFCLASS32',
  },
  {
    name: 'a text file stands in the place of a library',
    world: {
      ...glibc,
      '/usr/lib/libtext.so': `/* GNU ld script */ GROUP ( ${'x'.repeat(80)} )`,
      '/app/main': program({ needed: ['libtext.so'] }),
    },
    findings: ['error LOADER_GIVES_UP'],
    seen: '/app/main: error while loading shared libraries: /usr/lib/libtext.so: invalid ELF header',
  },
  {
    name: 'a loader that gives up comes to no versions',
    world: {
      ...glibc,
      '/usr/lib/libempty.so': '',
      '/app/main': program({
        needed: ['libempty.so'],
        symbols: {
          list: [],
          needs: [{ file: 'libempty.so', versions: [{ name: 'V_1', index: 2 }] }],
        },
      }),
    },
    findings: ['error LOADER_GIVES_UP'],
    seen: '/app/main: error while loading shared libraries: /usr/lib/libempty.so: file too short',
  },
  {
    name: 'a library is cut off behind its headers',
    world: {
      ...glibc,
      '/usr/lib/libcut.so': { truncate: 0x140 },
      '/app/main': program({ needed: ['libcut.so'] }),
    },
    findings: ['error FILE_TRUNCATED'],
    seen: 'Bus error (core dumped)',
  },
  {
    name: "musl's loader maps it as well",
    world: {
      ...muslSystem(),
      '/usr/lib/libcut.so': { truncate: 0x140 },
      '/app/main': muslProgram({ needed: ['libcut.so'] }),
    },
    findings: ['error FILE_TRUNCATED'],
    seen: 'Bus error (core dumped)',
  },
  {
    name: "a driver's library comes from the host",
    world: { ...glibc, '/app/main': program({ needed: ['libcuda.so.1'] }) },
    findings: ['error HOST_PROVIDED'],
    says: '--gpus all',
  },
  {
    name: 'a glibc program in a musl root',
    world: { ...muslSystem(), '/bin/sh': muslProgram(), '/app/main': program() },
    findings: ['error LIBC_MISMATCH'],
    says: MUSL_INTERPRETER,
  },
  {
    name: 'a musl program in a glibc root',
    world: { ...glibc, '/bin/sh': program(), '/app/main': muslProgram() },
    findings: ['error LIBC_MISMATCH'],
  },
  {
    name: 'a library built for glibc in a process of musl',
    world: {
      ...muslSystem(),
      '/lib/libnode.so': { needed: ['libc.so.6', 'ld-linux-x86-64.so.2'] },
      '/app/main': muslProgram({ needed: ['libnode.so'] }),
    },
    findings: ['error LIBRARY_NOT_FOUND', 'warning LIBC_MISMATCH'],
    seen: 'Error loading shared library ld-linux-x86-64.so.2: No such file or directory (needed by /lib/libnode.so)',
  },
  {
    name: 'an audit module is not there',
    world: { ...glibc, '/app/main': program({ audit: '/opt/libau.so' }) },
    findings: ['warning AUDIT_IGNORED'],
    seen: "ERROR: ld.so: object '/opt/libau.so' cannot be loaded as audit interface: cannot open shared object file; ignored.",
    says: 'link /app/main without --audit and --depaudit',
  },
  {
    name: 'a library of an audit module is not there',
    world: {
      ...glibc,
      '/app/main': program({ depaudit: '/opt/libau.so' }),
      '/opt/libau.so': {
        needed: ['libgone.so'],
        symbols: { list: [{ name: 'la_version', section: 1 }] },
      },
    },
    findings: ['warning AUDIT_IGNORED'],
    seen: "ERROR: ld.so: object '/opt/libau.so' cannot be loaded as audit interface: cannot open shared object file; ignored.",
    says: 'copy libgone.so into the root',
  },
  {
    name: 'an audit module does not define la_version',
    world: { ...glibc, '/app/main': program(), '/opt/libau.so': {} },
    trace: { audit: '/opt/libau.so' },
    findings: ['warning AUDIT_IGNORED'],
    seen: "ERROR: ld.so: object '/opt/libau.so' cannot be loaded as audit interface: undefined symbol: la_version; ignored.",
    says: 'take /opt/libau.so out of LD_AUDIT',
  },
  {
    name: 'an audit module is there',
    world: {
      ...glibc,
      '/app/main': program({ audit: '/opt/libau.so' }),
      '/opt/libau.so': { symbols: { list: [{ name: 'la_version', section: 1 }] } },
    },
    findings: [],
  },
  {
    name: 'releases before 2.32 know no DT_AUDIT',
    world: {
      ...glibcSystem(31),
      '/lib/x86_64-linux-gnu/libc.so.6': {},
      '/app/main': program({ audit: '/opt/libau.so' }),
    },
    findings: [],
  },
  {
    name: 'a preload is not there',
    world: { ...glibc, '/app/main': program() },
    trace: { preload: '/usr/lib/libjemalloc.so.2' },
    findings: ['warning PRELOAD_IGNORED'],
    seen: "ERROR: ld.so: object '/usr/lib/libjemalloc.so.2' from LD_PRELOAD cannot be preloaded (cannot open shared object file): ignored.",
  },
  {
    name: 'no execute bit',
    world: { '/app/main': { bytes: new TextEncoder().encode('#!/app/main\n'), mode: 0o644 } },
    findings: [
      'error NOT_EXECUTABLE',
      'error SCRIPT_INTERPRETER_NOT_EXECUTABLE',
      'error SCRIPT_INTERPRETER_FAILS',
    ],
    seen: 'exec /app/main: permission denied',
  },
  {
    name: 'the interpreter of a script is missing',
    world: { '/app/main': '#!/bin/bash\n' },
    findings: ['error SCRIPT_INTERPRETER_MISSING'],
    seen: 'exec /app/main: no such file or directory',
  },
  {
    name: 'a script with the line ends of another system',
    world: { ...glibc, '/bin/sh': program(), '/app/main': '#!/bin/sh\r\necho\r\n' },
    findings: ['error SCRIPT_CRLF'],
    seen: 'exec /app/main: no such file or directory',
  },
  {
    name: 'env finds no interpreter',
    world: { ...glibc, '/usr/bin/env': program(), '/app/main': '#!/usr/bin/env python3\n' },
    findings: ['error SCRIPT_PROGRAM_MISSING'],
    seen: "/usr/bin/env: 'python3': No such file or directory",
  },
  {
    name: 'env and the line ends of another system',
    world: {
      ...glibc,
      '/usr/bin/env': program(),
      '/usr/bin/bash': program(),
      '/app/main': '#!/usr/bin/env bash\r\n',
    },
    findings: ['error SCRIPT_CRLF'],
    seen: "/usr/bin/env: 'bash\\r': No such file or directory",
  },
  {
    name: 'a first line that the kernel cuts off',
    world: { ...glibc, '/bin/sh': program(), '/app/main': `#!/bin/sh ${'x'.repeat(300)}\n` },
    findings: ['warning SHEBANG_TOO_LONG'],
  },
  {
    name: 'an interpreter path that the kernel cuts off',
    world: { '/app/main': `#!/${'x'.repeat(300)}\n` },
    findings: ['error SHEBANG_TOO_LONG', 'error SCRIPT_INTERPRETER_MISSING'],
    seen: 'exec /app/main: exec format error',
  },
  {
    name: 'five scripts in a row',
    world: {
      '/app/main': '#!/s1\n',
      '/s1': '#!/s2\n',
      '/s2': '#!/s3\n',
      '/s3': '#!/s4\n',
      '/s4': '#!/static\n',
      '/static': { type: c.ET_EXEC },
    },
    findings: [],
  },
  {
    name: 'six scripts in a row',
    world: {
      '/app/main': '#!/s1\n',
      '/s1': '#!/s2\n',
      '/s2': '#!/s3\n',
      '/s3': '#!/s4\n',
      '/s4': '#!/s5\n',
      '/s5': '#!/static\n',
      '/static': { type: c.ET_EXEC },
    },
    findings: ['error SCRIPT_TOO_DEEP'],
    seen: 'exec /app/main: too many levels of symbolic links',
  },
  {
    name: 'six scripts in a row, by relative paths',
    world: {
      '/app/main': '#!s1\n',
      '/s1': '#!s2\n',
      '/s2': '#!s3\n',
      '/s3': '#!s4\n',
      '/s4': '#!s5\n',
      '/s5': '#!static\n',
      '/static': { type: c.ET_EXEC },
    },
    findings: ['error SCRIPT_TOO_DEEP'],
    seen: 'exec /app/main: too many levels of symbolic links',
  },
  {
    name: 'a relative interpreter that does not run',
    world: { '/app/main': '#!bin/run\n', '/bin/run': program() },
    findings: ['error SCRIPT_INTERPRETER_FAILS'],
  },
  {
    name: 'a script of a script whose interpreter is missing',
    world: { '/app/main': '#!/s1\n', '/s1': '#!/none\n' },
    findings: ['error SCRIPT_INTERPRETER_FAILS'],
  },
  {
    name: 'a script of a script whose interpreter does not run',
    world: { '/app/main': '#!/s1\n', '/s1': '#!/bin/sh\n', '/bin/sh': program() },
    findings: ['error SCRIPT_INTERPRETER_FAILS'],
  },
  {
    name: 'a script whose interpreter does not run',
    world: { '/bin/sh': program(), '/app/main': '#!/bin/sh\n' },
    findings: ['error SCRIPT_INTERPRETER_FAILS'],
  },
  {
    name: 'a script whose program, found by env, does not start',
    world: {
      ...glibc,
      '/usr/bin/env': { type: c.ET_EXEC, data: encode('\0GNU coreutils\x008.32\0split-string\0') },
      '/usr/bin/python3': program({ needed: ['libgone.so'] }),
      '/app/main': '#!/usr/bin/env python3\n',
    },
    findings: ['error SCRIPT_INTERPRETER_FAILS'],
    seen: 'python3: error while loading shared libraries: libgone.so: cannot open shared object file: No such file or directory',
  },
  {
    name: 'a program that env finds, and whose interpreter is missing',
    world: {
      '/usr/bin/env': { type: c.ET_EXEC, data: encode('\0GNU coreutils\x009.7\0split-string\0') },
      '/usr/bin/python3': program(),
      '/app/main': '#!/usr/bin/env -S python3 -u\n',
    },
    findings: ['error SCRIPT_INTERPRETER_FAILS'],
    seen: "env: 'python3': No such file or directory",
  },
  ...envRows,
  {
    name: 'an object file is no program',
    world: { '/app/main': { type: c.ET_REL } },
    findings: ['error NOT_A_PROGRAM'],
    seen: 'exec /app/main: exec format error',
  },
  {
    name: 'for newer CPUs than the platform has at least',
    world: { ...glibc, '/app/main': v3Program },
    findings: ['warning CPU_LEVEL'],
    seen: '/app/main: CPU ISA level is lower than required',
  },
  {
    name: 'for a newer CPU than the one to run on',
    world: { ...glibc, '/app/main': v3Program },
    options: { cpu: 'x86-64-v2' },
    findings: ['error CPU_LEVEL'],
  },
  {
    name: 'for just the CPU to run on',
    world: { ...glibc, '/app/main': v3Program },
    options: { cpu: 'x86-64-v3' },
    findings: [],
  },
  {
    name: "the library's variant for newer CPUs was taken",
    world: {
      ...glibc,
      '/usr/lib/glibc-hwcaps/x86-64-v3/libfast.so.1': {},
      '/app/main': program({ needed: ['libfast.so.1'] }),
    },
    trace: { hwcaps: 'x86-64-v3' },
    findings: ['warning CPU_LEVEL'],
    seen: 'Illegal instruction (core dumped)',
  },
  {
    name: 'a static program for a newer kernel',
    world: {
      '/app/main': {
        type: c.ET_EXEC,
        dynamic: false,
        abiTag: [0, 3, 2, 0],
        data: new TextEncoder().encode('FATAL: kernel too old\n'),
      },
    },
    options: { kernel: '2.6.32-754.el6' },
    findings: ['error KERNEL_TOO_OLD'],
    seen: 'FATAL: kernel too old',
  },
  {
    name: 'for a newer kernel, which nobody looks at when it starts',
    world: { '/app/main': { type: c.ET_EXEC, dynamic: false, abiTag: [0, 3, 2, 0] } },
    options: { kernel: '2.6.32' },
    findings: ['warning KERNEL_TOO_OLD'],
  },
  {
    name: 'a kernel that is just new enough',
    world: { '/app/main': { type: c.ET_EXEC, dynamic: false, abiTag: [0, 3, 2, 0] } },
    options: { kernel: '3.2' },
    findings: [],
  },
  {
    name: 'code is written to while it is relocated',
    world: { ...glibc, '/app/main': program({ dynamicFlags: c.DF_TEXTREL }) },
    findings: ['warning TEXT_RELOCATIONS'],
  },
  {
    name: 'the loader is of another release than libc',
    world: {
      ...glibc,
      '/lib/x86_64-linux-gnu/libc.so.6': { data: banner('2.31') },
      '/app/main': program({ needed: ['libc.so.6'] }),
    },
    findings: ['error LOADER_LIBC_MISMATCH'],
  },
  {
    name: 'the loader is of the release of libc',
    world: {
      ...glibc,
      '/lib/x86_64-linux-gnu/libc.so.6': { data: banner('2.36') },
      '/app/main': program({ needed: ['libc.so.6'] }),
    },
    findings: [],
  },
  {
    name: "glibc's name for the loader leads to musl's",
    world: {
      ...muslSystem(),
      [GLIBC_INTERPRETER]: { link: MUSL_INTERPRETER },
      '/bin/sh': muslProgram(),
      '/app/main': program({ needed: ['libc.so.6'] }),
    },
    findings: ['warning LIBC_MISMATCH'],
  },
];

describe('checkTrace', () => {
  it.each(rows)('$name', ({ world, options, trace, findings, seen, says }) => {
    const traced = traceWorld(world, undefined, trace);
    const [checked] = checkTrace(traced, options);
    // The files of these worlds have no symbols; those have tests of their own.
    const found = (checked?.findings ?? []).filter(({ code }) => code !== 'NEED_UNUSED');
    expect(found.map(({ severity, code }) => `${severity} ${code}`)).toEqual(findings);
    if (seen !== undefined) expect(found[0]?.seen?.split('\n')).toContain(seen);
    if (says !== undefined) expect(`${found[0]?.cause}\n${found[0]?.remedy}`).toContain(says);
    for (const finding of found) {
      const isKernels = finding.severity === 'error' && /^exec /.test(finding.seen ?? '');
      expect(finding.refusedByKernel === true).toBe(isKernels);
      const rule = findingRules.find(({ code }) => code === finding.code);
      expect(rule?.levels).toContain(finding.severity);
    }
    const severities = new Set(found.map(({ severity }) => severity));
    const verdict = severities.has('error')
      ? 'fails'
      : severities.has('warning')
        ? 'warns'
        : 'runs';
    expect(checked?.verdict).toBe(verdict);
  });

  it("says of musl's libc that musl has it", () => {
    const world = { ...glibc, '/app/main': program({ needed: ['libc.musl-x86_64.so.1'] }) };
    const findings = checkTrace(traceWorld(world))[0]?.findings ?? [];
    const missing = findings.find(({ code }) => code === 'LIBRARY_NOT_FOUND');
    expect(missing?.remedy).toMatch(/^install musl in the root/);
  });

  it('one cause is one finding: what follows from another C library is told with it', () => {
    const world = {
      ...muslSystem(),
      '/app/main': program({ needed: ['libgone.so', 'libc.so.6'] }),
    };
    const findings = checkTrace(traceWorld(world))[0]?.findings ?? [];
    expect(findings.map(({ code }) => code)).toEqual(['LIBC_MISMATCH']);
    expect(findings[0]?.consequences).toEqual([
      `${GLIBC_INTERPRETER}: not found, it is the interpreter of /app/main`,
      'libgone.so and libc.so.6: not found, needed by /app/main',
    ]);
    expect(findings[0]?.seen?.split('\n')).toContain(
      '/app/main: cannot execute: required file not found',
    );
  });

  it('a library that nobody may read is an error of its own, and no cause is made up', () => {
    const inner = memoryRoot(
      memoryWorld({
        ...glibc,
        '/app/d/libb.so': {},
        '/app/main': program({ needed: ['libb.so'], runpath: '$ORIGIN/d' }),
      }),
    );
    const lstat: Root['lstat'] = (path) => {
      if (path === '/app/d/libb.so') throw Object.assign(new Error('no'), { code: 'EACCES' });
      return inner.lstat(path);
    };
    const root: Root = new Proxy(inner, {
      get: (target, key) => {
        if (key === 'lstat') return lstat;
        const value = Reflect.get(target, key, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const trace = traceDependencies(root, ['/app/main']);
    expect(trace.errors.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'FILE_UNREADABLE /app/d/libb.so: permission denied',
    ]);
    const missing = checkTrace(trace)[0]?.findings.find(({ code }) => code === 'LIBRARY_NOT_FOUND');
    expect(missing?.cause).toBe('elfdeps may not read /app/d/libb.so: permission denied');
    expect(missing?.seen).toMatch(/No such file or directory$/);
  });

  it('a platform that nobody knows is a usage error', () => {
    expect(() => checkTrace(traceWorld({ '/app/main': program() }), { platform: 'vax' })).toThrow(
      /unknown platform 'vax'/,
    );
  });

  it.each([{ cpu: 'x86-64-v9' }, { kernel: 'new' }, { kernel: '5' }])(
    '%j is a usage error',
    (options) => {
      expect(() => checkTrace(traceWorld(glibc, '/lib64/ld-linux-x86-64.so.2'), options)).toThrow(
        UsageError,
      );
    },
  );
});
