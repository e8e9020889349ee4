/**
 * Versions, undefined symbols, unused needs and minimum versions in small worlds: a row for each
 * rule of the look-up. What real loaders say to worlds like these is in test/differential.
 */
import { describe, expect, it } from 'vitest';
import { minimumVersions } from '../../src/check/symbols/minimum-versions.js';
import {
  formatUndefinedSymbols,
  listUndefinedSymbols,
} from '../../src/check/symbols/undefined-symbols.js';
import { formatUnusedNeeds, listUnusedNeeds } from '../../src/check/symbols/unused-needs.js';
import { formatVersionTable, versionTable } from '../../src/check/symbols/version-table.js';
import * as c from '../../src/elf/constants.js';
import { ElfSymbols } from '../../src/files/elf-symbols.js';
import {
  checkTrace,
  type Finding,
  loaderMessages,
  oldestDistributions,
  reports,
} from '../../src/index.js';
import type { SymbolOptions } from '../support/symbol-tables.js';
import {
  type ElfNode,
  glibcSystem,
  muslProgram,
  muslSystem,
  program,
  traceWorld,
  type World,
} from '../support/world.js';

const GLOB_DAT = 6;
const JUMP_SLOT = 7;
const COPY = 5;

/** A program that needs liba.so and libb.so and takes these symbols from them. */
const main = (symbols: SymbolOptions, more: ElfNode = {}) =>
  program({ needed: ['liba.so', 'libb.so'], symbols, ...more });
const library = (symbols: SymbolOptions, more: ElfNode = {}): ElfNode => ({ symbols, ...more });

const takesF: SymbolOptions = {
  list: [{ name: 'f' }],
  relocations: [{ symbol: 'f', type: GLOB_DAT }],
};
const takesF2: SymbolOptions = {
  list: [{ name: 'f', versym: 2 }],
  needs: [{ file: 'liba.so', versions: [{ name: 'A_2', index: 2 }] }],
  relocations: [{ symbol: 'f', type: GLOB_DAT }],
};
const VERSIONS = [
  { name: 'liba.so', index: 1, flags: c.VER_FLG_BASE },
  { name: 'A_1', index: 2 },
  { name: 'A_2', index: 3, parents: ['A_1'] },
];
const defines = (...list: SymbolOptions['list']): SymbolOptions => ({ list });
const versioned = (...list: SymbolOptions['list']): SymbolOptions => ({
  list,
  definitions: VERSIONS,
});
const nothing = library({ list: [] });

interface Row {
  readonly rule: string;
  readonly world: World;
  /** `severity CODE`, without notes. */
  readonly findings: readonly string[];
  readonly seen?: string;
}

const rows: readonly Row[] = [
  {
    rule: 'a symbol that a later library defines',
    world: {
      '/app/main': main(takesF),
      '/lib/liba.so': nothing,
      '/lib/libb.so': library(defines({ name: 'f', value: 1 })),
    },
    findings: [],
  },
  {
    rule: 'a symbol that nobody defines',
    world: { '/app/main': main(takesF), '/lib/liba.so': nothing, '/lib/libb.so': nothing },
    findings: ['error SYMBOL_NOT_FOUND'],
    seen: '/app/main: symbol lookup error: /app/main: undefined symbol: f',
  },
  {
    rule: 'a weak one that nobody defines',
    world: {
      '/app/main': main({ ...takesF, list: [{ name: 'f', binding: c.STB_WEAK }] }),
      '/lib/liba.so': nothing,
      '/lib/libb.so': nothing,
    },
    findings: [],
  },
  {
    rule: 'a function that is bound at its first call',
    world: {
      '/app/main': main({
        list: [{ name: 'f' }],
        relocations: [{ symbol: 'f', type: JUMP_SLOT, jump: true }],
      }),
      '/lib/liba.so': nothing,
      '/lib/libb.so': nothing,
    },
    findings: ['warning SYMBOL_NOT_FOUND'],
  },
  {
    rule: 'DF_BIND_NOW binds it at the start',
    world: {
      '/app/main': main(
        { list: [{ name: 'f' }], relocations: [{ symbol: 'f', type: JUMP_SLOT, jump: true }] },
        { dynamicFlags: c.DF_BIND_NOW },
      ),
      '/lib/liba.so': nothing,
      '/lib/libb.so': nothing,
    },
    findings: ['error SYMBOL_NOT_FOUND'],
  },
  {
    rule: 'hidden symbols, and symbols of a type that is no definition',
    world: {
      '/app/main': main(takesF),
      '/lib/liba.so': library(defines({ name: 'f', value: 1, other: c.STV_HIDDEN })),
      '/lib/libb.so': library(defines({ name: 'f', value: 1, type: 4 })),
    },
    findings: ['error SYMBOL_NOT_FOUND'],
  },
  {
    rule: 'thread-local symbols and absolute ones may have the value 0',
    world: {
      '/app/main': main({
        list: [{ name: 'f', type: c.STT_TLS }, { name: 'g' }],
        relocations: [
          { symbol: 'f', type: 16 },
          { symbol: 'g', type: GLOB_DAT },
        ],
      }),
      '/lib/liba.so': library(defines({ name: 'f', value: 0, section: 3, type: c.STT_TLS })),
      '/lib/libb.so': library(defines({ name: 'g', value: 0, section: c.SHN_ABS })),
    },
    findings: [],
  },
  {
    rule: "a program's own copy is not what it is copied from",
    world: {
      '/app/main': main({
        list: [{ name: 'x', value: 8, type: c.STT_OBJECT }],
        relocations: [{ symbol: 'x', type: COPY }],
      }),
      '/lib/liba.so': nothing,
      '/lib/libb.so': nothing,
    },
    findings: ['error SYMBOL_NOT_FOUND'],
  },
  {
    rule: 'the version asked for is the default of the library',
    world: {
      '/app/main': main(takesF2),
      '/lib/liba.so': library(versioned({ name: 'f', value: 1, versym: 3 })),
      '/lib/libb.so': nothing,
    },
    findings: [],
  },
  {
    rule: 'the version is hidden: just this one is asked for',
    world: {
      '/app/main': main(takesF2),
      '/lib/liba.so': library(versioned({ name: 'f', value: 1, versym: 0x8003 })),
      '/lib/libb.so': nothing,
    },
    findings: [],
  },
  {
    rule: 'the symbol is there in another version only',
    world: {
      '/app/main': main(takesF2),
      '/lib/liba.so': library(versioned({ name: 'f', value: 1, versym: 2 })),
      '/lib/libb.so': nothing,
    },
    findings: ['error SYMBOL_NOT_FOUND'],
    seen: '/app/main: symbol lookup error: /app/main: undefined symbol: f, version A_2',
  },
  {
    rule: 'a symbol without a version of its own does for any',
    world: {
      '/app/main': main(takesF2),
      '/lib/liba.so': library(versioned({ name: 'f', value: 1, versym: 1 })),
      '/lib/libb.so': nothing,
    },
    findings: [],
  },
  {
    rule: 'a reference without a version: the oldest version',
    world: {
      '/app/main': main(takesF),
      '/lib/liba.so': library(
        versioned({ name: 'f', value: 1, versym: 0x8002 }, { name: 'f', value: 2, versym: 3 }),
      ),
      '/lib/libb.so': nothing,
    },
    findings: [],
  },
  {
    rule: 'a reference without a version: the only later one, if it is not hidden',
    world: {
      '/app/main': main(takesF),
      '/lib/liba.so': library(versioned({ name: 'f', value: 1, versym: 0x8003 })),
      '/lib/libb.so': nothing,
    },
    findings: ['error SYMBOL_NOT_FOUND'],
  },
  {
    rule: 'a version that the file does not define',
    world: {
      '/app/main': main(takesF2),
      '/lib/liba.so': library({ list: [], definitions: VERSIONS.slice(0, 2) }),
      '/lib/libb.so': nothing,
    },
    findings: ['error VERSION_NOT_FOUND'],
    seen: "/app/main: /lib/liba.so: version `A_2' not found (required by /app/main)",
  },
  {
    rule: 'a weak version that the file does not define',
    world: {
      '/app/main': main({
        list: [],
        needs: [{ file: 'liba.so', versions: [{ name: 'A_9', index: 2, weak: true }] }],
      }),
      '/lib/liba.so': library({ list: [], definitions: VERSIONS }),
      '/lib/libb.so': nothing,
    },
    findings: [],
  },
  {
    rule: 'the name of the file itself is no version for the check',
    world: {
      '/app/main': main({
        list: [],
        needs: [{ file: 'libb.so', versions: [{ name: 'A_1', index: 2 }] }],
      }),
      '/lib/liba.so': library({ list: [], definitions: VERSIONS }),
      '/lib/libb.so': nothing,
    },
    findings: ['warning NO_VERSION_INFORMATION'],
    seen: '/app/main: /lib/libb.so: no version information available (required by /app/main)',
  },
  {
    rule: 'a file without versions that defines the symbol ends the process',
    world: {
      '/app/main': main(takesF2),
      '/lib/liba.so': library(defines({ name: 'f', value: 1 })),
      '/lib/libb.so': nothing,
    },
    findings: ['error SYMBOL_WITHOUT_VERSION', 'warning NO_VERSION_INFORMATION'],
  },
  {
    rule: 'a file that was asked for under another name',
    world: {
      '/app/main': main({
        list: [],
        needs: [{ file: 'libz.so', versions: [{ name: 'Z', index: 2 }] }],
      }),
      '/lib/liba.so': nothing,
      '/lib/libb.so': nothing,
    },
    findings: ['error VERSION_FILE_UNKNOWN'],
  },
  {
    rule: 'nothing is said of symbols when a library is missing',
    world: { '/app/main': main(takesF), '/lib/liba.so': nothing },
    findings: ['error LIBRARY_NOT_FOUND'],
  },
  {
    rule: 'tables that are not there',
    world: {
      '/app/main': main(takesF),
      '/lib/liba.so': { ...nothing, tags: [[c.DT_VERNEED, 0x777777]] },
      '/lib/libb.so': nothing,
    },
    findings: ['error SYMBOLS_UNREADABLE'],
  },
];

const codes = (findings: readonly Finding[]) =>
  findings.filter(({ severity }) => severity !== 'note').map((f) => `${f.severity} ${f.code}`);

describe('glibc', () => {
  it.each(rows.map((row) => [row.rule, row] as const))('%s', (_rule, { world, findings, seen }) => {
    const [checked] = checkTrace(traceWorld({ ...glibcSystem(36), ...world }));
    expect([...new Set(codes(checked?.findings ?? []))]).toEqual(findings);
    if (seen !== undefined) expect(checked?.findings.map((f) => f.seen)).toContain(seen);
  });

  it('a function with a stub of MIPS is bound at its first call, data at the start', () => {
    const mips: ElfNode = {
      class: 32,
      endian: 'big',
      machine: c.EM_MIPS,
      interpreter: '/lib/ld.so.1',
    };
    const world: World = {
      '/lib/ld.so.1': { glibcLoader: { minor: 36, elf: { ...mips, soname: 'ld.so.1' } } } as never,
      '/app/main': program({
        ...mips,
        needed: ['liba.so'],
        symbols: {
          list: [
            { name: 'call', value: 64, section: c.SHN_UNDEF },
            { name: 'data', type: c.STT_OBJECT },
          ],
          hash: 'elf',
        },
        tags: [
          [c.DT_MIPS_SYMTABNO, 3],
          [c.DT_MIPS_GOTSYM, 1],
        ],
      }),
      '/lib/liba.so': { ...mips, interpreter: undefined as never, symbols: { list: [] } },
    };
    const [checked] = checkTrace(traceWorld(world), { platform: 'linux/mips' });
    expect(codes(checked?.findings ?? [])).toEqual([
      'error SYMBOL_NOT_FOUND',
      'warning SYMBOL_NOT_FOUND',
    ]);
  });

  it('a library alone leaves its symbols to whoever loads it', () => {
    const world = { ...glibcSystem(36), '/lib/libp.so': library(takesF) };
    const [checked] = checkTrace(traceWorld(world, '/lib/libp.so', { loader: 'glibc' }));
    expect(checked?.findings).toMatchObject([{ severity: 'note', code: 'SYMBOLS_LEFT_OPEN' }]);
  });

  it('many symbols are counted after the tenth', () => {
    const names = Array.from({ length: 14 }, (_, index) => `f${index}`);
    const symbols = {
      list: names.map((name) => ({ name })),
      relocations: names.map((symbol) => ({ symbol, type: GLOB_DAT })),
    };
    const world = { ...glibcSystem(36), '/app/main': program({ symbols, needed: ['liba.so'] }) };
    const [checked] = checkTrace(traceWorld({ ...world, '/lib/liba.so': nothing }));
    const found = codes(checked?.findings ?? []);
    expect(found.filter((code) => code === 'error SYMBOL_NOT_FOUND')).toHaveLength(10);
    expect(found).toContain('error SYMBOLS_NOT_FOUND');
  });
});

describe('musl', () => {
  const world = (provider: SymbolOptions): World => ({
    ...muslSystem(),
    '/app/main': muslProgram({ needed: ['liba.so'], symbols: takesF2 }),
    '/lib/liba.so': library(provider),
  });

  it('knows no versions', () => {
    const [checked] = checkTrace(traceWorld(world(defines({ name: 'f', value: 1 }))));
    expect(codes(checked?.findings ?? [])).toEqual([]);
  });

  it('finds what only its loader knows, if its loader has the list', () => {
    const names = 'aio_cancel\0aio_error\0aio_fsync\0fopen\0stat\0\0';
    for (const [data, expected] of [
      [names, ['error SYMBOL_NOT_FOUND']],
      ['nothing', ['error SYMBOL_NOT_FOUND', 'error SYMBOL_NOT_FOUND']],
    ] as const) {
      const list = ['fopen64', 'stat64'].map((name) => ({ name }));
      const [checked] = checkTrace(
        traceWorld({
          '/lib/ld-musl-x86_64.so.1': {
            soname: 'libc.musl-x86_64.so.1',
            data: new TextEncoder().encode(`\0${data}`),
            symbols: defines({ name: 'fopen', value: 1 }),
          },
          '/app/main': muslProgram({
            needed: ['libc.musl-x86_64.so.1'],
            symbols: {
              list,
              relocations: list.map(({ name }) => ({ symbol: name, type: GLOB_DAT })),
            },
          }),
        }),
      );
      expect(codes(checked?.findings ?? [])).toEqual(expected);
    }
  });

  it('does not find hidden versions and indirect functions', () => {
    for (const symbol of [{ versym: 0x8002 }, { type: c.STT_GNU_IFUNC }]) {
      const provider = versioned({ name: 'f', value: 1, ...symbol });
      const [checked] = checkTrace(traceWorld(world(provider)));
      expect(codes(checked?.findings ?? [])).toEqual(['error SYMBOL_NOT_FOUND']);
      expect(checked?.findings[0]?.seen).toBe('Error relocating /app/main: f: symbol not found');
    }
  });
});

describe('the texts of ldd', () => {
  const { root, closures } = traceWorld({
    ...glibcSystem(36),
    '/app/main': main({
      list: [
        { name: 'f', versym: 2 },
        { name: 'gone', versym: 3 },
      ],
      needs: [
        {
          file: 'liba.so',
          versions: [
            { name: 'A_2', index: 2 },
            { name: 'A_7', index: 3, weak: true },
          ],
        },
      ],
      relocations: [
        { symbol: 'f', type: GLOB_DAT },
        { symbol: 'gone', type: GLOB_DAT },
      ],
    }),
    '/lib/liba.so': library(versioned({ name: 'f', value: 1, versym: 3 })),
    '/lib/libb.so': nothing,
  });
  const closure = closures[0] as (typeof closures)[0];
  const files = new ElfSymbols(root);

  it('-r', () => {
    expect(formatUndefinedSymbols(closure, listUndefinedSymbols(closure, files))).toEqual([
      'undefined symbol: gone, version A_7\t(/app/main)',
    ]);
  });

  it('-u', () => {
    expect(formatUnusedNeeds(listUnusedNeeds(closure, files))).toEqual([
      'Unused direct dependencies:',
      '\t/lib/libb.so',
    ]);
  });

  it('-v', () => {
    expect(formatVersionTable(versionTable(closure, files))).toEqual([
      '',
      '\tVersion information:',
      '\t/app/main:',
      '\t\tliba.so (A_2) => /lib/liba.so',
      '\t\tliba.so (A_7) [WEAK] => not found',
    ]);
  });
});

describe('--format ldd', () => {
  const printed = (code: string) => {
    const row = rows.find(({ findings }) => findings.includes(code));
    const trace = traceWorld({ ...glibcSystem(36), ...row?.world });
    const ldd = reports.find(({ name }) => name === 'ldd');
    const text = ldd?.format({
      root: '/',
      closures: trace.closures,
      errors: [],
      names: new Map(),
      verbose: false,
      color: false,
      loaderMessages: loaderMessages(trace),
    });
    return { seen: row?.seen, lines: text?.split('\n') };
  };

  it('has what the loader says of versions before its list', () => {
    const { seen, lines } = printed('error VERSION_NOT_FOUND');
    expect(lines?.slice(0, 2)).toEqual([seen, '\tlinux-vdso.so.1']);
  });

  it('ends with a failed assertion of the loader', () => {
    const { lines } = printed('error VERSION_FILE_UNKNOWN');
    expect(lines).toEqual([expect.stringContaining("Assertion `needed != NULL' failed!"), '']);
  });
});

describe('minimum versions', () => {
  const libc = { file: 'libc.so.6' };
  const { root, closures } = traceWorld({
    ...glibcSystem(36),
    '/app/main': program({
      needed: ['libbrought.so', 'libc.so.6'],
      abiTag: [0, 3, 2, 0],
      symbols: {
        list: [{ name: 'old', versym: 2 }],
        needs: [{ ...libc, versions: [{ name: 'GLIBC_2.4', index: 2 }] }],
      },
    }),
    '/lib/libbrought.so': library(
      {
        list: [{ name: 'fcntl64', versym: 2 }],
        needs: [
          {
            ...libc,
            versions: [
              { name: 'GLIBC_2.28', index: 2 },
              { name: 'GLIBC_2.99', index: 3, weak: true },
              { name: 'GLIBC_PRIVATE', index: 4 },
            ],
          },
        ],
      },
      { needed: ['libc.so.6'] },
    ),
    '/lib/libc.so.6': library({
      list: [],
      definitions: ['GLIBC_2.4', 'GLIBC_2.28', 'GLIBC_PRIVATE'].map((name, i) => ({
        name,
        index: i + 2,
      })),
    }),
  });
  const found = minimumVersions(closures[0] as never, new ElfSymbols(root));

  it('of the program, of all that it brings, and of the kernel', () => {
    expect(found).toEqual({
      program: [{ family: 'GLIBC', version: '2.4', neededBy: '/app/main', symbols: ['old'] }],
      closure: [
        {
          family: 'GLIBC',
          version: '2.28',
          neededBy: '/lib/libbrought.so',
          symbols: ['fcntl64'],
        },
      ],
      kernel: { version: '3.2.0', neededBy: '/app/main' },
    });
  });

  it('as the oldest distributions', () => {
    const names = oldestDistributions(found.closure).map((d) => `${d.name} ${d.release}`);
    expect(names).toEqual(['Debian 10', 'Ubuntu 20.04', 'RHEL 8']);
    const runtime = { neededBy: '', symbols: [] };
    const newest = oldestDistributions([
      { family: 'GLIBCXX', version: '3.4.29', ...runtime },
      { family: 'GCC', version: '7.0.0', ...runtime },
    ]);
    expect(newest.map((d) => `${d.name} ${d.release}`)).toEqual([
      'Debian 12',
      'Ubuntu 22.04',
      'RHEL 9',
    ]);
  });
});
