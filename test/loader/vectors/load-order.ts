/**
 * Test vectors of glibc: preloads, filters, and the order in which the loader lists what it loaded,
 * itself included. Rules: elf/rtld.c (handle_preload_list()) and elf/dl-deps.c
 * (_dl_map_object_deps()).
 */
import { program, type Vector } from '../../support/world.js';

const LD_SO = '/lib64/ld-linux-x86-64.so.2';

export const loadOrder: readonly Vector[] = [
  {
    id: 'G51',
    rule: 'preloads come first, then everything breadth first with the preloads behind the program',
    world: {
      '/app/main': program({ needed: ['liba.so'], rpath: '/l' }),
      '/d/p1': { needed: ['libx.so'] },
      '/d/p2': {},
      '/l/liba.so': { needed: ['libb.so'] },
      '/l/libb.so': {},
      '/l/libx.so': {},
    },
    options: { preload: '/d/p1:/d/p2' },
    rows: [
      '/d/p1',
      '/d/p2',
      'liba.so => /l/liba.so',
      'libx.so => /l/libx.so',
      'libb.so => /l/libb.so',
    ],
  },
  {
    id: 'G52',
    rule: "a bare preload name is found by the program's RPATH; one that is missing is ignored",
    world: {
      '/app/main': program({ needed: ['liba.so'], rpath: '/l' }),
      '/l/liba.so': {},
      '/l/libp.so': {},
    },
    options: { preload: 'libmissing.so libp.so' },
    rows: ['libp.so => /l/libp.so', 'liba.so => /l/liba.so'],
  },
  {
    id: 'G53',
    rule: 'a preload that is needed too keeps its early place, once',
    world: {
      '/app/main': program({ needed: ['liba.so', 'libb.so'], rpath: '/l' }),
      '/l/liba.so': {},
      '/l/libb.so': {},
    },
    options: { preload: 'libb.so' },
    rows: ['libb.so => /l/libb.so', 'liba.so => /l/liba.so'],
  },
  {
    id: 'G54',
    rule: 'ld.so.preload: comments are cut, tabs and lines separate',
    world: {
      '/app/main': program({ needed: ['liba.so'], rpath: '/l' }),
      '/l/liba.so': {},
      '/d/p1': {},
      '/d/p2': {},
      '/etc/ld.so.preload': '# c\n/d/p2\t/d/p1 # tail\n',
    },
    rows: ['/d/p2', '/d/p1', 'liba.so => /l/liba.so'],
  },
  {
    id: 'G55',
    rule: 'a filtee stands directly before the object that filters it',
    world: {
      '/app/main': program({ needed: ['libfilt.so', 'liblast.so'], rpath: '/l' }),
      '/l/libfilt.so': { needs: [{ kind: 'filter', name: 'libreal.so' }] },
      '/l/libreal.so': { needed: ['libx.so'] },
      '/l/liblast.so': {},
      '/l/libx.so': {},
    },
    rows: [
      'libreal.so => /l/libreal.so',
      'libfilt.so => /l/libfilt.so',
      'liblast.so => /l/liblast.so',
      'libx.so => /l/libx.so',
    ],
  },
  {
    id: 'G55',
    rule: 'a filtee that stands behind its filter is moved before it',
    world: {
      '/app/main': program({ needed: ['libfilt.so', 'liblast.so', 'libreal.so'], rpath: '/l' }),
      '/l/libfilt.so': { needs: [{ kind: 'auxiliary', name: 'libreal.so' }] },
      '/l/libreal.so': {},
      '/l/liblast.so': {},
    },
    rows: [
      'libreal.so => /l/libreal.so',
      'libfilt.so => /l/libfilt.so',
      'liblast.so => /l/liblast.so',
    ],
  },
  {
    id: 'G55',
    rule: 'a filtee that stands before its filter stays, an object that filters itself too',
    world: {
      '/app/main': program({ needed: ['libreal.so', 'liblast.so', 'libfilt.so'], rpath: '/l' }),
      '/l/libfilt.so': {
        needs: ['libfilt.so', 'libreal.so', 'libx.so'].map((name) => ({ kind: 'auxiliary', name })),
      },
      '/l/libreal.so': {},
      '/l/liblast.so': {},
      '/l/libx.so': {},
    },
    rows: [
      'libreal.so => /l/libreal.so',
      'liblast.so => /l/liblast.so',
      'libx.so => /l/libx.so',
      'libfilt.so => /l/libfilt.so',
    ],
  },
  {
    id: 'G52',
    rule: 'a preload with a token is listed by its name as given',
    world: {
      '/app/main': program({ needed: ['/app/libp.so'] }),
      '/app/libp.so': {},
    },
    options: { preload: '$ORIGIN/libp.so' },
    rows: ['$ORIGIN/libp.so => /app/libp.so'],
  },
  {
    id: 'G52',
    rule: "the needs of a preload are searched in the program's RPATH",
    world: {
      '/app/main': program({ needed: ['liba.so'], rpath: '/l' }),
      '/d/libp.so': { needed: ['libb.so'] },
      '/l/liba.so': {},
      '/l/libb.so': {},
    },
    options: { preload: '/d/libp.so' },
    rows: ['/d/libp.so', 'liba.so => /l/liba.so', 'libb.so => /l/libb.so'],
  },
  ...(['auxiliary', 'filter'] as const).map(
    (kind): Vector => ({
      id: 'G56',
      rule: `a missing ${kind} object is listed before the object that names it`,
      world: {
        '/app/main': program({ needed: ['libfilt.so'], rpath: '/l' }),
        '/l/libfilt.so': { needs: [{ kind, name: 'libgone.so' }] },
      },
      rows: ['libgone.so => not found', 'libfilt.so => /l/libfilt.so'],
    }),
  ),
  {
    id: 'G56',
    rule: 'an auxiliary object that is no library is ignored',
    world: {
      '/app/main': program({ needed: ['libfilt.so'], rpath: '/l' }),
      '/l/libfilt.so': { needs: [{ kind: 'auxiliary', name: 'libbad.so' }] },
      '/l/libbad.so': 'a text that is longer than the header of any ELF file of either class\n',
    },
    rows: ['libfilt.so => /l/libfilt.so'],
  },
  {
    id: 'G56',
    rule: 'a filter object that is no library is fatal',
    world: {
      '/app/main': program({ needed: ['libfilt.so'], rpath: '/l' }),
      '/l/libfilt.so': { needs: [{ kind: 'filter', name: 'libbad.so' }] },
      '/l/libbad.so': 'a text that is longer than the header of any ELF file of either class\n',
    },
    rows: ['fatal: /l/libbad.so: invalid ELF header'],
  },
  {
    id: 'G57',
    rule: 'audit modules are not among the listed objects',
    world: {
      '/app/main': program({ needed: ['liba.so'], runpath: '/l', audit: 'libaud.so' }),
      '/l/liba.so': {},
      '/l/libaud.so': {},
    },
    tableOnly: 'the loader would call functions of the module',
    rows: ['liba.so => /l/liba.so'],
  },
  {
    id: 'G58',
    rule: 'up to 2.40 a loader that nothing needs is not listed',
    minors: [31, 36],
    loaderRow: true,
    world: {
      '/app/main': program({ needed: ['liba.so', 'libz.so'], runpath: '/l' }),
      '/l/liba.so': {},
    },
    rows: ['liba.so => /l/liba.so', 'libz.so => not found'],
  },
  {
    id: 'G58',
    rule: 'from 2.41 on the loader is listed behind the last object found',
    minors: [41, 43],
    loaderRow: true,
    world: {
      '/app/main': program({ needed: ['liba.so', 'libz.so'], runpath: '/l' }),
      '/l/liba.so': {},
    },
    rows: ['liba.so => /l/liba.so', LD_SO, 'libz.so => not found'],
  },
  {
    id: 'G58',
    rule: 'up to 2.40 a program that finds nothing has no row for the loader',
    minors: [31, 36],
    loaderRow: true,
    world: { '/app/main': program({ needed: ['libz.so'] }) },
    rows: ['libz.so => not found'],
  },
  {
    id: 'G58',
    rule: 'from 2.41 on the loader comes first when nothing is found',
    minors: [41, 43],
    loaderRow: true,
    world: { '/app/main': program({ needed: ['libz.so'] }) },
    rows: [LD_SO, 'libz.so => not found'],
  },
  {
    id: 'G59',
    rule: 'the loader is listed where its first need stands, breadth first',
    loaderRow: true,
    world: {
      '/app/main': program({ needed: ['libone.so', 'libm.so.6', 'libc.so.6'], rpath: '/l' }),
      '/l/libone.so': { needed: ['libdeep1.so'] },
      '/l/libm.so.6': {},
      '/l/libc.so.6': { needed: ['ld-linux-x86-64.so.2'] },
      '/l/libdeep1.so': { needed: ['libdeep2.so'] },
      '/l/libdeep2.so': {},
    },
    rows: [
      'libone.so => /l/libone.so',
      'libm.so.6 => /l/libm.so.6',
      'libc.so.6 => /l/libc.so.6',
      'libdeep1.so => /l/libdeep1.so',
      LD_SO,
      'libdeep2.so => /l/libdeep2.so',
    ],
  },
];
