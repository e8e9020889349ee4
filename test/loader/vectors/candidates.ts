/**
 * Test vectors of glibc: what happens to a file that was found but is not what it should be (skip it
 * or die), the system directories, and the subdirectories for CPUs. Rules: elf/dl-load.c
 * (open_path(), open_verify(), _dl_init_paths()) and elf/dl-hwcaps.c (_dl_important_hwcaps()).
 */
import * as c from '../../../src/elf/constants.js';
import { buildElf } from '../../support/elf-builder.js';
import { program, type Vector, type WorldNode } from '../../support/world.js';

const NEEDS_A = ['liba.so'];
const TEXT = 'this is a text that is longer than the header of any ELF file, so that it is read\n';
const LINKER_SCRIPT = '/* GNU ld script */ GROUP ( /lib/libc.so.6 )\n';
const LIB = '/lib/x86_64-linux-gnu';

const skipped: readonly [what: string, node: WorldNode][] = [
  ['another class', { class: 32 }],
  ['another machine', { machine: c.EM_AARCH64 }],
  ['the other byte order', { endian: 'big' }],
  ['another machine and OS', { machine: c.EM_AARCH64, osabi: 9 }],
  ['a dangling link', { link: '/nowhere' }],
  ['no read permission', { bytes: buildElf(), mode: 0o000, unreadable: true }],
];

const fatal: readonly [what: string, node: WorldNode, error: string][] = [
  ['text', TEXT, '/bad/liba.so: invalid ELF header'],
  ['a short linker script', LINKER_SCRIPT, '/bad/liba.so: file too short'],
  ['a longer linker script', LINKER_SCRIPT.repeat(2), '/bad/liba.so: invalid ELF header'],
  ['an empty file', '', '/bad/liba.so: file too short'],
  ['a directory', { directory: true }, '/bad/liba.so: cannot read file data: Error 21'],
  [
    'the other byte order of the same machine number',
    { patch: [[5, 2]] },
    '/bad/liba.so: ELF file data encoding not little-endian',
  ],
  ['another OS', { osabi: 9 }, '/bad/liba.so: ELF file OS ABI invalid'],
  ['an ABI version', { abiVersion: 1 }, '/bad/liba.so: ELF file ABI version invalid'],
  ['padding', { identPadding: 1 }, '/bad/liba.so: nonzero padding in e_ident'],
  [
    'another ident version',
    { identVersion: 2 },
    '/bad/liba.so: ELF file version ident does not match current one',
  ],
  ['another version', { version: 2 }, '/bad/liba.so: ELF file version does not match current one'],
  ['ET_REL', { type: c.ET_REL }, '/bad/liba.so: only ET_DYN and ET_EXEC can be loaded'],
  [
    'program headers of another size',
    { phentsize: 64 },
    "/bad/liba.so: ELF file's phentsize not the expected size",
  ],
  ['ET_EXEC', { type: c.ET_EXEC }, 'liba.so: cannot dynamically load executable'],
  [
    'a PIE',
    { flags1: c.DF_1_PIE },
    'liba.so: cannot dynamically load position-independent executable',
  ],
  ['debug data only', { debugOnly: true }, 'liba.so: object file has no dynamic section'],
  ['no dynamic section', { dynamic: false }, 'liba.so: object file has no dynamic section'],
];

export const candidates: readonly Vector[] = [
  ...skipped.map(
    ([what, node]): Vector => ({
      id: 'G37',
      rule: `a candidate with ${what} is passed over`,
      world: {
        '/app/main': program({ needed: NEEDS_A }),
        '/bad/liba.so': node,
        '/good/liba.so': {},
      },
      options: { libraryPath: '/bad:/good' },
      rows: ['liba.so => /good/liba.so'],
    }),
  ),
  ...fatal.map(
    ([what, node, error]): Vector => ({
      id: 'G38',
      rule: `a candidate that is ${what} ends everything`,
      world: {
        '/app/main': program({ needed: NEEDS_A }),
        '/bad/liba.so': node,
        '/good/liba.so': {},
      },
      options: { libraryPath: '/bad:/good' },
      rows: [`fatal: ${error}`],
    }),
  ),
  {
    id: 'G38',
    rule: "without Debian's patches the other byte order is fatal",
    tableOnly: "Debian's loaders have the patches",
    minors: [36, 41],
    world: {
      '/lib64/ld-linux-x86-64.so.2': {
        glibcLoader: { minor: 41, directories: ['/lib64', '/usr/lib64'], lib: 'lib64' },
      },
      '/app/main': program({ needed: NEEDS_A }),
      '/bad/liba.so': { endian: 'big' },
      '/good/liba.so': {},
    },
    options: { libraryPath: '/bad:/good' },
    rows: ['fatal: /bad/liba.so: ELF file data encoding not little-endian'],
  },
  {
    id: 'G38',
    rule: 'a foreign machine is passed over, but not a foreign file version',
    world: {
      '/app/main': program({ needed: NEEDS_A }),
      '/bad/liba.so': { machine: c.EM_AARCH64, version: 2 },
      '/good/liba.so': {},
    },
    options: { libraryPath: '/bad:/good' },
    rows: ['fatal: /bad/liba.so: ELF file version does not match current one'],
  },
  {
    id: 'G39',
    rule: 'a link loop ends its list, and the next stage goes on',
    world: {
      '/app/main': program({ needed: NEEDS_A, runpath: '/good' }),
      '/bad/liba.so': { link: 'liba.so' },
      '/second/liba.so': {},
      '/good/liba.so': {},
    },
    options: { libraryPath: '/bad:/second' },
    rows: ['liba.so => /good/liba.so'],
  },
  {
    id: 'G39',
    rule: 'a link loop ends its list, whatever is behind it in the list',
    world: {
      '/app/main': program({ needed: NEEDS_A }),
      '/bad/liba.so': { link: 'liba.so' },
      '/second/liba.so': {},
    },
    options: { libraryPath: '/bad:/second' },
    rows: ['liba.so => not found'],
  },
  {
    id: 'G40',
    rule: 'OS ABI 3 (GNU) with ABI version 1 is accepted',
    world: {
      '/app/main': program({ needed: NEEDS_A }),
      '/bad/liba.so': { osabi: 3, abiVersion: 1 },
    },
    options: { libraryPath: '/bad:/good' },
    rows: ['liba.so => /bad/liba.so'],
  },
  {
    id: 'G41',
    rule: 'a path of another class is not found',
    world: { '/app/main': program({ needed: ['/x/liba.so'] }), '/x/liba.so': { class: 32 } },
    rows: ['/x/liba.so => not found'],
  },
  {
    id: 'G42',
    rule: 'a PIE without the flag is as good as a library',
    world: {
      '/app/main': program({ needed: ['tool'], runpath: '/l' }),
      '/l/tool': { interpreter: '/lib64/ld-linux-x86-64.so.2' },
    },
    rows: ['tool => /l/tool'],
  },
  {
    id: 'G43',
    rule: 'DF_1_NODEFLIB: no system directories, nor what the cache has below them',
    world: {
      '/app/main': program({
        needed: ['liba.so', 'libb.so', 'libd.so'],
        flags1: c.DF_1_NODEFLIB,
      }),
      [`/usr${LIB}/liba.so`]: {},
      '/opt/libb.so': {},
      [`/usr${LIB}/foo/libd.so`]: {},
      '/etc/ld.so.cache': {
        cache: [
          { name: 'libd.so', path: `/usr${LIB}/foo/libd.so` },
          { name: 'libb.so', path: '/opt/libb.so' },
          { name: 'liba.so', path: `/usr${LIB}/liba.so` },
        ],
      },
    },
    rows: ['liba.so => not found', 'libb.so => /opt/libb.so', 'libd.so => not found'],
  },
  {
    id: 'G44',
    rule: 'DF_1_NODEFLIB of a program does not count for its libraries',
    world: {
      '/app/main': program({ needed: ['libr.so'], runpath: '/l', flags1: c.DF_1_NODEFLIB }),
      '/l/libr.so': { needed: NEEDS_A },
      [`${LIB}/liba.so`]: {},
    },
    rows: ['libr.so => /l/libr.so', `liba.so => ${LIB}/liba.so`],
  },
  {
    id: 'G45',
    rule: 'the system directories are searched without a cache',
    world: { '/app/main': program({ needed: NEEDS_A }), '/usr/lib/liba.so': {} },
    rows: ['liba.so => /usr/lib/liba.so'],
  },
  {
    id: 'G47',
    rule: '/usr/local/lib is no system directory',
    world: {
      '/app/main': program({ needed: NEEDS_A }),
      '/usr/local/lib/liba.so': {},
      '/etc/ld.so.conf': '/usr/local/lib\n',
    },
    rows: ['liba.so => not found'],
  },
  {
    id: 'G48',
    rule: 'up to 2.32: tls and platform directories only',
    minors: [31],
    world: hwcapsWorld([
      'glibc-hwcaps/x86-64-v2',
      'glibc-hwcaps/x86-64-v3',
      'glibc-hwcaps/x86-64-v4',
    ]),
    options: { hwcaps: 'x86-64-v3' },
    rows: ['liba.so => /l/tls/x86_64/liba.so'],
  },
  {
    id: 'G48',
    rule: 'from 2.33 on: the best glibc-hwcaps level of the CPU',
    minors: [36, 41, 43],
    world: hwcapsWorld([
      'glibc-hwcaps/x86-64-v2',
      'glibc-hwcaps/x86-64-v3',
      'glibc-hwcaps/x86-64-v4',
    ]),
    options: { hwcaps: 'x86-64-v3' },
    rows: ['liba.so => /l/glibc-hwcaps/x86-64-v3/liba.so'],
  },
  {
    id: 'G48',
    rule: 'up to 2.36: tls and platform directories where there is no level',
    minors: [31, 36],
    world: hwcapsWorld([]),
    rows: ['liba.so => /l/tls/x86_64/liba.so'],
  },
  {
    id: 'G48',
    rule: 'from 2.37 on: no tls and platform directories',
    minors: [41, 43],
    world: hwcapsWorld([]),
    rows: ['liba.so => /l/liba.so'],
  },
  {
    id: 'G49',
    rule: 'a text in a level directory is fatal',
    minors: [36, 41, 43],
    world: {
      '/app/main': program({ needed: NEEDS_A, runpath: '/l' }),
      '/l/glibc-hwcaps/x86-64-v3/liba.so': TEXT,
      '/l/liba.so': {},
    },
    options: { hwcaps: 'x86-64-v3' },
    rows: ['fatal: /l/glibc-hwcaps/x86-64-v3/liba.so: invalid ELF header'],
  },
  {
    id: 'G49',
    rule: 'another class in a level directory is passed over',
    world: {
      '/app/main': program({ needed: NEEDS_A, runpath: '/l' }),
      '/l/glibc-hwcaps/x86-64-v3/liba.so': { class: 32 },
      '/l/liba.so': {},
    },
    options: { hwcaps: 'x86-64-v3' },
    rows: ['liba.so => /l/liba.so'],
  },
  {
    id: 'G50',
    rule: 'a cached entry beats a level directory that is not in the cache',
    world: {
      '/app/main': program({ needed: NEEDS_A }),
      [`${LIB}/glibc-hwcaps/x86-64-v3/liba.so`]: {},
      [`${LIB}/liba.so`]: {},
      '/etc/ld.so.cache': { cache: [{ name: 'liba.so', path: `${LIB}/liba.so` }] },
    },
    options: { hwcaps: 'x86-64-v3' },
    rows: [`liba.so => ${LIB}/liba.so`],
  },
  {
    id: 'G50',
    rule: 'without a cache the level directory counts',
    minors: [36, 41, 43],
    world: {
      '/app/main': program({ needed: NEEDS_A }),
      [`${LIB}/glibc-hwcaps/x86-64-v3/liba.so`]: {},
      [`${LIB}/liba.so`]: {},
    },
    options: { hwcaps: 'x86-64-v3' },
    rows: [`liba.so => ${LIB}/glibc-hwcaps/x86-64-v3/liba.so`],
  },
];

function hwcapsWorld(levels: readonly string[]) {
  return {
    '/app/main': program({ needed: NEEDS_A, runpath: '/l' }),
    '/l/liba.so': {},
    ...Object.fromEntries(
      [...levels, 'tls', 'x86_64', 'tls/x86_64'].map((level) => [`/l/${level}/liba.so`, {}]),
    ),
  };
}
