/**
 * Test vectors of glibc: which of the search paths counts for whom, and which names are satisfied by
 * what is loaded already. Rules: elf/dl-load.c (_dl_map_object(),
 * _dl_name_match_p()).
 */
import { program, type Vector } from '../../support/world.js';

const LD_SO = '/lib64/ld-linux-x86-64.so.2';
const LD_SO_FILE = '/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2';

export const searchOrder: readonly Vector[] = [
  {
    id: 'G1',
    rule: "a program's RPATH serves the needs of its libraries too",
    world: {
      '/app/main': program({ needed: ['liba.so'], rpath: '/A:/B' }),
      '/A/liba.so': { needed: ['libb.so'] },
      '/B/libb.so': {},
    },
    rows: ['liba.so => /A/liba.so', 'libb.so => /B/libb.so'],
  },
  {
    id: 'G2',
    rule: 'a RUNPATH serves only its own object',
    world: {
      '/app/main': program({ needed: ['liba.so'], runpath: '/A:/B' }),
      '/A/liba.so': { needed: ['libb.so'] },
      '/B/libb.so': {},
    },
    rows: ['liba.so => /A/liba.so', 'libb.so => not found'],
  },
  {
    id: 'G3',
    rule: 'a RUNPATH, even of a library in between, disables the whole RPATH chain for its own needs',
    world: {
      '/app/main': program({ needed: ['liba.so'], rpath: '/A:/B' }),
      '/A/liba.so': { needed: ['libb.so'], runpath: '/nonexistent' },
      '/B/libb.so': {},
    },
    rows: ['liba.so => /A/liba.so', 'libb.so => not found'],
  },
  {
    id: 'G4',
    rule: 'the RPATH chain passes over an object with a RUNPATH and goes on',
    world: {
      '/app/main': program({ needed: ['liba.so'], rpath: '/A:/C' }),
      '/A/liba.so': { needed: ['libb.so'], runpath: '/B', rpath: '/X' },
      '/B/libb.so': { needed: ['libc1.so'] },
      '/C/libc1.so': {},
      '/X/libc1.so': {},
    },
    rows: ['liba.so => /A/liba.so', 'libb.so => /B/libb.so', 'libc1.so => /C/libc1.so'],
  },
  {
    id: 'G5',
    rule: 'RPATH comes before LD_LIBRARY_PATH',
    world: {
      '/app/main': program({ needed: ['liba.so'], rpath: '/R' }),
      '/R/liba.so': {},
      '/L/liba.so': {},
    },
    options: { libraryPath: '/L' },
    rows: ['liba.so => /R/liba.so'],
  },
  {
    id: 'G5',
    rule: 'LD_LIBRARY_PATH comes before RUNPATH',
    world: {
      '/app/main': program({ needed: ['liba.so'], runpath: '/R' }),
      '/R/liba.so': {},
      '/L/liba.so': {},
    },
    options: { libraryPath: '/L' },
    rows: ['liba.so => /L/liba.so'],
  },
  {
    id: 'G6',
    rule: 'an empty RUNPATH is no path, yet disables the RPATH',
    world: {
      '/app/main': program({ needed: ['liba.so'], rpath: '/A', runpath: '' }),
      '/A/liba.so': {},
    },
    rows: ['liba.so => not found'],
  },
  {
    id: 'G7',
    rule: 'of a repeated RPATH the last one counts (an empty one)',
    world: {
      '/app/main': program({ needed: ['liba.so'], rpath: ['/A', ''] }),
      '/A/liba.so': {},
    },
    rows: ['liba.so => not found'],
  },
  {
    id: 'G7',
    rule: 'of a repeated RPATH the last one counts (a directory)',
    world: {
      '/app/main': program({ needed: ['liba.so'], rpath: ['', '/A'] }),
      '/A/liba.so': {},
    },
    rows: ['liba.so => /A/liba.so'],
  },
  {
    id: 'G8',
    rule: 'the RPATH chain goes through the first object that requested a library',
    world: {
      '/app/main': program({ needed: ['liba.so', 'libb.so'], rpath: '/l' }),
      '/l/liba.so': { needed: ['libcc.so'], rpath: '/r1' },
      '/l/libb.so': { needed: ['libcc.so'], rpath: '/r2' },
      '/l/libcc.so': { needed: ['libd.so'] },
      '/r1/libd.so': {},
      '/r2/libd.so': {},
    },
    rows: [
      'liba.so => /l/liba.so',
      'libb.so => /l/libb.so',
      'libcc.so => /l/libcc.so',
      'libd.so => /r1/libd.so',
    ],
  },
  {
    id: 'G8',
    rule: 'the RPATH chain goes through the first requester, the other one when needs are swapped',
    world: {
      '/app/main': program({ needed: ['libb.so', 'liba.so'], rpath: '/l' }),
      '/l/liba.so': { needed: ['libcc.so'], rpath: '/r1' },
      '/l/libb.so': { needed: ['libcc.so'], rpath: '/r2' },
      '/l/libcc.so': { needed: ['libd.so'] },
      '/r1/libd.so': {},
      '/r2/libd.so': {},
    },
    rows: [
      'libb.so => /l/libb.so',
      'liba.so => /l/liba.so',
      'libcc.so => /l/libcc.so',
      'libd.so => /r2/libd.so',
    ],
  },
  {
    id: 'G9',
    rule: 'a name that was not found is searched again for the next requester',
    world: {
      '/app/main': program({ needed: ['libu.so', 'libv.so'], runpath: '/l' }),
      '/l/libu.so': { needed: ['libw.so'] },
      '/l/libv.so': { needed: ['libw.so'], runpath: '/p' },
      '/p/libw.so': {},
    },
    rows: [
      'libu.so => /l/libu.so',
      'libv.so => /l/libv.so',
      'libw.so => not found',
      'libw.so => /p/libw.so',
    ],
  },
  {
    id: 'G9',
    rule: 'a name that was found is not searched again',
    world: {
      '/app/main': program({ needed: ['libv.so', 'libu.so'], runpath: '/l' }),
      '/l/libu.so': { needed: ['libw.so'] },
      '/l/libv.so': { needed: ['libw.so'], runpath: '/p' },
      '/p/libw.so': {},
    },
    rows: ['libv.so => /l/libv.so', 'libu.so => /l/libu.so', 'libw.so => /p/libw.so'],
  },
  ...[
    ['libk.so', 'libw.so'],
    ['libw.so', 'libk.so'],
  ].map(
    (needed): Vector => ({
      id: 'G10',
      rule: `a loaded library satisfies a request that its own path would answer otherwise (${needed})`,
      world: {
        '/app/main': program({ needed, runpath: '/g' }),
        '/g/libk.so': {},
        '/g/libw.so': { needed: ['libk.so'], runpath: '/p' },
        '/p/libk.so': {},
      },
      rows: needed.map((name) => `${name} => /g/${name}`),
    }),
  ),
  {
    id: 'G11',
    rule: 'a SONAME satisfies a later request of that name, even with such a file on the path',
    world: {
      '/app/main': program({ needed: ['libq.so', 'libq.so.1'], runpath: '/l' }),
      '/l/libq.so': { soname: 'libq.so.1' },
      '/l/libq.so.1': {},
    },
    rows: ['libq.so => /l/libq.so'],
  },
  {
    id: 'G11',
    rule: 'a file name that is not the SONAME does not satisfy a request, so both are loaded',
    world: {
      '/app/main': program({ needed: ['libq.so.1', 'libq.so'], runpath: '/l' }),
      '/l/libq.so': { soname: 'libq.so.1' },
      '/l/libq.so.1': {},
    },
    rows: ['libq.so.1 => /l/libq.so.1', 'libq.so => /l/libq.so'],
  },
  {
    id: 'G12',
    rule: 'symbolic and hard links to a loaded file are that file',
    world: {
      '/app/main': program({ needed: ['libs.so.1', 'libt.so.1', 'libh.so.1'], runpath: '/l' }),
      '/l/libs.so.1': { soname: null },
      '/l/libt.so.1': { link: 'libs.so.1' },
      '/l/libh.so.1': { hardLink: '/l/libs.so.1' },
    },
    rows: ['libs.so.1 => /l/libs.so.1'],
  },
  {
    id: 'G13',
    rule: 'a library that was loaded by its path satisfies its SONAME',
    world: {
      '/app/main': program({ needed: ['/x/libf.so.1', 'libf.so.1'], runpath: '/y' }),
      '/x/libf.so.1': {},
      '/y/libf.so.1': {},
    },
    rows: ['/x/libf.so.1'],
  },
  {
    id: 'G14',
    rule: 'two paths are two files, whatever their SONAME',
    world: {
      '/app/main': program({ needed: ['/x/libf.so.1', '/y/libf.so.1'] }),
      '/x/libf.so.1': {},
      '/y/libf.so.1': {},
    },
    rows: ['/x/libf.so.1', '/y/libf.so.1'],
  },
  {
    id: 'G15',
    rule: 'a missing library is listed once for each object that needs it',
    world: {
      '/app/main': program({ needed: ['libz.so', 'liba.so'], runpath: '/l' }),
      '/l/liba.so': { needed: ['libz.so'] },
    },
    rows: ['libz.so => not found', 'liba.so => /l/liba.so', 'libz.so => not found'],
  },
  {
    id: 'G16',
    rule: 'the SONAME of the traced library itself ends a circle',
    program: '/l/libx.so.1',
    world: {
      '/l/libx.so.1': { needed: ['liby.so.1'], runpath: '/l' },
      '/l/liby.so.1': { needed: ['libx.so.1'], runpath: '/l' },
    },
    rows: ['liby.so.1 => /l/liby.so.1'],
  },
  {
    id: 'G16',
    rule: 'without a SONAME the traced library is loaded a second time in a circle',
    program: '/l/libx.so.1',
    world: {
      '/l/libx.so.1': { needed: ['liby.so.1'], runpath: '/l', soname: null },
      '/l/liby.so.1': { needed: ['libx.so.1'], runpath: '/l' },
    },
    rows: ['liby.so.1 => /l/liby.so.1', 'libx.so.1 => /l/libx.so.1'],
  },
  {
    id: 'G17',
    rule: 'the SONAME of the program satisfies a request',
    world: {
      '/app/main': program({ needed: ['liba.so'], runpath: '/l', soname: 'libself.so.1' }),
      '/l/liba.so': { needed: ['libself.so.1'], runpath: '/l' },
      '/l/libself.so.1': {},
    },
    rows: ['liba.so => /l/liba.so'],
  },
  {
    id: 'G18',
    rule: 'a position-independent executable cannot be needed by its path',
    world: {
      '/app/main': program({ needed: ['liba.so'], runpath: '/l' }),
      '/l/liba.so': { needed: ['/app/main'] },
    },
    rows: ['fatal: /app/main: cannot dynamically load position-independent executable'],
  },
  {
    id: 'G18',
    rule: 'a position-independent executable cannot be needed by its name',
    world: {
      '/app/main': program({ needed: ['liba.so'], runpath: '/l' }),
      '/l/liba.so': { needed: ['main'], runpath: '/app' },
    },
    rows: ['fatal: main: cannot dynamically load position-independent executable'],
  },
  {
    id: 'G19',
    rule: 'another path of the loader is a second copy of it',
    loaderRow: true,
    world: {
      '/app/main': program({ needed: [LD_SO_FILE, 'libc.so.6'] }),
      '/lib/x86_64-linux-gnu/libc.so.6': { needed: ['ld-linux-x86-64.so.2'] },
    },
    rows: [LD_SO_FILE, 'libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6', LD_SO],
  },
  {
    id: 'G20',
    rule: "the kernel's vDSO satisfies a request for its name",
    world: { '/app/main': program({ needed: ['linux-vdso.so.1'] }) },
    rows: [],
  },
  {
    id: 'G21',
    rule: 'an empty name is the program itself',
    world: { '/app/main': program({ needed: [''] }) },
    rows: [],
  },
];
