/**
 * Test vectors of glibc: how search paths and names are split, which tokens are replaced and by
 * what, and that nothing is normalised. Rules: elf/dl-load.c (fillin_rpath(),
 * _dl_dst_substitute()).
 */
import { program, type Vector } from '../../support/world.js';

const NEEDS_A = ['liba.so'];

export const pathsAndTokens: readonly Vector[] = [
  {
    id: 'G22',
    rule: '$ORIGIN in a needed name',
    world: { '/app/main': program({ needed: ['$ORIGIN/lib/liba.so'] }), '/app/lib/liba.so': {} },
    rows: ['/app/lib/liba.so'],
  },
  {
    id: 'G22',
    rule: '$ORIGIN in a needed name of a library is the directory of the library',
    world: {
      '/app/main': program({ needed: NEEDS_A, runpath: '/l' }),
      '/l/liba.so': { needed: ['${ORIGIN}/sub/libb.so', '$ORIGIN/gone.so'] },
      '/l/sub/libb.so': {},
    },
    rows: ['liba.so => /l/liba.so', '/l/sub/libb.so', '/l/gone.so => not found'],
  },
  {
    id: 'G23',
    rule: 'tokens are replaced before the name is looked at for a slash; a directory is fatal',
    world: {
      '/app/main': program({ needed: ['${LIB}'] }),
      '/lib/x86_64-linux-gnu': { directory: true },
    },
    rows: ['fatal: lib/x86_64-linux-gnu: cannot read file data: Error 21'],
  },
  {
    id: 'G24',
    rule: 'a name with a slash is relative to the working directory',
    world: {
      '/app/main': program({ needed: ['lib/d.so', './lib/e.so'] }),
      '/app/lib/d.so': {},
      '/app/lib/e.so': {},
    },
    options: { cwd: '/app' },
    rows: ['lib/d.so', './lib/e.so'],
  },
  {
    id: 'G24',
    rule: 'a relative name is not found from elsewhere',
    world: {
      '/app/main': program({ needed: ['lib/d.so', './lib/e.so'] }),
      '/app/lib/d.so': {},
      '/app/lib/e.so': {},
    },
    rows: ['lib/d.so => not found', './lib/e.so => not found'],
  },
  {
    id: 'G25',
    rule: "a program's origin is its resolved path, as after exec",
    program: '/link/m',
    world: {
      '/real/m': program({ needed: NEEDS_A, runpath: '$ORIGIN/lib' }),
      '/link/m': { link: '../real/m' },
      '/real/lib/liba.so': {},
      '/link/lib/liba.so': {},
    },
    rows: ['liba.so => /real/lib/liba.so'],
  },
  {
    id: 'G25',
    rule: 'the origin of a program in the root directory is a slash',
    program: '/main',
    world: {
      '/main': program({ needed: NEEDS_A, runpath: '$ORIGIN/lib' }),
      '/lib/liba.so': {},
    },
    rows: ['liba.so => //lib/liba.so'],
  },
  {
    id: 'G26',
    rule: "a library's origin is the directory it was opened by, its link not followed",
    world: {
      '/app/main': program({ needed: ['liba.so.1'], runpath: '/pub' }),
      '/pub/liba.so.1': { link: '../priv/liba.so.1.0' },
      '/priv/liba.so.1.0': { needed: ['libdep.so'], runpath: '$ORIGIN/sub' },
      '/pub/sub/libdep.so': {},
      '/priv/sub/libdep.so': {},
    },
    rows: ['liba.so.1 => /pub/liba.so.1', 'libdep.so => /pub/sub/libdep.so'],
  },
  {
    id: 'G27',
    rule: '`..` behind a link is the parent of its target, and the path is printed as it was made',
    world: {
      '/app/main': program({ needed: NEEDS_A, runpath: '/t/link' }),
      '/t/a/b/liba.so': { needed: ['libb.so'], runpath: '$ORIGIN/../lib' },
      '/t/link': { link: 'a/b' },
      '/t/a/lib/libb.so': {},
      '/t/lib/other.so': {},
    },
    rows: ['liba.so => /t/link/liba.so', 'libb.so => /t/link/../lib/libb.so'],
  },
  {
    id: 'G28',
    rule: '$ORIGIN in an inherited RPATH belongs to the object that has the RPATH',
    world: {
      '/app/main': program({ needed: NEEDS_A, rpath: '/far:$ORIGIN/lib' }),
      '/far/liba.so': { needed: ['libb.so'] },
      '/far/lib/libb.so': {},
      '/app/lib/libb.so': {},
    },
    rows: ['liba.so => /far/liba.so', 'libb.so => /app/lib/libb.so'],
  },
  ...['$ORIGINAL', '$FOO', '$ORIGIN_X', '${ORIGIN', '${ORIGINAL}', '${FOO}', '$'].map(
    (literal): Vector => ({
      id: 'G29',
      rule: `${literal} is no token but a directory name`,
      world: {
        '/app/main': program({ needed: NEEDS_A, runpath: `/d/${literal}` }),
        [`/d/${literal}/liba.so`]: {},
      },
      rows: [`liba.so => /d/${literal}/liba.so`],
    }),
  ),
  {
    id: 'G30',
    rule: 'a token may stand in the middle of a path',
    program: '/t/9/main',
    world: {
      '/t/9/main': program({ needed: NEEDS_A, runpath: '/zz/$ORIGIN/lib' }),
      '/zz/t/9/lib/liba.so': {},
    },
    rows: ['liba.so => /zz//t/9/lib/liba.so'],
  },
  {
    id: 'G31',
    rule: '$LIB is what the loader was built with',
    world: {
      '/app/main': program({ needed: NEEDS_A, runpath: '/t/$LIB' }),
      '/t/lib/x86_64-linux-gnu/liba.so': {},
    },
    rows: ['liba.so => /t/lib/x86_64-linux-gnu/liba.so'],
  },
  {
    id: 'G32',
    rule: 'an empty element is the working directory, and the path has no directory then',
    world: {
      '/app/main': program({ needed: NEEDS_A, runpath: '/nonexist:' }),
      '/here/liba.so': {},
    },
    options: { cwd: '/here' },
    rows: ['liba.so'],
  },
  {
    id: 'G33',
    rule: 'an empty LD_LIBRARY_PATH is no path',
    world: { '/app/main': program({ needed: NEEDS_A }), '/here/liba.so': {} },
    options: { cwd: '/here', libraryPath: '' },
    rows: ['liba.so => not found'],
  },
  ...[':', '/x;;/y', '/x::/y', ';'].map(
    (libraryPath): Vector => ({
      id: 'G33',
      rule: `LD_LIBRARY_PATH '${libraryPath}' has the working directory in it`,
      world: { '/app/main': program({ needed: NEEDS_A }), '/here/liba.so': {} },
      options: { cwd: '/here', libraryPath },
      rows: ['liba.so'],
    }),
  ),
  {
    id: 'G34',
    rule: 'a semicolon separates nothing in a RUNPATH',
    world: { '/app/main': program({ needed: NEEDS_A, runpath: '/x;/dir' }), '/dir/liba.so': {} },
    rows: ['liba.so => not found'],
  },
  {
    id: 'G34',
    rule: 'a semicolon in a RUNPATH is part of a directory name',
    world: {
      '/app/main': program({ needed: NEEDS_A, runpath: '/semi;colon' }),
      '/semi;colon/liba.so': {},
    },
    rows: ['liba.so => /semi;colon/liba.so'],
  },
  {
    id: 'G34',
    rule: 'a semicolon separates in LD_LIBRARY_PATH',
    world: { '/app/main': program({ needed: NEEDS_A }), '/dir/liba.so': {} },
    options: { libraryPath: '/x;/dir' },
    rows: ['liba.so => /dir/liba.so'],
  },
  {
    id: 'G35',
    rule: 'trailing slashes become one, inner ones stay',
    world: { '/app/main': program({ needed: NEEDS_A, runpath: '/t//g///' }), '/t/g/liba.so': {} },
    rows: ['liba.so => /t//g/liba.so'],
  },
  {
    id: 'G35',
    rule: 'a relative element is kept as it is',
    world: { '/app/main': program({ needed: NEEDS_A }), '/here/liba.so': {} },
    options: { cwd: '/here', libraryPath: '.' },
    rows: ['liba.so => ./liba.so'],
  },
  {
    id: 'G35',
    rule: 'the root directory as an element',
    world: { '/app/main': program({ needed: NEEDS_A, runpath: '/' }), '/liba.so': {} },
    rows: ['liba.so => /liba.so'],
  },
  {
    id: 'G36',
    rule: "$ORIGIN in LD_LIBRARY_PATH is the program's, also for a library's needs",
    world: {
      '/app/main': program({ needed: NEEDS_A }),
      '/app/lib/liba.so': { needed: ['libb.so'] },
      '/app/lib/libb.so': {},
      '/app/lib/lib/libb.so': {},
    },
    options: { libraryPath: '$ORIGIN/lib' },
    rows: ['liba.so => /app/lib/liba.so', 'libb.so => /app/lib/libb.so'],
  },
];
