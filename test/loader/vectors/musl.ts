/**
 * Test vectors of musl's loader. Some vectors of glibc are repeated with musl's different answer.
 * Rules: ldso/dynlink.c (load_library(), path_open(), fixup_rpath(), load_preload()).
 */
import { EM_AARCH64 } from '../../../src/elf/constants.js';
import { MUSL_INTERPRETER, muslProgram, type Vector } from '../../support/world.js';

const NEEDS_A = ['liba.so'];
const PATH_FILE = '/etc/ld-musl-x86_64.path';
const TEXT = 'this is a text that is longer than the header of any ELF file, so that it is read\n';

const pathFile = (text: string, rest: Vector['world'] = {}): Vector['world'] => ({
  '/app/main': muslProgram({ needed: NEEDS_A }),
  '/a/liba.so': {},
  '/b/liba.so': {},
  '/usr/local/lib/liba.so': {},
  [PATH_FILE]: text,
  ...rest,
});

export const muslVectors: readonly Vector[] = [
  {
    id: 'M1',
    rule: 'LD_LIBRARY_PATH comes before RPATH',
    world: {
      '/app/main': muslProgram({ needed: NEEDS_A, rpath: '/R' }),
      '/R/liba.so': {},
      '/L/liba.so': {},
    },
    options: { libraryPath: '/L' },
    rows: ['liba.so => /L/liba.so'],
  },
  {
    id: 'M2',
    rule: 'a RUNPATH is inherited',
    world: {
      '/app/main': muslProgram({ needed: NEEDS_A, runpath: '/A:/B' }),
      '/A/liba.so': { needed: ['libb.so'] },
      '/B/libb.so': {},
    },
    rows: ['liba.so => /A/liba.so', 'libb.so => /B/libb.so'],
  },
  {
    id: 'M2',
    rule: 'a RUNPATH in between hides nothing',
    world: {
      '/app/main': muslProgram({ needed: NEEDS_A, rpath: '/A:/B' }),
      '/A/liba.so': { needed: ['libb.so'], runpath: '/nonexistent' },
      '/B/libb.so': {},
    },
    rows: ['liba.so => /A/liba.so', 'libb.so => /B/libb.so'],
  },
  {
    id: 'M2',
    rule: 'a RUNPATH is used instead of the RPATH of the same object',
    world: {
      '/app/main': muslProgram({ needed: NEEDS_A, rpath: '/A', runpath: '/B' }),
      '/A/liba.so': {},
    },
    rows: ['liba.so => not found'],
  },
  {
    id: 'M3',
    rule: 'a SONAME satisfies nothing: another file of that name is loaded',
    world: {
      '/app/main': muslProgram({ needed: ['libq.so', 'libq.so.1'], runpath: '/l' }),
      '/l/libq.so': { soname: 'libq.so.1' },
      '/l/libq.so.1': {},
    },
    rows: ['libq.so => /l/libq.so', 'libq.so.1 => /l/libq.so.1'],
  },
  {
    id: 'M3',
    rule: 'a SONAME satisfies nothing: without such a file it is missing',
    world: {
      '/app/main': muslProgram({ needed: ['libq.so', 'libq.so.1'], runpath: '/l' }),
      '/l/libq.so': { soname: 'libq.so.1' },
    },
    rows: ['libq.so => /l/libq.so', 'libq.so.1 => not found'],
  },
  {
    id: 'M3',
    rule: 'a link to a loaded file is that file',
    world: {
      '/app/main': muslProgram({ needed: ['libq.so', 'libq.so.1'], runpath: '/l' }),
      '/l/libq.so': { soname: 'libq.so.1' },
      '/l/libq.so.1': { link: 'libq.so' },
    },
    rows: ['libq.so => /l/libq.so'],
  },
  {
    id: 'M4',
    rule: 'an empty element is not the working directory',
    world: { '/app/main': muslProgram({ needed: NEEDS_A }), '/here/liba.so': {} },
    options: { cwd: '/here', libraryPath: ':' },
    rows: ['liba.so => not found'],
  },
  {
    id: 'M5',
    rule: 'the machine of a candidate is not looked at',
    world: {
      '/app/main': muslProgram({ needed: NEEDS_A }),
      '/bad/liba.so': { machine: EM_AARCH64 },
      '/good/liba.so': {},
    },
    options: { libraryPath: '/bad:/good' },
    rows: ['liba.so => /bad/liba.so'],
  },
  ...(
    [
      ['text', TEXT],
      ['a directory', { directory: true }],
      ['a link loop', { link: 'liba.so' }],
    ] as const
  ).map(
    ([what, node]): Vector => ({
      id: 'M6',
      rule: `a candidate that is ${what} ends the search`,
      world: {
        '/app/main': muslProgram({ needed: NEEDS_A }),
        '/bad/liba.so': node,
        '/good/liba.so': {},
      },
      options: { libraryPath: '/bad:/good' },
      rows: ['liba.so => not found'],
    }),
  ),
  ...['/good:$LIB/x', '/good:$PLATFORM', '/good:$'].map(
    (rpath): Vector => ({
      id: 'M7',
      rule: `any token but $ORIGIN drops the whole rpath (${rpath})`,
      world: { '/app/main': muslProgram({ needed: NEEDS_A, rpath }), '/good/liba.so': {} },
      rows: ['liba.so => not found'],
    }),
  ),
  {
    id: 'M7',
    rule: '$ORIGIN is replaced wherever it stands, even before letters',
    world: {
      '/app/main': muslProgram({ needed: NEEDS_A, rpath: '$ORIGINAL:${ORIGIN}/lib' }),
      '/appAL/liba.so': { needed: ['libb.so'] },
      '/app/lib/libb.so': {},
    },
    rows: ['liba.so => /appAL/liba.so', 'libb.so => /app/lib/libb.so'],
  },
  {
    id: 'M8',
    rule: 'names of the C library are musl itself, whatever files there are',
    world: {
      '/app/main': muslProgram({ needed: ['libm.so.6', 'libm.so.7', 'libc.so.6'], rpath: '/l' }),
      '/l/libm.so.6': {},
      '/l/libc.so.6': {},
    },
    rows: [`libm.so.6 => ${MUSL_INTERPRETER}`, `libc.so.6 => ${MUSL_INTERPRETER}`],
  },
  {
    id: 'M8',
    rule: 'libcrypt, libresolv and libc++ are ordinary names',
    world: {
      '/app/main': muslProgram({ needed: ['libcrypt.so.1', 'libc++.so.1'], rpath: '/l' }),
      '/l/libcrypt.so.1': {},
      '/l/libc++.so.1': {},
    },
    rows: ['libcrypt.so.1 => /l/libcrypt.so.1', 'libc++.so.1 => /l/libc++.so.1'],
  },
  {
    id: 'M9',
    rule: 'an empty path file: no system path',
    world: pathFile(''),
    rows: ['liba.so => not found'],
  },
  {
    id: 'M9',
    rule: 'a path file: its lines in order',
    world: pathFile('/zz\n/b\n/a'),
    rows: ['liba.so => /b/liba.so'],
  },
  {
    id: 'M9',
    rule: 'a path file: colons separate too',
    world: pathFile('/zz:/b:/a\n'),
    rows: ['liba.so => /b/liba.so'],
  },
  {
    id: 'M9',
    rule: 'a path file: a carriage return is part of the name',
    world: pathFile('/a\r\n'),
    rows: ['liba.so => not found'],
  },
  {
    id: 'M9',
    rule: 'a path file: nothing is trimmed and no comment is known',
    world: pathFile(' /a\n# c\n'),
    rows: ['liba.so => not found'],
  },
  {
    id: 'M9',
    rule: 'a path file that is a dangling link: the usual path',
    world: pathFile('', { [PATH_FILE]: { link: '/nowhere' } }),
    rows: ['liba.so => /usr/local/lib/liba.so'],
  },
  {
    id: 'M9',
    rule: 'a path file that is a directory: no system path',
    world: pathFile('', { [PATH_FILE]: { directory: true } }),
    rows: ['liba.so => not found'],
  },
  {
    id: 'M10',
    rule: 'the path file is found by the path of the interpreter',
    world: {
      '/opt/x/lib/ld-musl-x86_64.so.1': { muslLoader: true },
      '/app/main': muslProgram({
        interpreter: '/opt/x/lib/ld-musl-x86_64.so.1',
        needed: NEEDS_A,
      }),
      '/opt/x/etc/ld-musl-x86_64.path': '/b',
      [PATH_FILE]: '/a',
      '/a/liba.so': {},
      '/b/liba.so': {},
    },
    rows: ['liba.so => /b/liba.so'],
  },
  {
    id: 'M11',
    rule: 'a library loaded by path satisfies its name when the search hits the same file',
    world: {
      '/app/main': muslProgram({ needed: ['/l/liba.so.1', 'liba.so.1'], rpath: '/l' }),
      '/l/liba.so.1': {},
      '/other/liba.so.1': {},
    },
    rows: ['/l/liba.so.1'],
  },
  {
    id: 'M11',
    rule: 'a library loaded by path does not satisfy its name otherwise',
    world: {
      '/app/main': muslProgram({ needed: ['/l/liba.so.1', 'liba.so.1'], rpath: '/other' }),
      '/l/liba.so.1': {},
      '/other/liba.so.1': {},
    },
    rows: ['/l/liba.so.1', 'liba.so.1 => /other/liba.so.1'],
  },
  {
    id: 'M13',
    rule: "a preload and its needs are not searched in the program's rpath",
    world: {
      '/app/main': muslProgram({ needed: NEEDS_A, rpath: '/l' }),
      '/l/liba.so': {},
      '/l/libp.so': {},
      '/usr/lib/libq.so': { needed: ['libb.so'] },
      '/l/libb.so': {},
    },
    options: { preload: 'libp.so:libq.so' },
    rows: ['libq.so => /usr/lib/libq.so', 'liba.so => /l/liba.so', 'libb.so => not found'],
  },
  {
    id: 'M14',
    rule: 'the origin of a library that was opened by a relative path is relative',
    world: {
      '/app/main': muslProgram({ needed: NEEDS_A, rpath: './l' }),
      '/app/l/liba.so': { needed: ['libb.so'], rpath: '$ORIGIN/sub' },
      '/app/l/sub/libb.so': {},
    },
    options: { cwd: '/app' },
    rows: ['liba.so => ./l/liba.so', 'libb.so => ./l/sub/libb.so'],
  },
  {
    id: 'M14',
    rule: 'the origin of a program in the root directory is empty',
    program: '/main',
    world: {
      '/main': muslProgram({ needed: NEEDS_A, rpath: '$ORIGIN/l' }),
      '/l/liba.so': {},
    },
    rows: ['liba.so => /l/liba.so'],
  },
  {
    id: 'M12',
    rule: 'another libc by its path is musl itself',
    world: {
      '/app/main': muslProgram({ needed: ['/lib/x86_64-linux-gnu/libc.so.6'] }),
      '/lib/x86_64-linux-gnu/libc.so.6': {},
    },
    tableOnly: 'musl knows a libc by its symbols, and built files have none',
    rows: [`/lib/x86_64-linux-gnu/libc.so.6 => ${MUSL_INTERPRETER}`],
  },
  ...(
    [
      ['EI_DATA', 5, 2],
      ['EI_CLASS', 4, 1],
      ['EI_VERSION', 6, 9],
      ['the magic', 0, 0],
      ['EI_OSABI', 7, 77],
    ] as const
  ).map(
    ([what, offset, value]): Vector => ({
      id: 'M5',
      rule: `a library of which only ${what} is wrong is mapped`,
      world: {
        '/app/main': muslProgram({ needed: NEEDS_A, runpath: '/L' }),
        '/L/liba.so': { patch: [[offset, value]], needed: ['libb.so'] },
        '/L/libb.so': {},
      },
      rows: ['liba.so => /L/liba.so', 'libb.so => /L/libb.so'],
    }),
  ),
  {
    id: 'M5',
    rule: 'a library of another byte order is none',
    world: {
      '/app/main': muslProgram({ needed: NEEDS_A }),
      '/L/liba.so': { endian: 'big' },
      '/M/liba.so': {},
    },
    options: { libraryPath: '/L:/M' },
    rows: ['liba.so => not found'],
  },
];
