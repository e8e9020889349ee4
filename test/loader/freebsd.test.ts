/**
 * FreeBSD's loader, rule by rule. The loader's file is a stand-in with the strings that config.ts
 * reads; hints files are made here.
 */
import { describe, expect, it } from 'vitest';
import type { Closure } from '../../src/closure/closure.js';
import {
  DF_1_NODEFLIB,
  DF_1_PIE,
  ELFOSABI_FREEBSD,
  EM_386,
  EM_AARCH64,
} from '../../src/elf/constants.js';
import { RootFiles } from '../../src/files/root-files.js';
import { Libmap } from '../../src/loader/freebsd/libmap.js';
import { memoryRoot } from '../../src/root/memory-root.js';
import { ByteWriter, buildElf, encode } from '../support/elf-builder.js';
import { closureOf, type ElfNode, rowsOf, type World, type WorldNode } from '../support/world.js';

const INTERPRETER = '/libexec/ld-elf.so.1';
const HINTS = '/var/run/ld-elf.so.hints';
const TEXT =
  'neither an ELF file nor empty, and longer than a header would be, so that it is read\n';

const lib = (options: ElfNode = {}): ElfNode => ({ osabi: ELFOSABI_FREEBSD, ...options });
const program = (options: ElfNode = {}): ElfNode =>
  lib({
    interpreter: INTERPRETER,
    soname: null,
    ...options,
    flags1: (options.flags1 ?? 0) | DF_1_PIE,
  });

function loader(suffix = '', options: ElfNode = {}): WorldNode {
  const strings = [
    `/var/run/ld-elf${suffix}.so.hints`,
    `/etc/libmap${suffix}.conf`,
    `/lib${suffix}:/usr/lib${suffix}`,
  ];
  const { soname: _, ...rest } = options;
  return buildElf({ ...rest, soname: 'ld-elf.so.1', data: encode(`\0${strings.join('\0')}\0`) });
}

/** A hints file; `change` damages it. */
function hints(directories: string, little = true, change?: (bytes: Uint8Array) => void) {
  const out = new ByteWriter(little, false);
  for (const word of [0x746e6845, 1, 128, directories.length + 1, 0, directories.length])
    out.u32(word);
  out.reserve(104);
  out.bytes(encode(`${directories}\0`));
  const bytes = out.result();
  change?.(bytes);
  return bytes;
}

const SYSTEM: World = {
  [INTERPRETER]: loader(),
  [HINTS]: hints('/lib:/usr/lib:/usr/local/lib'),
  '/usr/lib/libempty.so': lib(),
};

interface Row {
  readonly rule: string;
  readonly world: World;
  readonly rows: readonly string[];
  readonly libraryPath?: string;
  readonly preload?: string;
  readonly ldconfig?: boolean;
}

function trace({ world, rule: _rule, rows: _rows, ...options }: Row): Closure {
  const closure = closureOf({ ...SYSTEM, ...world }, '/app/main', options);
  expect(closure.loader).toBe('freebsd');
  return closure;
}

const table = (rows: readonly Row[]) => {
  for (const row of rows) it(row.rule, () => expect(rowsOf(trace(row))).toEqual(row.rows));
};

const needsA = (options: ElfNode = {}) => program({ needed: ['liba.so'], ...options });

describe('FreeBSD: search order', () =>
  table([
    {
      rule: 'RPATH comes before LD_LIBRARY_PATH',
      world: { '/app/main': needsA({ rpath: '/R' }), '/R/liba.so': lib(), '/L/liba.so': lib() },
      libraryPath: '/L',
      rows: ['liba.so => /R/liba.so'],
    },
    {
      rule: 'LD_LIBRARY_PATH comes before RUNPATH',
      world: { '/app/main': needsA({ runpath: '/R' }), '/R/liba.so': lib(), '/L/liba.so': lib() },
      libraryPath: '/L',
      rows: ['liba.so => /L/liba.so'],
    },
    {
      rule: 'RUNPATH comes before the hints',
      world: {
        '/app/main': needsA({ runpath: '/R' }),
        '/R/liba.so': lib(),
        '/usr/local/lib/liba.so': lib(),
      },
      rows: ['liba.so => /R/liba.so'],
    },
    {
      rule: 'the hints come before the standard directories',
      world: {
        '/app/main': needsA(),
        [HINTS]: hints('/usr/local/lib'),
        '/usr/local/lib/liba.so': lib(),
        '/lib/liba.so': lib(),
      },
      rows: ['liba.so => /usr/local/lib/liba.so'],
    },
    {
      rule: 'an object has its own RPATH, then that of the program',
      world: {
        '/app/main': needsA({ rpath: '/P' }),
        '/P/liba.so': lib({ needed: ['libb.so', 'libc.so'], rpath: '/A' }),
        '/A/libb.so': lib(),
        '/P/libb.so': lib(),
        '/P/libc.so': lib(),
      },
      rows: ['liba.so => /P/liba.so', 'libb.so => /A/libb.so', 'libc.so => /P/libc.so'],
    },
    {
      rule: 'an RPATH of an object in between is not inherited',
      world: {
        '/app/main': needsA({ rpath: '/P' }),
        '/P/liba.so': lib({ needed: ['libb.so'], rpath: '/A' }),
        '/A/libb.so': lib({ needed: ['libc.so'] }),
        '/A/libc.so': lib(),
      },
      rows: ['liba.so => /P/liba.so', 'libb.so => /A/libb.so', 'libc.so => not found'],
    },
    {
      rule: 'an object with a RUNPATH has neither RPATH',
      world: {
        '/app/main': needsA({ rpath: '/P' }),
        '/P/liba.so': lib({ needed: ['libb.so'], rpath: '/A', runpath: '/none' }),
        '/A/libb.so': lib(),
        '/P/libb.so': lib(),
      },
      rows: ['liba.so => /P/liba.so', 'libb.so => not found'],
    },
    {
      rule: 'a RUNPATH of the program hides its RPATH from all',
      world: {
        '/app/main': needsA({ rpath: '/P', runpath: '/Q' }),
        '/Q/liba.so': lib({ needed: ['libb.so'] }),
        '/P/libb.so': lib(),
      },
      rows: ['liba.so => /Q/liba.so', 'libb.so => not found'],
    },
    {
      rule: '-z nodefaultlib leaves the hints without the standard directories',
      world: {
        '/app/main': needsA({ needed: ['liba.so', 'libb.so'], flags1: DF_1_NODEFLIB }),
        '/usr/lib/liba.so': lib(),
        '/usr/local/lib/libb.so': lib(),
      },
      rows: ['liba.so => not found', 'libb.so => /usr/local/lib/libb.so'],
    },
    {
      rule: 'empty elements mean nothing, and a semicolon separates too',
      world: {
        '/app/main': needsA({ runpath: ':;/R;;/S:' }),
        '/liba.so': lib(),
        '/S/liba.so': lib(),
      },
      rows: ['liba.so => /S/liba.so'],
    },
    {
      rule: 'needs are listed breadth first, misses each time',
      world: {
        '/app/main': needsA({ needed: ['libx.so', 'liba.so', 'libb.so'] }),
        '/lib/liba.so': lib({ needed: ['libc.so', 'libx.so'] }),
        '/lib/libb.so': lib(),
        '/lib/libc.so': lib(),
      },
      rows: [
        'libx.so => not found',
        'liba.so => /lib/liba.so',
        'libb.so => /lib/libb.so',
        'libc.so => /lib/libc.so',
        'libx.so => not found',
      ],
    },
  ]));

describe('FreeBSD: hints', () => {
  const withHints = (file: WorldNode): World => ({
    '/app/main': needsA(),
    [HINTS]: file,
    '/usr/local/lib/liba.so': lib(),
  });
  const missing = ['liba.so => not found'];
  table([
    {
      rule: 'another magic',
      world: withHints(hints('/usr/local/lib', true, (b) => b.fill(0, 0, 1))),
      rows: missing,
    },
    {
      rule: 'another version',
      world: withHints(hints('/usr/local/lib', true, (b) => b.fill(2, 4, 5))),
      rows: missing,
    },
    {
      rule: 'the other byte order',
      world: withHints(hints('/usr/local/lib', false)),
      rows: missing,
    },
    {
      rule: 'a list that ends behind the file',
      world: withHints(hints('/usr/local/lib').slice(0, -1)),
      rows: missing,
    },
    {
      rule: 'a list without its NUL',
      world: withHints(hints('/usr/local/lib', true, (b) => b.fill(65, -1))),
      rows: missing,
    },
    {
      rule: 'a file shorter than its header',
      world: withHints(hints('').slice(0, 100)),
      rows: missing,
    },
    {
      rule: 'a big-endian system has big-endian hints',
      world: {
        '/app/main': needsA({ endian: 'big', machine: 21 }),
        [INTERPRETER]: loader('', { endian: 'big', machine: 21 }),
        [HINTS]: hints('/usr/local/lib', false),
        '/usr/local/lib/liba.so': lib({ endian: 'big', machine: 21 }),
      },
      rows: ['liba.so => /usr/local/lib/liba.so'],
    },
    {
      rule: '--ldconfig answers as after a start of the system',
      world: {
        '/app/main': needsA({ needed: ['liba.so', 'libb.so', 'libc.so'] }),
        [HINTS]: hints('/lib'),
        '/usr/local/lib/liba.so': lib(),
        '/usr/local/libdata/ldconfig/pkg': '/usr/local/lib/pkg\n',
        '/usr/local/lib/pkg/libb.so': lib(),
        '/etc/ld-elf.so.conf': '# more\n/opt/lib\n',
        '/opt/lib/libc.so': lib(),
      },
      ldconfig: true,
      rows: [
        'liba.so => /usr/local/lib/liba.so',
        'libb.so => /usr/local/lib/pkg/libb.so',
        'libc.so => /opt/lib/libc.so',
      ],
    },
  ]);

  it('a library that a start of the system would make visible is told', () => {
    const closure = trace({ rule: '', world: withHints({ link: '/nowhere' }), rows: [] });
    expect(closure.diagnostics).toMatchObject([
      { code: 'CACHE_MISSING', path: '/usr/local/lib/liba.so' },
    ]);
  });
});

describe('FreeBSD: names', () =>
  table([
    {
      rule: 'a name with a slash is opened as it is, and nowhere else',
      world: {
        '/app/main': program({ needed: ['/x/liba.so', '/x/libb.so'] }),
        '/x/liba.so': lib(),
        '/lib/libb.so': lib(),
      },
      rows: ['/x/liba.so', '/x/libb.so => not found'],
    },
    {
      rule: 'a soname answers to a later need',
      world: {
        '/app/main': program({ needed: ['libq.so', 'libq.so.1'] }),
        '/lib/libq.so': lib({ soname: 'libq.so.1' }),
        '/lib/libq.so.1': lib(),
      },
      rows: ['libq.so => /lib/libq.so'],
    },
    {
      rule: 'the program’s soname answers too',
      world: {
        '/app/main': needsA({ soname: 'libself.so' }),
        '/lib/liba.so': lib({ needed: ['libself.so'] }),
        '/lib/libself.so': lib(),
      },
      rows: ['liba.so => /lib/liba.so'],
    },
    {
      rule: 'one file under two names is loaded once',
      world: {
        '/app/main': program({ needed: ['liba.so', 'libl.so', 'libh.so'] }),
        '/lib/liba.so': lib({ soname: null }),
        '/lib/libl.so': { link: 'liba.so' },
        '/lib/libh.so': { hardLink: '/lib/liba.so' },
      },
      rows: ['liba.so => /lib/liba.so'],
    },
    {
      rule: 'two files with one soname are both loaded when paths ask for them',
      world: {
        '/app/main': program({ needed: ['/x/liba.so', '/y/liba.so'] }),
        '/x/liba.so': lib(),
        '/y/liba.so': lib(),
      },
      rows: ['/x/liba.so', '/y/liba.so'],
    },
    {
      rule: 'the loader’s name means a file like any other',
      world: {
        '/app/main': program({ needed: ['ld-elf.so.1'], rpath: '/R' }),
        '/R/ld-elf.so.1': lib(),
      },
      rows: ['ld-elf.so.1 => /R/ld-elf.so.1'],
    },
    {
      rule: 'what is filtered moves nothing that is needed',
      world: {
        '/app/main': needsA(),
        '/lib/liba.so': lib({
          needs: [
            { kind: 'auxiliary', name: 'libsys.so.7' },
            { kind: 'needed', name: 'libsys.so.7' },
          ],
        }),
        '/lib/libsys.so.7': lib(),
      },
      rows: ['liba.so => /lib/liba.so', 'libsys.so.7 => /lib/libsys.so.7'],
    },
  ]));

describe('FreeBSD: candidates', () => {
  const refused: readonly (readonly [string, WorldNode, string])[] = [
    ['a text', TEXT, '/bad/liba.so: invalid file format'],
    ['a directory', { directory: true }, '/bad/liba.so: invalid file format'],
    ['another class', lib({ class: 32 }), '/bad/liba.so: unsupported file layout'],
    ['another machine', lib({ machine: EM_AARCH64 }), '/bad/liba.so: unsupported machine'],
    ['a program', lib({ flags1: DF_1_PIE }), 'Cannot load PIE binary /bad/liba.so as DSO'],
  ];
  for (const [what, node, error] of refused)
    it(`${what} ends the search`, () => {
      const world = {
        '/app/main': needsA({ runpath: '/bad:/good' }),
        '/bad/liba.so': node,
        '/good/liba.so': lib(),
      };
      const closure = trace({ rule: what, world, rows: [] });
      expect(closure.libraries).toMatchObject([{ name: 'liba.so', status: 'missing', error }]);
    });

  table([
    {
      rule: 'a file that cannot be opened is passed over',
      world: {
        '/app/main': needsA({ runpath: '/bad:/good' }),
        '/bad/liba.so': { bytes: buildElf(), unreadable: true },
        '/good/liba.so': lib(),
      },
      rows: ['liba.so => /good/liba.so'],
    },
    {
      rule: 'the OS ABI is not looked at',
      world: { '/app/main': needsA(), '/lib/liba.so': { osabi: 3 } },
      rows: ['liba.so => /lib/liba.so'],
    },
  ]);
});

/* Tokens of search paths, not placeholders. */
const braced = (name: string) => `\${${name}}`;

describe('FreeBSD: tokens', () =>
  table([
    {
      rule: '$ORIGIN of a library is where the file really is',
      world: {
        '/app/main': { link: '/real/main' },
        '/real/main': needsA({ runpath: `${braced('ORIGIN')}/lib` }),
        '/real/lib/liba.so': { link: '/deep/liba.so' },
        '/deep/liba.so': lib({ needed: ['libb.so'], runpath: '$ORIGIN/sub' }),
        '/deep/sub/libb.so': lib(),
        '/real/lib/sub/libb.so': lib(),
      },
      rows: ['liba.so => /real/lib/liba.so', 'libb.so => /deep/sub/libb.so'],
    },
    {
      rule: 'tokens are replaced anywhere, whatever follows',
      world: {
        '/app/main': needsA({ runpath: '/x/$PLATFORM$OSNAMEs/$LIB' }),
        '/x/amd64FreeBSDs/lib/liba.so': lib(),
      },
      rows: ['liba.so => /x/amd64FreeBSDs/lib/liba.so'],
    },
    {
      rule: 'the program’s RPATH keeps the program’s origin in a library',
      world: {
        '/app/main': needsA({ rpath: '$ORIGIN/lib:/far' }),
        '/far/liba.so': lib({ needed: ['libb.so'] }),
        '/far/lib/libb.so': lib(),
        '/app/lib/libb.so': lib(),
      },
      rows: ['liba.so => /far/liba.so', 'libb.so => /app/lib/libb.so'],
    },
    {
      rule: 'tokens are replaced in needs that have a slash, in no others',
      world: {
        '/app/main': program({ needed: ['$ORIGIN/liba.so', '$LIB'] }),
        '/app/liba.so': lib(),
        '/lib/lib': lib(),
      },
      rows: ['$ORIGIN/liba.so => /app/liba.so', '$LIB => not found'],
    },
  ]));

describe('FreeBSD: libmap.conf', () => {
  const world = (conf: string, rest: World = {}): World => ({
    '/app/main': program({ needed: ['liba.so', 'libb.so'] }),
    '/etc/libmap.conf': conf,
    '/lib/liba.so': lib({ needed: ['libx.so'] }),
    '/lib/libb.so': lib({ needed: ['libx.so'] }),
    '/lib/libx.so': lib(),
    '/lib/liby.so': lib(),
    '/lib/libz.so': lib(),
    ...rest,
  });
  const x = (name: string) => [
    'liba.so => /lib/liba.so',
    'libb.so => /lib/libb.so',
    `libx.so => /lib/${name}`,
  ];
  table([
    { rule: 'a name for a name', world: world('libx.so liby.so # why\n'), rows: x('liby.so') },
    { rule: 'a path for a name', world: world('libx.so\t/lib/liby.so\r\n'), rows: x('liby.so') },
    {
      rule: 'the last line wins',
      world: world('libx.so liby.so\nlibx.so libz.so'),
      rows: x('libz.so'),
    },
    {
      rule: 'three words are no mapping',
      world: world('libx.so liby.so libz.so'),
      rows: x('libx.so'),
    },
    {
      rule: 'a section holds for the object that asks, by base name',
      world: world('[libb.so]\nlibx.so liby.so'),
      rows: x('libx.so'),
    },
    { rule: 'by path', world: world('[ /lib/liba.so ]\nlibx.so liby.so'), rows: x('liby.so') },
    { rule: 'by directory', world: world('[/lib/]\nlibx.so liby.so'), rows: x('liby.so') },
    {
      rule: 'a damaged selector leaves the section before it',
      world: world('[other]\nq r\n[liba.so\nlibx.so liby.so'),
      rows: x('libx.so'),
    },
    {
      rule: 'a section comes before what holds for all',
      world: world('libx.so liby.so\n[liba.so]\nlibx.so libz.so'),
      rows: x('libz.so'),
    },
    {
      rule: 'what a section gave once holds for all from then on',
      world: world('[liba.so]\nq.so libz.so', {
        '/lib/liba.so': lib({ needed: ['q.so'] }),
        '/lib/libb.so': lib({ needed: ['./q.so'] }),
        '/lib/libz.so': lib({ needed: ['q.so'], soname: null }),
      }),
      rows: [
        'liba.so => /lib/liba.so',
        'libb.so => /lib/libb.so',
        'q.so => /lib/libz.so',
        './q.so => not found',
      ],
    },
    {
      rule: 'included files and directories',
      world: world('include /etc/more.conf\nincludedir /etc/libmap.d', {
        '/etc/more.conf': '[libb.so]\nq r\ninclude /etc/libmap.conf\n',
        '/etc/libmap.d/10.conf': 'libx.so liby.so',
        '/etc/libmap.d/20.txt': 'libx.so libz.so',
        '/etc/libmap.d/30.conf': { link: '/etc/thirty' },
        '/etc/thirty': 'libx.so libz.so',
      }),
      rows: x('liby.so'),
    },
    {
      rule: 'a directory for a directory',
      world: world('/lib /other', {
        [HINTS]: { link: '/nowhere' },
        '/other/liba.so': lib(),
        '/usr/lib/libb.so': lib(),
      }),
      rows: ['liba.so => /other/liba.so', 'libb.so => /usr/lib/libb.so'],
    },
  ]);

  it('it decides about the search, so it is among the configuration', () => {
    const { configuration } = trace({ rule: '', world: world('a b'), rows: [] });
    expect(configuration).toEqual([HINTS, '/etc/libmap.conf']);
  });
});

describe('FreeBSD: libmap.conf of a hostile root', () => {
  it('files that include each other in a row end with the hundredth', () => {
    const row = Array.from({ length: 20_000 }, (_, i) => {
      return [`/etc/${i}`, `lib${i}.so ${i}.so\ninclude /etc/${i + 1}\n`] as const;
    });
    const root = memoryRoot({ ...Object.fromEntries(row), '/etc/libmap.conf': 'include /etc/0\n' });
    const libmap = Libmap.read(new RootFiles(root), '/etc/libmap.conf');
    expect(libmap.find(undefined, 'lib98.so')).toBe('98.so');
    expect(libmap.find(undefined, 'lib99.so')).toBeUndefined();
  });
});

describe('FreeBSD: LD_PRELOAD', () => {
  table([
    {
      rule: 'it is listed behind everything, unless something needs it',
      world: {
        '/app/main': program({ needed: ['liba.so', 'libp2.so'] }),
        '/usr/lib/libp1.so': lib(),
        '/usr/lib/libp2.so': lib(),
        '/lib/liba.so': lib(),
      },
      preload: 'libp1.so;libp2.so',
      rows: [
        'libp2.so => /usr/lib/libp2.so',
        'liba.so => /lib/liba.so',
        'libp1.so => /usr/lib/libp1.so',
      ],
    },
    {
      rule: 'it is searched for without the program’s paths and the standard directories',
      world: {
        '/app/main': program({ rpath: '/R' }),
        [HINTS]: hints('/usr/local/lib'),
        '/R/libp.so': lib(),
        '/lib/libp.so': lib(),
      },
      preload: 'libp.so',
      rows: ['fatal: Shared object "libp.so" not found'],
    },
    {
      rule: 'LD_LIBRARY_PATH counts for it',
      world: { '/app/main': program(), '/L/libp.so': lib() },
      preload: 'libp.so',
      libraryPath: '/L',
      rows: ['libp.so => /L/libp.so'],
    },
  ]);
});

describe('FreeBSD: 32-bit programs on a 64-bit system', () => {
  const i386 = { class: 32, machine: EM_386 } as const;
  table([
    {
      rule: 'have a loader, hints, a map and directories of their own',
      world: {
        '/app/main': needsA({
          ...i386,
          needed: ['liba.so', 'libb.so', 'libc.so'],
          runpath: '/x/$LIB',
        }),
        '/libexec/ld-elf32.so.1': loader('32', i386),
        '/var/run/ld-elf32.so.hints': hints('/usr/local/lib32'),
        '/etc/libmap32.conf': 'libc.so libd.so',
        '/x/lib32/liba.so': lib(i386),
        '/lib/libb.so': lib(),
        '/usr/lib32/libb.so': lib(i386),
        '/usr/local/lib32/libd.so': lib(i386),
      },
      rows: [
        'liba.so => /x/lib32/liba.so',
        'libb.so => /usr/lib32/libb.so',
        'libc.so => /usr/local/lib32/libd.so',
      ],
    },
    {
      rule: 'of a 32-bit system have the usual ones',
      world: {
        '/app/main': needsA(i386),
        [INTERPRETER]: loader('', i386),
        '/usr/lib/liba.so': lib(i386),
      },
      rows: ['liba.so => /usr/lib/liba.so'],
    },
  ]);
});

describe('FreeBSD: how it is recognised', () => {
  it('by what a library needs', () => {
    const closure = closureOf(
      { ...SYSTEM, '/lib/liba.so': lib({ needed: ['libc.so.7'] }) },
      '/lib/liba.so',
    );
    expect(closure).toMatchObject({ loader: 'freebsd', libc: 'freebsd' });
  });

  it('/lib/casper belongs to the standard directories where the loader says so', () => {
    const bytes = buildElf({
      soname: 'ld-elf.so.1',
      data: encode('\0/lib/casper:/lib:/usr/lib\0'),
    });
    const closure = closureOf({
      '/app/main': needsA(),
      [INTERPRETER]: bytes,
      '/lib/casper/liba.so': lib(),
    });
    expect(rowsOf(closure)).toEqual(['liba.so => /lib/casper/liba.so']);
  });
});
