/**
 * Symbol tables, hash tables, versions and relocations of built files, in both classes and byte
 * orders and for the machines that have tables of their own.
 */
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../src/elf/byte-source.js';
import * as c from '../../src/elf/constants.js';
import type { DynamicFile } from '../../src/elf/dynamic-table.js';
import { parseElf } from '../../src/elf/elf-file.js';
import { CLASS_COPY, CLASS_PLT, parseRelocations } from '../../src/elf/relocations.js';
import { NameHash } from '../../src/elf/symbol-hash.js';
import { type DynamicSymbols, parseSymbols } from '../../src/elf/symbols.js';
import { ElfFormatError } from '../../src/errors.js';
import { buildElf, type ElfOptions, encode } from '../support/elf-builder.js';
import { elfHash, gnuHash, type SymbolOptions } from '../support/symbol-tables.js';

const SYMBOLS: SymbolOptions = {
  list: [
    { name: 'imported', versym: 4 },
    { name: 'maybe', binding: c.STB_WEAK, type: c.STT_NOTYPE },
    { name: 'exported', value: 0x100, versym: 2 },
    { name: 'old', value: 0x110, versym: 0x8002 },
    { name: 'old', value: 0x120, versym: 3 },
    { name: 'unique', value: 0x130, binding: c.STB_GNU_UNIQUE, type: c.STT_OBJECT },
    { name: 'hidden', value: 0x140, other: c.STV_HIDDEN },
    { name: 'thread', value: 0, section: 5, type: c.STT_TLS },
  ],
  needs: [{ file: 'libc.so.6', versions: [{ name: 'GLIBC_2.34', index: 4 }] }],
  definitions: [
    { name: 'libme.so', index: 1, flags: c.VER_FLG_BASE },
    { name: 'ME_1', index: 2 },
    { name: 'ME_2', index: 3, parents: ['ME_1'] },
  ],
  relocations: [{ symbol: 'imported', type: 6 }],
};

function symbolsOf(options: ElfOptions): DynamicSymbols {
  const bytes = buildElf(options);
  return parseSymbols(bytesSource(bytes), parseElf(bytes)) as DynamicSymbols;
}

function nameHash(name: string): NameHash {
  return new NameHash(encode(name));
}

const TARGETS: readonly (readonly [string, ElfOptions])[] = [
  ['64-bit little-endian', {}],
  ['64-bit big-endian', { endian: 'big', machine: c.EM_PPC64 }],
  ['32-bit little-endian', { class: 32 }],
  ['32-bit big-endian', { class: 32, endian: 'big', machine: c.EM_PPC }],
  ['s390x, whose DT_HASH has 64-bit words', { endian: 'big', machine: c.EM_S390 }],
  ['Alpha, likewise', { machine: c.EM_ALPHA }],
  ['mips64el', { machine: c.EM_MIPS }],
];

describe.each(TARGETS)('%s', (_name, target) => {
  it.each(['gnu', 'elf', 'both', 'xhash'] as const)('symbols by %s', (hash) => {
    const symbols = symbolsOf({ ...target, symbols: { ...SYMBOLS, hash } });
    expect(symbols.count).toBe(SYMBOLS.list.length + 1);
    expect(symbols.imports().map(({ name }) => name)).toEqual(['imported', 'maybe']);
    const exported = symbols.exports().map(({ name }) => name);
    expect([...exported].sort()).toEqual(['exported', 'old', 'old', 'thread', 'unique']);
    for (const { name } of SYMBOLS.list.slice(2)) {
      const found = symbols.hash?.candidates(nameHash(name)) ?? [];
      expect(found.map((index) => symbols.name(index))).toContain(name);
    }
    expect(symbols.definitions('nowhere')).toEqual([]);
    expect(symbols.definitions('imported')).toEqual([]);
  });

  it('versions, bindings and values', () => {
    const symbols = symbolsOf({ ...target, symbols: SYMBOLS });
    expect(symbols.imports()).toMatchObject([
      { name: 'imported', binding: 'global', version: 'GLIBC_2.34', file: 'libc.so.6' },
      { name: 'maybe', binding: 'weak', type: c.STT_NOTYPE },
    ]);
    expect(symbols.imports()[1]?.version).toBeUndefined();
    expect(symbols.definitions('exported')).toMatchObject([
      { version: 'ME_1', hidden: false, value: 0x100, defined: true },
    ]);
    expect(symbols.definitions('old').map(({ version, hidden }) => [version, hidden])).toEqual(
      expect.arrayContaining([
        ['ME_1', true],
        ['ME_2', false],
      ]),
    );
    expect(symbols.definitions('unique')).toMatchObject([{ binding: 'unique' }]);
    expect(symbols.versions).toEqual({
      needs: [
        {
          file: 'libc.so.6',
          versions: [
            {
              name: 'GLIBC_2.34',
              hash: elfHash('GLIBC_2.34'),
              weak: false,
              index: 4,
              hidden: false,
            },
          ],
        },
      ],
      definitions: [
        expect.objectContaining({ name: 'libme.so', base: true, index: 1 }),
        expect.objectContaining({ name: 'ME_1', base: false, index: 2, parents: [] }),
        expect.objectContaining({ name: 'ME_2', base: false, index: 3, parents: ['ME_1'] }),
      ],
    });
  });

  it('relocations', () => {
    for (const rel of [false, true]) {
      const bytes = buildElf({
        ...target,
        symbols: {
          ...SYMBOLS,
          rel,
          relocations: [
            { symbol: 'imported', type: 1 },
            { symbol: 'imported', type: 1 },
            { symbol: 'maybe', type: 1 },
            { symbol: 'imported', type: 1 },
            { symbol: 'imported', type: 1, jump: true },
            { symbol: 'maybe', type: 1, jump: true },
          ],
        },
      });
      const elf = parseElf(bytes) as DynamicFile;
      const { symbols, lazyFrom } = parseRelocations(bytesSource(bytes), elf);
      // A look-up that follows itself is not repeated.
      expect([...symbols]).toEqual([1, 2, 1, 2]);
      expect(lazyFrom).toBe(3);
    }
  });
});

it('copies and jump slots are classes of their own', () => {
  const bytes = buildElf({
    symbols: {
      list: [{ name: 'data' }, { name: 'call' }],
      relocations: [
        { symbol: 'data', type: 5 },
        { symbol: 'call', type: 6 },
        { symbol: 'call', type: 7, jump: true },
      ],
    },
  });
  const { classes } = parseRelocations(bytesSource(bytes), parseElf(bytes) as DynamicFile);
  expect([...classes]).toEqual([CLASS_COPY, 0, CLASS_PLT]);
});

it('relative relocations in front are passed over', () => {
  const bytes = buildElf({
    symbols: {
      list: [{ name: 'one' }, { name: 'two' }],
      relocations: [
        { symbol: 'one', type: 8 },
        { symbol: 'two', type: 6 },
      ],
    },
    tags: [[c.DT_RELACOUNT, 1]],
  });
  const { symbols } = parseRelocations(bytesSource(bytes), parseElf(bytes) as DynamicFile);
  expect([...symbols]).toEqual([2]);
});

it('on MIPS the symbols of the GOT are looked up without a relocation', () => {
  const bytes = buildElf({
    class: 32,
    endian: 'big',
    machine: c.EM_MIPS,
    symbols: { list: ['a', 'b', 'c', 'd'].map((name) => ({ name })), hash: 'elf' },
    tags: [
      [c.DT_MIPS_SYMTABNO, 5],
      [c.DT_MIPS_GOTSYM, 3],
    ],
  });
  const elf = parseElf(bytes) as DynamicFile;
  const { symbols, lazyFrom } = parseRelocations(bytesSource(bytes), elf);
  expect([...symbols]).toEqual([3, 4]);
  expect(lazyFrom).toBe(2);
});

it('a file without exports tells the number of its symbols by its relocations', () => {
  const list = [{ name: 'a' }, { name: 'b' }, { name: 'c' }];
  const relocations = [{ symbol: 'c', type: 6 }];
  expect(symbolsOf({ symbols: { list, relocations } }).count).toBe(4);
});

it('the names of a hash are those of the specifications', () => {
  for (const name of ['', 'printf', 'GLIBC_2.34', 'a'.repeat(99), 'syscall', 'ö']) {
    expect(nameHash(name).gnu).toBe(gnuHash(name));
    expect(nameHash(name).elf).toBe(elfHash(name));
  }
  // Both are well known from descriptions of the tables.
  expect(nameHash('printf').gnu).toBe(0x156b2bb8);
  expect(nameHash('printf').elf).toBe(0x077905a6);
});

it('a static file has no dynamic symbols', () => {
  const bytes = buildElf({ type: c.ET_EXEC, dynamic: false });
  expect(parseSymbols(bytesSource(bytes), parseElf(bytes))).toBeUndefined();
});

describe('damage', () => {
  const damaged: readonly (readonly [string, ElfOptions, RegExp])[] = [
    [
      'DT_SYMTAB outside',
      { tags: [[c.DT_SYMTAB, 0x99999999]], symbols: { list: [] } },
      /DT_SYMTAB 0x99999999 is in no PT_LOAD segment/,
    ],
    [
      'DT_VERNEED outside',
      { tags: [[c.DT_VERNEED, 0x99999999]] },
      /DT_VERNEED 0x99999999 is in no PT_LOAD segment/,
    ],
    [
      'a version chain that goes on',
      {
        symbols: {
          list: [],
          needs: [
            {
              file: 'x',
              versions: Array.from({ length: 70_000 }, (_, index) => ({ name: 'v', index })),
            },
          ],
        },
      },
      /DT_VERNEED has more than 65536 records/,
    ],
  ];
  it.each(damaged)('%s', (_name, options, message) => {
    // Tags of a test stand before those of the tables, and the last one counts.
    const bytes = buildElf(options);
    const patched = moveTagsLast(bytes, options);
    const symbols = parseSymbols(bytesSource(patched), parseElf(patched));
    expect(() => symbols?.load()).toThrow(ElfFormatError);
    expect(() => symbols?.load()).toThrow(message);
  });
});

/** Overwrites the value of the built tag too, where the test's tag has the same number. */
function moveTagsLast(bytes: Uint8Array, { tags = [] }: ElfOptions): Uint8Array {
  const patched = bytes.slice();
  const view = new DataView(patched.buffer);
  for (const [tag, value] of tags)
    for (let at = 0; at + 16 <= patched.length; at += 8)
      if (view.getUint32(at, true) === tag && view.getUint32(at + 4, true) === 0)
        view.setUint32(at + 8, Number(value), true);
  return patched;
}
