/**
 * uClibc's loader, rule by rule. Worlds are of 32-bit MIPS, big-endian, as in a router; the loader's
 * file is a stand-in with the strings that config.ts reads.
 */
import { describe, expect, it } from 'vitest';
import { EM_MIPS, ET_EXEC } from '../../src/elf/constants.js';
import { ByteWriter, buildElf, encode } from '../support/elf-builder.js';
import { closureOf, type ElfNode, rowsOf, type World, type WorldNode } from '../support/world.js';

const INTERPRETER = '/lib/ld-uClibc.so.1';
const MIPS = { class: 32, endian: 'big', machine: EM_MIPS } as const;
const TEXT =
  'neither an ELF file nor empty, and longer than a header would be, so that it is read\n';

const lib = (options: ElfNode = {}): ElfNode => ({ ...MIPS, ...options });
const program = (options: ElfNode = {}): ElfNode =>
  lib({ interpreter: INTERPRETER, soname: null, type: ET_EXEC, ...options });

function loader(strings: readonly string[], soname = 'ld-uClibc.so.1'): WorldNode {
  return buildElf({ ...MIPS, soname, data: encode(`\0${strings.join('\0')}\0`) });
}

const MODERN = ['$ORIGIN', '/etc/ld.so.cache', '/lib/:/usr/lib/', '/lib:/usr/lib'];
const OLD = ['/etc/ld.so.cache', '/lib:/usr/lib'];

/** A cache file; entries are flags, soname, path. */
function cache(...entries: readonly (readonly [number, string, string])[]): Uint8Array {
  const strings = entries.flatMap(([, soname, path]) => [soname, path]);
  const offsets = strings.map((_, i) => strings.slice(0, i).join('\0').length + (i === 0 ? 0 : 1));
  const out = new ByteWriter(false, false);
  out.bytes(encode('ld.so-1.7.0\0'));
  out.u32(entries.length);
  entries.forEach(([flags], i) => {
    out.u32(flags);
    out.u32(offsets[2 * i] as number);
    out.u32(offsets[2 * i + 1] as number);
  });
  out.bytes(encode(`${strings.join('\0')}\0`));
  return out.result();
}

interface Row {
  readonly rule: string;
  readonly world: World;
  readonly rows: readonly string[];
  readonly libraryPath?: string;
  readonly preload?: string;
}

const table = (system: World, rows: readonly Row[]) => {
  for (const { rule, world, rows: expected, ...options } of rows)
    it(rule, () => {
      const closure = closureOf({ ...system, ...world }, '/app/main', options);
      expect(closure.loader).toBe('uclibc');
      expect(rowsOf(closure)).toEqual(expected);
    });
};

describe('uClibc: search order', () =>
  table({ [INTERPRETER]: loader(MODERN) }, [
    {
      rule: 'RPATH comes before LD_LIBRARY_PATH',
      world: {
        '/app/main': program({ needed: ['a.so'], rpath: '/R' }),
        '/R/a.so': lib(),
        '/L/a.so': lib(),
      },
      libraryPath: '/L',
      rows: ['a.so => /R/a.so'],
    },
    {
      rule: 'LD_LIBRARY_PATH comes before RUNPATH',
      world: {
        '/app/main': program({ needed: ['a.so'], runpath: '/R' }),
        '/R/a.so': lib(),
        '/L/a.so': lib(),
      },
      libraryPath: '/L',
      rows: ['a.so => /L/a.so'],
    },
    {
      rule: 'a RUNPATH removes the RPATH of the same object',
      world: {
        '/app/main': program({ needed: ['a.so'], rpath: '/R', runpath: '/S' }),
        '/R/a.so': lib(),
      },
      rows: ['a.so => not found'],
    },
    {
      rule: 'an RPATH is not inherited',
      world: {
        '/app/main': program({ needed: ['a.so'], rpath: '/R' }),
        '/R/a.so': lib({ needed: ['b.so'] }),
        '/R/b.so': lib(),
      },
      rows: ['a.so => /R/a.so', 'b.so => not found'],
    },
    {
      rule: 'RUNPATH comes before the cache, the cache before the loader’s directory',
      world: {
        '/app/main': program({ needed: ['a.so', 'b.so'], runpath: '/R' }),
        '/etc/ld.so.cache': cache([4, 'a.so', '/C/a.so'], [1, 'b.so', '/C/b.so']),
        '/R/a.so': lib(),
        '/C/a.so': lib(),
        '/C/b.so': lib(),
        '/lib/b.so': lib(),
      },
      rows: ['a.so => /R/a.so', 'b.so => /C/b.so'],
    },
    {
      rule: '/lib and /usr/lib come before the loader’s directory',
      world: {
        '/app/main': program({ needed: ['a.so', 'b.so'], interpreter: '/opt/uc/ld-uClibc.so.1' }),
        '/opt/uc/ld-uClibc.so.1': loader(MODERN),
        '/opt/uc/a.so': lib(),
        '/opt/uc/b.so': lib(),
        '/usr/lib/a.so': lib(),
      },
      rows: ['a.so => /usr/lib/a.so', 'b.so => /opt/uc/b.so'],
    },
    {
      rule: 'needs are listed breadth first',
      world: {
        '/app/main': program({ needed: ['a.so', 'b.so'] }),
        '/lib/a.so': lib({ needed: ['c.so'] }),
        '/lib/b.so': lib({ needed: ['d.so'] }),
        '/lib/c.so': lib(),
        '/lib/d.so': lib(),
      },
      rows: ['a.so', 'b.so', 'c.so', 'd.so'].map((name) => `${name} => /lib/${name}`),
    },
    {
      rule: 'a miss is listed each time',
      world: {
        '/app/main': program({ needed: ['x.so', 'a.so'] }),
        '/lib/a.so': lib({ needed: ['x.so'] }),
      },
      rows: ['x.so => not found', 'a.so => /lib/a.so', 'x.so => not found'],
    },
  ]));

describe('uClibc: names', () =>
  table({ [INTERPRETER]: loader(MODERN) }, [
    {
      rule: 'a name with a slash is tried as it is',
      world: {
        '/app/main': program({ needed: ['/x/a.so'] }),
        '/x/a.so': lib(),
        '/lib/a.so': lib(),
      },
      rows: ['/x/a.so'],
    },
    {
      rule: 'a name with a slash that is not there is searched for without its directory',
      world: { '/app/main': program({ needed: ['/x/a.so'] }), '/lib/a.so': lib() },
      rows: ['/x/a.so => /lib/a.so'],
    },
    {
      rule: 'the loader’s soname means the loader, wherever it is, and is listed once',
      world: {
        '/app/main': program({ needed: ['libc.so.1', '/x/ld-uClibc.so.1'], rpath: '/R' }),
        '/lib/libc.so.1': lib({ needed: ['ld-uClibc.so.1'] }),
        '/R/ld-uClibc.so.1': lib(),
      },
      rows: ['libc.so.1 => /lib/libc.so.1', `/x/ld-uClibc.so.1 => ${INTERPRETER}`],
    },
    {
      rule: 'a soname satisfies nothing, the same file does',
      world: {
        '/app/main': program({ needed: ['q.so', 'q.so.1', 'r.so'] }),
        '/lib/q.so': lib({ soname: 'q.so.1' }),
        '/lib/r.so': { link: 'q.so' },
      },
      rows: ['q.so => /lib/q.so', 'q.so.1 => not found'],
    },
    {
      rule: 'two files of one name are both loaded',
      world: {
        '/app/main': program({ needed: ['/x/a.so', 'a.so'] }),
        '/x/a.so': lib(),
        '/lib/a.so': lib(),
      },
      rows: ['/x/a.so', 'a.so => /lib/a.so'],
    },
    {
      rule: 'DT_FILTER and DT_AUXILIARY mean nothing',
      world: {
        '/app/main': program({ needed: ['a.so'] }),
        '/lib/a.so': lib({ needs: [{ kind: 'filter', name: 'b.so' }] }),
        '/lib/b.so': lib(),
      },
      rows: ['a.so => /lib/a.so'],
    },
  ]));

describe('uClibc: candidates', () => {
  const found: Record<string, WorldNode> = {
    'a text': TEXT,
    'an empty file': '',
    'a directory': { directory: true },
    'another machine': lib({ machine: 40 }),
    'the other byte order': lib({ endian: 'little' }),
    'another class': lib({ class: 64, endian: 'big' }),
    'an executable': lib({ type: ET_EXEC, dynamic: true }),
    'a dangling link': { link: '/nowhere' },
  };
  table(
    { [INTERPRETER]: loader(MODERN) },
    Object.entries(found).map(([what, node]) => ({
      rule: `${what} is passed over`,
      world: {
        '/app/main': program({ needed: ['a.so'], rpath: '/bad:/good' }),
        '/bad/a.so': node,
        '/good/a.so': lib(),
      },
      rows: ['a.so => /good/a.so'],
    })),
  );
  table({ [INTERPRETER]: loader(MODERN) }, [
    {
      rule: 'a file without a dynamic section is taken',
      world: {
        '/app/main': program({ needed: ['a.so'], rpath: '/bad:/good' }),
        '/bad/a.so': lib({ dynamic: false }),
        '/good/a.so': lib(),
      },
      rows: ['a.so => /bad/a.so'],
    },
    ...[
      ['EI_DATA', 5, 1],
      ['EI_CLASS', 4, 2],
      ['EI_VERSION', 6, 9],
    ].map(([what, offset, value]) => ({
      rule: `a library of which only ${what} is wrong is taken`,
      world: {
        '/app/main': program({ needed: ['a.so'], rpath: '/bad:/good' }),
        '/bad/a.so': lib({ patch: [[offset as number, value as number]] }),
        '/good/a.so': lib(),
      },
      rows: ['a.so => /bad/a.so'],
    })),
  ]);
});

const inOwnDirectory = (paths: ElfNode): World => ({
  '/app/main': program({ needed: ['a.so'], ...paths }),
  '/app/lib/a.so': lib(),
});

describe('uClibc: path lists since 1.0', () =>
  table({ [INTERPRETER]: loader(MODERN) }, [
    {
      rule: '$ORIGIN is replaced in an RPATH',
      world: inOwnDirectory({ rpath: '$ORIGIN/lib' }),
      rows: ['a.so => /app/lib/a.so'],
    },
    {
      rule: '$ORIGIN is replaced without a look at what follows',
      world: {
        '/app/main': program({ needed: ['a.so'], rpath: '$ORIGINAL' }),
        '/appAL/a.so': lib(),
      },
      rows: ['a.so => /appAL/a.so'],
    },
    {
      rule: '$ORIGIN is not replaced in a RUNPATH',
      world: inOwnDirectory({ runpath: '$ORIGIN/lib' }),
      rows: ['a.so => not found'],
    },
    {
      rule: 'the braced form is not replaced',
      world: inOwnDirectory({ rpath: '${ORIGIN}/lib' }),
      rows: ['a.so => not found'],
    },
    {
      rule: 'a program’s origin is where it really is, a library’s the path it was opened by',
      world: {
        '/app/main': { link: '/real/main' },
        '/real/main': program({ needed: ['a.so'], rpath: '$ORIGIN/lib' }),
        '/real/lib/a.so': { link: '/deep/a.so' },
        '/deep/a.so': lib({ needed: ['b.so'], rpath: '$ORIGIN/sub' }),
        '/real/lib/sub/b.so': lib(),
      },
      rows: ['a.so => /real/lib/a.so', 'b.so => /real/lib/sub/b.so'],
    },
    {
      rule: 'a relative directory is not looked into',
      world: {
        '/app/main': program({ needed: ['a.so'], rpath: 'R:/S' }),
        '/R/a.so': lib(),
        '/S/a.so': lib(),
      },
      rows: ['a.so => /S/a.so'],
    },
    {
      rule: 'an empty element swallows the next one',
      world: { '/app/main': program({ needed: ['a.so'], rpath: '/R::/S' }), '/S/a.so': lib() },
      rows: ['a.so => not found'],
    },
  ]));

describe('uClibc: path lists up to 0.9.33', () =>
  table({ [INTERPRETER]: loader(OLD, 'ld-uClibc.so.0') }, [
    {
      rule: 'the loader’s directory comes before /lib and /usr/lib',
      world: {
        '/app/main': program({ needed: ['a.so', 'b.so'], interpreter: '/opt/uc/ld-uClibc.so.0' }),
        '/opt/uc/ld-uClibc.so.0': loader(OLD, 'ld-uClibc.so.0'),
        '/opt/uc/a.so': lib(),
        '/lib/a.so': lib(),
        '/usr/lib/b.so': lib(),
      },
      rows: ['a.so => /opt/uc/a.so', 'b.so => /usr/lib/b.so'],
    },
    {
      rule: '$ORIGIN is the name of a directory',
      world: inOwnDirectory({ rpath: '$ORIGIN/lib' }),
      rows: ['a.so => not found'],
    },
    {
      rule: 'a relative directory is looked into',
      world: { '/app/main': program({ needed: ['a.so'], rpath: 'R' }), '/R/a.so': lib() },
      rows: ['a.so => R/a.so'],
    },
    {
      rule: 'an empty element is the working directory',
      world: {
        '/app/main': program({ needed: ['a.so'], rpath: '/R::/S' }),
        '/a.so': lib(),
        '/S/a.so': lib(),
      },
      rows: ['a.so => ./a.so'],
    },
  ]));

describe('uClibc: what the loader was built with', () => {
  const elsewhere = '/firmware/lib/ld-uClibc.so.1';
  const besideTheLoader = (names: readonly string[]): World => ({
    '/app/main': program({ interpreter: elsewhere, needed: ['libssp.so.0'] }),
    [elsewhere]: loader([...MODERN, ...names]),
    '/firmware/lib/libssp.so.0': lib(),
  });
  table({}, [
    {
      rule: 'searches the directory of the loader where it has the variable for it',
      world: besideTheLoader(['_dl_library_path', '_dl_ldsopath']),
      rows: ['libssp.so.0 => /firmware/lib/libssp.so.0'],
    },
    {
      rule: 'and where it shows no variables',
      world: besideTheLoader([]),
      rows: ['libssp.so.0 => /firmware/lib/libssp.so.0'],
    },
    {
      rule: 'but not where it has others and not that',
      world: besideTheLoader(['_dl_library_path']),
      rows: ['libssp.so.0 => not found'],
    },
    {
      rule: 'its standard directories',
      world: {
        '/app/main': program({ needed: ['a.so'] }),
        [INTERPRETER]: loader(['$ORIGIN', '/uc/lib:/uc/usr/lib']),
        '/uc/usr/lib/a.so': lib(),
        '/usr/lib/a.so': lib(),
      },
      rows: ['a.so => /uc/usr/lib/a.so'],
    },
    {
      rule: 'a multilib directory, before its own',
      world: {
        '/app/main': program({ needed: ['a.so'] }),
        [INTERPRETER]: loader(['$ORIGIN', '/lib32-fp:/usr/lib32-fp', '/lib:/usr/lib']),
        '/usr/lib32-fp/a.so': lib(),
        '/lib/a.so': lib(),
      },
      rows: ['a.so => /usr/lib32-fp/a.so'],
    },
    {
      rule: 'no cache where it has no support for one',
      world: {
        '/app/main': program({ needed: ['a.so'] }),
        [INTERPRETER]: loader(['$ORIGIN', '/lib:/usr/lib']),
        '/etc/ld.so.cache': cache([4, 'a.so', '/C/a.so']),
        '/C/a.so': lib(),
      },
      rows: ['a.so => not found'],
    },
    {
      rule: 'entries of other C libraries are passed over, in a cache of any order',
      world: {
        '/app/main': program({ needed: ['a.so', 'b.so'] }),
        [INTERPRETER]: loader(MODERN),
        '/etc/ld.so.cache': cache(
          [3, 'b.so', '/6/b.so'],
          [4, 'a.so', '/C/a.so'],
          [4, 'b.so', '/C/b.so'],
        ),
        '/6/b.so': lib(),
        '/C/a.so': lib(),
        '/C/b.so': lib(),
      },
      rows: ['a.so => /C/a.so', 'b.so => /C/b.so'],
    },
    {
      rule: 'a cache with an offset outside the file is not used',
      world: {
        '/app/main': program({ needed: ['a.so'] }),
        [INTERPRETER]: loader(MODERN),
        '/etc/ld.so.cache': cache([4, 'a.so', '/C/a.so']).fill(0x7f, 24, 28),
        '/C/a.so': lib(),
      },
      rows: ['a.so => not found'],
    },
    {
      rule: 'a preload file, comments to the end of a line',
      world: {
        '/app/main': program({ needed: ['a.so'] }),
        [INTERPRETER]: loader([...MODERN, '/etc/ld.so.preload']),
        '/etc/ld.so.preload': '# a comment\n/p/p1.so:p2.so # the rest\n',
        '/p/p1.so': lib(),
        '/lib/p2.so': lib(),
        '/lib/a.so': lib(),
      },
      rows: ['/p/p1.so', 'p2.so => /lib/p2.so', 'a.so => /lib/a.so'],
    },
    {
      rule: 'no preload file where it has no support for one',
      world: {
        '/app/main': program({ needed: ['a.so'] }),
        [INTERPRETER]: loader(MODERN),
        '/etc/ld.so.preload': '/p/p1.so\n',
        '/p/p1.so': lib(),
        '/lib/a.so': lib(),
      },
      rows: ['a.so => /lib/a.so'],
    },
    {
      rule: 'LD_PRELOAD is searched for without the program’s RPATH',
      world: {
        '/app/main': program({ needed: ['a.so'], rpath: '/R' }),
        [INTERPRETER]: loader(MODERN),
        '/R/p.so': lib(),
        '/R/a.so': lib(),
        '/usr/lib/p.so': lib(),
      },
      preload: 'p.so\t:missing.so',
      rows: ['p.so => /usr/lib/p.so', 'a.so => /R/a.so'],
    },
  ]);

  it('a library of the preload file that is missing makes the program incomplete', () => {
    const closure = closureOf({
      '/app/main': program({ needed: [] }),
      [INTERPRETER]: loader([...MODERN, '/etc/ld.so.preload']),
      '/etc/ld.so.preload': 'p.so',
    });
    expect(closure.complete).toBe(false);
  });

  it('$ORIGIN in a RUNPATH is told when something is missing', () => {
    const world = { [INTERPRETER]: loader(MODERN), ...inOwnDirectory({ runpath: '$ORIGIN/lib' }) };
    expect(closureOf(world).diagnostics.map(({ code }) => code)).toEqual(['ORIGIN_IGNORED']);
  });
});

describe('uClibc: how it is recognised', () => {
  it('by the loader’s file behind another name', () => {
    const closure = closureOf({
      '/app/main': program({ interpreter: '/lib/ld.so' }),
      '/lib/ld.so': { link: 'ld-uClibc-0.9.33.2.so' },
      '/lib/ld-uClibc-0.9.33.2.so': loader(OLD, 'ld-uClibc.so.0'),
    });
    expect(closure).toMatchObject({ loader: 'uclibc', libc: 'uclibc' });
  });

  it('by what a library needs', () => {
    const world = {
      [INTERPRETER]: loader(MODERN),
      '/usr/lib/a.so': lib({ needed: ['libc.so.0'] }),
    };
    expect(closureOf(world, '/usr/lib/a.so').loader).toBe('uclibc');
  });
});
