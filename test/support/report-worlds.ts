/**
 * The worlds whose every report is kept as a golden file: one for each thing that a reader may meet.
 * Each is a small file system, what the user named in it, and the options of the run.
 */
import type { TraceOptions } from '../../src/closure/trace.js';
import * as c from '../../src/elf/constants.js';
import { buildElf, type ElfOptions, encode } from './elf-builder.js';
import {
  GLIBC_INTERPRETER,
  glibcSystem,
  MUSL_INTERPRETER,
  muslProgram,
  muslSystem,
  program,
  TRIPLET,
  type World,
  type WorldNode,
} from './world.js';

export interface ReportWorld {
  /** The golden files are NAME.FORMAT. */
  readonly name: string;
  readonly world: World;
  /** Absolute paths; what the user typed is in `names` where it differs. */
  readonly programs: readonly string[];
  readonly names?: Readonly<Record<string, string>>;
  readonly options?: TraceOptions;
}

const DEBIAN = `/usr/lib/${TRIPLET}`;

/** Debian after the /usr merge, with a libc and a cache that has the given libraries. */
function debian(
  libraries: Readonly<Record<string, WorldNode>> = {},
  { minor = 36 }: { readonly minor?: number } = {},
): World {
  const names = Object.keys(libraries).filter((path) => path.startsWith(`${DEBIAN}/`));
  const cached = [...names.map((path) => path.slice(DEBIAN.length + 1)), 'libc.so.6'];
  // A loader searches the cache by halves, so the order must be ldconfig's: descending.
  cached.sort().reverse();
  return {
    '/lib': { link: 'usr/lib' },
    '/lib64': { link: 'usr/lib64' },
    [`${DEBIAN}/ld-linux-x86-64.so.2`]: { glibcLoader: { minor } },
    '/usr/lib64/ld-linux-x86-64.so.2': { link: `../lib/${TRIPLET}/ld-linux-x86-64.so.2` },
    [`${DEBIAN}/libc.so.6`]: sized(1_922_136, {
      needed: ['ld-linux-x86-64.so.2'],
      soname: 'libc.so.6',
    }),
    ...libraries,
    '/etc/ld.so.cache': {
      cache: cached.map((name) => ({ name, path: `/lib/${TRIPLET}/${name}` })),
    },
  };
}

/** An ELF file with zeros behind it, so that reports have real sizes to show. */
function sized(size: number, options: ElfOptions): WorldNode {
  const bytes = new Uint8Array(size);
  bytes.set(buildElf(options));
  return bytes;
}

/** A static program: no dynamic section, no interpreter. */
const staticProgram = sized(879_104, { type: c.ET_EXEC, dynamic: false });

/** s390x: big-endian, with a loader and a search path of its own. */
const s390x = { machine: c.EM_S390, endian: 'big' } as const;

export const reportWorlds: readonly ReportWorld[] = [
  {
    name: 'library-without-needs',
    world: debian({ '/opt/libalone.so': {} }),
    programs: ['/opt/libalone.so'],
  },
  {
    name: 'needs-at-run-time',
    world: {
      ...debian(),
      '/etc/passwd': encode('root:x:0:0:root:/root:/bin/sh\n'),
      '/etc/group': encode('root:x:0:\n'),
      '/usr/bin/who': program({
        needed: ['libc.so.6'],
        symbols: { list: ['getpwnam', 'setlocale', 'iconv_open'].map((name) => ({ name })) },
      }),
    },
    programs: ['/usr/bin/who'],
  },
  {
    name: 'glibc-complete',
    world: {
      ...debian({
        [`${DEBIAN}/libpcre2-8.so.0.11.2`]: sized(625_344, {
          needed: ['libc.so.6'],
          soname: 'libpcre2-8.so.0',
        }),
        [`${DEBIAN}/libpcre2-8.so.0`]: { link: 'libpcre2-8.so.0.11.2' },
        [`${DEBIAN}/libselinux.so.1`]: { needed: ['libpcre2-8.so.0', 'libc.so.6'] },
      }),
      '/usr/bin/ls': program({ needed: ['libselinux.so.1', 'libc.so.6'] }),
    },
    programs: ['/usr/bin/ls'],
  },
  {
    name: 'glibc-2.41',
    world: {
      ...debian({}, { minor: 41 }),
      '/usr/bin/true': program({ needed: ['libc.so.6'] }),
    },
    programs: ['/usr/bin/true'],
  },
  { name: 'static', world: { '/app/main': staticProgram }, programs: ['/app/main'] },
  {
    name: 'static-pie',
    world: { '/app/main': { soname: null, flags1: c.DF_1_PIE } },
    programs: ['/app/main'],
    names: { '/app/main': './main' },
  },
  {
    name: 'musl',
    world: {
      ...muslSystem(),
      '/etc/ld-musl-x86_64.path': '/lib:/usr/lib:/opt/lib\n',
      '/opt/lib/libz.so.1.3.1': { soname: 'libz.so.1', needed: ['libc.musl-x86_64.so.1'] },
      '/opt/lib/libz.so.1': { link: 'libz.so.1.3.1' },
      '/usr/bin/app': muslProgram({ needed: ['libz.so.1', 'libc.musl-x86_64.so.1'] }),
    },
    programs: ['/usr/bin/app'],
  },
  {
    name: 'musl-missing',
    world: {
      ...muslSystem(),
      '/usr/lib/liba.so': { needed: ['libgone.so.2'] },
      '/usr/bin/app': muslProgram({ needed: ['liba.so', 'libgone.so.2', 'libc.so'] }),
    },
    programs: ['/usr/bin/app'],
  },
  {
    name: 'missing-libraries',
    world: {
      ...debian(),
      '/opt/app/lib/libui.so.1': { needed: ['libssl.so.3', 'libc.so.6'] },
      '/vendor/libssl.so.3': { class: 32, needed: [] },
      '/usr/local/lib/libssl.so.3': { machine: c.EM_AARCH64, needed: [] },
      '/opt/app/bin/server': program({
        runpath: '$ORIGIN/../lib:/usr/local/lib',
        needed: ['libui.so.1', 'libssl.so.3', '/opt/none/libx.so', 'libc.so.6'],
      }),
    },
    programs: ['/opt/app/bin/server'],
    options: { libraryPath: '/vendor:/vendor/lib' },
  },
  {
    name: 'missing-interpreter',
    world: { '/app/main': program({ needed: ['libc.so.6'] }) },
    programs: ['/app/main'],
  },
  {
    name: 'two-names',
    world: {
      ...debian({
        [`${DEBIAN}/libz.so.1.3.1`]: { soname: 'libz.so.1' },
        [`${DEBIAN}/libz.so.1`]: { link: 'libz.so.1.3.1' },
        [`${DEBIAN}/libz.so`]: { link: 'libz.so.1' },
      }),
      '/usr/bin/app': program({ needed: ['libz.so', 'libz.so.1', 'libc.so.6'] }),
    },
    programs: ['/usr/bin/app'],
  },
  {
    name: 'loaded-soname',
    world: {
      ...debian(),
      '/opt/x/libreal-name.so': { soname: 'libshort.so.1' },
      '/opt/x/libuser.so': { needed: ['libshort.so.1', 'libc.so.6'] },
      '/opt/x/main': program({
        runpath: '$ORIGIN',
        needed: ['/opt/x/libreal-name.so', 'libuser.so', 'libc.so.6'],
      }),
    },
    programs: ['/opt/x/main'],
  },
  {
    name: 'rpath-chain',
    world: {
      ...debian(),
      '/opt/app/lib/liba.so': { needed: ['libb.so'], rpath: '$ORIGIN/deep' },
      '/opt/app/lib/deep/libb.so': { needed: ['libc-of-app.so', 'libd.so'] },
      '/opt/app/lib/libc-of-app.so': {},
      '/opt/app/lib/deep/libd.so': {},
      '/opt/app/bin/app': program({ rpath: '$ORIGIN/../lib', needed: ['liba.so', 'libc.so.6'] }),
    },
    programs: ['/opt/app/bin/app'],
  },
  {
    name: 'two-programs',
    world: {
      ...debian({ [`${DEBIAN}/libshared.so.1`]: sized(120_000, { soname: 'libshared.so.1' }) }),
      '/usr/bin/one': program({ needed: ['libshared.so.1', 'libc.so.6'] }),
      '/usr/bin/two': program({ needed: ['libshared.so.1', 'libgone.so.1', 'libc.so.6'] }),
      '/usr/bin/notes.txt': 'not a program\n',
    },
    programs: ['/usr/bin/one', '/usr/bin/notes.txt', '/usr/bin/two'],
    names: { '/usr/bin/one': 'bin/one', '/usr/bin/two': 'bin/two' },
  },
  {
    name: 'foreign-cpu',
    world: {
      '/lib/ld64.so.1': {
        glibcLoader: {
          minor: 36,
          directories: ['/lib/s390x-linux-gnu', '/usr/lib/s390x-linux-gnu', '/lib', '/usr/lib'],
          lib: 'lib/s390x-linux-gnu',
          elf: { ...s390x, soname: 'ld64.so.1' },
        },
      },
      '/lib/s390x-linux-gnu/libc.so.6': { ...s390x, needed: ['ld64.so.1'] },
      '/usr/lib/s390x-linux-gnu/libz.so.1': { needed: [] },
      '/usr/bin/app': {
        ...s390x,
        type: c.ET_EXEC,
        interpreter: '/lib/ld64.so.1',
        needed: ['libz.so.1', 'libc.so.6'],
      },
    },
    programs: ['/usr/bin/app'],
  },
  {
    name: 'preloads',
    world: {
      ...debian({ [`${DEBIAN}/libjemalloc.so.2`]: { needed: ['libc.so.6'] } }),
      '/etc/ld.so.preload': '/opt/trace/libtrace.so\n',
      '/usr/bin/app': program({ needed: ['libc.so.6'] }),
    },
    programs: ['/usr/bin/app'],
    options: { preload: 'libjemalloc.so.2:/gone/libhook.so' },
  },
  {
    name: 'script-with-env',
    world: {
      ...debian(),
      '/usr/bin/env': program({ needed: ['libc.so.6'] }),
      '/usr/bin/python3': program({ needed: ['libm.so.6', 'libc.so.6'] }),
      [`${DEBIAN}/libm.so.6`]: { needed: ['libc.so.6'] },
      '/srv/tool': '#!/usr/bin/env python3\nprint()\n',
    },
    programs: ['/srv/tool'],
    names: { '/srv/tool': './tool' },
  },
  {
    name: 'script-without-program',
    world: {
      '/usr/bin/env': staticProgram,
      '/srv/run': '#!/usr/bin/env -S node --flag\n',
      '/srv/bad': '#!/opt/none/bin/perl -w\n',
    },
    programs: ['/srv/run', '/srv/bad'],
  },
  {
    name: 'long-names',
    world: {
      ...debian(),
      '/opt/vendor/product-suite-2024.1-enterprise/runtime/lib/x86_64/libicudata-with-a-long-name.so.72':
        sized(3_120_000, { soname: 'libicudata-with-a-long-name.so.72' }),
      '/opt/vendor/product-suite-2024.1-enterprise/runtime/lib/x86_64/libz.so.1': {
        needed: ['libboost_filesystem-vc141-mt-gd-x64-1_81-and-more.so.1.81.0'],
      },
      '/opt/vendor/product-suite-2024.1-enterprise/runtime/bin/product-suite-daemon': program({
        rpath: '$ORIGIN/../lib/x86_64',
        needed: ['libicudata-with-a-long-name.so.72', 'libz.so.1', 'libc.so.6'],
      }),
    },
    programs: ['/opt/vendor/product-suite-2024.1-enterprise/runtime/bin/product-suite-daemon'],
  },
  {
    name: 'loader-gives-up',
    world: {
      ...debian({ [`${DEBIAN}/libbad.so.1`]: 'a linker script, or any other text that is long' }),
      '/usr/bin/app': program({ needed: ['libc.so.6', 'libbad.so.1'] }),
    },
    programs: ['/usr/bin/app'],
  },
  {
    name: 'nothing-loads-it',
    world: {
      '/b/unit.o': { type: c.ET_REL, dynamic: false },
      '/b/core.4711': { type: c.ET_CORE, dynamic: false },
      '/b/app.debug': { debugOnly: true, soname: null, interpreter: GLIBC_INTERPRETER },
    },
    programs: ['/b/unit.o', '/b/core.4711', '/b/app.debug'],
  },
  {
    name: 'library',
    world: {
      ...debian({ [`${DEBIAN}/libz.so.1`]: { needed: ['libc.so.6'] } }),
    },
    programs: [`${DEBIAN}/libz.so.1`],
  },
  {
    name: 'cache-missing',
    world: {
      ...glibcSystem(36),
      '/etc/ld.so.conf': '/opt/lib\n',
      '/opt/lib/libopt.so.1': {},
      '/app/main': program({ needed: ['libopt.so.1'] }),
    },
    programs: ['/app/main'],
  },
  {
    name: 'only-errors',
    world: { '/a/text': 'hello\n', '/a/empty': '', '/a/short': encode('\x7fELF\x02\x01\x01') },
    programs: ['/a/text', '/a/empty', '/a/short', '/a/none'],
  },
  {
    name: 'nothing-needed',
    world: {
      [MUSL_INTERPRETER]: { muslLoader: true },
      ...glibcSystem(36),
      '/app/alone': program({ needed: [] }),
      '/app/alone-musl': muslProgram({ needed: [] }),
    },
    programs: ['/app/alone', '/app/alone-musl'],
  },
];
