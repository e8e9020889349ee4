/**
 * The dynamic section: what is read from it, how addresses become offsets, and its kinds of damage.
 */
import { describe, expect, it } from 'vitest';
import type { ByteSource } from '../../src/elf/byte-source.js';
import * as c from '../../src/elf/constants.js';
import { parseElf } from '../../src/elf/elf-file.js';
import { fileRange } from '../../src/elf/segment-map.js';
import { ElfFormatError } from '../../src/errors.js';
import { buildElf, type ElfOptions } from '../support/elf-builder.js';
import { ENCODINGS } from '../support/encodings.js';

const dynamicOf = (options: ElfOptions) => parseElf(buildElf(options)).dynamic;

describe.each(ENCODINGS)('%d bits, %s-endian', (elfClass, endian) => {
  it('reads names, flags and lists', () => {
    const section = dynamicOf({
      class: elfClass,
      endian,
      needed: ['libb.so', 'liba.so'],
      needs: [
        { kind: 'filter', name: 'libf.so' },
        { kind: 'needed', name: 'libc.so' },
        { kind: 'auxiliary', name: 'libx.so' },
      ],
      soname: 'libme.so.1',
      rpath: '$ORIGIN/a:',
      runpath: '/b',
      audit: 'audit.so:other.so',
      depaudit: 'dep.so',
      dynamicFlags: 8,
      flags1: c.DF_1_PIE | 1,
    });
    expect(section).toMatchObject({
      needed: ['libb.so', 'liba.so', 'libc.so'],
      needs: [
        { kind: 'needed', name: 'libb.so' },
        { kind: 'needed', name: 'liba.so' },
        { kind: 'filter', name: 'libf.so' },
        { kind: 'needed', name: 'libc.so' },
        { kind: 'auxiliary', name: 'libx.so' },
      ],
      soname: 'libme.so.1',
      rpath: '$ORIGIN/a:',
      runpath: '/b',
      audit: 'audit.so:other.so',
      depaudit: 'dep.so',
      flags: 8,
      flags1: c.DF_1_PIE | 1,
    });
  });
});

describe('dynamic section', () => {
  it('files share the needs that they have in common, but for names that no file has', () => {
    const needOf = (name: string) => dynamicOf({ needed: [name] })?.needs[0];
    expect(needOf('libshared.so')).toBe(needOf('libshared.so'));
    const long = 'l'.repeat(256);
    expect(needOf(long)).toEqual({ kind: 'needed', name: long });
    expect(needOf(long)).not.toBe(needOf(long));
  });

  it('absent tags are undefined, flags 0, an empty string is a value', () => {
    const section = dynamicOf({ runpath: '' });
    expect(section?.runpath).toBe('');
    expect(section).not.toHaveProperty('rpath');
    expect(section).not.toHaveProperty('soname');
    expect(section).toMatchObject({ needed: [], flags: 0, flags1: 0 });
  });

  it('of a repeated tag the last one counts', () => {
    expect(dynamicOf({ rpath: ['/a', '/b'], runpath: ['/c', ''] })).toMatchObject({
      rpath: '/b',
      runpath: '',
    });
    expect(
      dynamicOf({
        tags: [
          [c.DT_SONAME, 'one'],
          [c.DT_SONAME, 'two'],
        ],
      })?.soname,
    ).toBe('two');
  });

  it('entries behind DT_NULL do not exist', () => {
    // The builder puts DT_STRTAB last.
    expect(() => dynamicOf({ needed: ['a'], tags: [[c.DT_NULL, 0]] })).toThrow(/no DT_STRTAB/);
    expect(
      dynamicOf({
        tags: [
          [c.DT_FLAGS, 8],
          [c.DT_NULL, 0],
          [c.DT_FLAGS, 1],
        ],
      })?.flags,
    ).toBe(8);
  });

  it('names that are not UTF-8 keep one character a byte', () => {
    const bytes = buildElf({ needed: ['lib~.so'] });
    const at = Buffer.from(bytes).indexOf('lib~');
    bytes[at + 3] = 0xe9;
    expect(parseElf(bytes).dynamic?.needed).toEqual(['lib\u00e9.so']);
  });

  it('names of UTF-8 are text', () => {
    expect(dynamicOf({ needed: ['libé☃.so'] })?.needed).toEqual(['libé☃.so']);
  });

  it('a static file and a debug file have none', () => {
    expect(dynamicOf({ type: c.ET_EXEC })).toBeUndefined();
    const debug = parseElf(buildElf({ debugOnly: true }));
    expect(debug.dynamic).toBeUndefined();
    expect(debug.debugOnly).toBe(true);
  });

  it('the section is found by its address, not by its offset', () => {
    // p_offset of PT_DYNAMIC, the third header here, points elsewhere.
    const bytes = buildElf({ needed: ['liba.so'] });
    new DataView(bytes.buffer).setBigUint64(64 + 56 + 8, 0n, true);
    expect(parseElf(bytes).dynamic?.needed).toEqual(['liba.so']);
  });

  it('an address in no segment is taken as the offset says', () => {
    expect(dynamicOf({ needed: ['liba.so'], dynamicAddress: 0x900000 })?.needed).toEqual([
      'liba.so',
    ]);
  });

  it('a name at the end of its segment ends there', () => {
    const bytes = buildElf({ needed: ['liba.so'] });
    const view = new DataView(bytes.buffer);
    // The segment ends behind "lib": what follows in memory is zero.
    const end = Buffer.from(bytes).indexOf('liba.so') + 3;
    const moved = new Uint8Array(bytes.length);
    moved.set(bytes);
    expect(view.getBigUint64(64 + 32, true)).toBe(BigInt(bytes.length));
    new DataView(moved.buffer).setBigUint64(64 + 32, BigInt(end), true);
    // PT_DYNAMIC is behind it now, so it is read by its offset.
    expect(parseElf(moved).dynamic?.needed).toEqual(['lib']);
  });
});

describe('addresses above 2^53', () => {
  // Where the kernel and the linkers of ia64 put data; and the highest page that there is.
  it.each([0x6000000000004321n, 0xfffffffffff00000n])('%s', (base) => {
    const bytes = buildElf({ base, machine: c.EM_IA_64, needed: ['liba.so', 'libb.so'] });
    const { header, segments, dynamic } = parseElf(bytes);
    expect(header.entry).toBe(base + 64n);
    expect(segments[0]?.vaddr).toBe(base);
    expect(dynamic?.needed).toEqual(['liba.so', 'libb.so']);
    expect(dynamic?.tags.get(c.DT_STRTAB)).toSatisfy((value) => typeof value === 'bigint');
  });

  it('an address that differs by one is another address', () => {
    const base = 0x6000000000000000n;
    expect(() => dynamicOf({ base, needed: ['liba.so'], strtab: 0x5fffffff })).toThrow(
      /DT_STRTAB 0x5fffffff is in no PT_LOAD/,
    );
  });
});

describe('segments that meet', () => {
  const overlapping = (order: 'real-last' | 'real-first') =>
    buildElf({
      needed: ['liba.so'],
      loadCount: 2,
      loads: ({ size, strings }) => {
        const all = { offset: 0, filesz: size };
        // The header of the file, which has no name, at the address of the strings.
        const over = { offset: 0, filesz: 8, shift: strings };
        return order === 'real-last' ? [over, all] : [all, over];
      },
    });

  it('of two that overlap the one that is later in the table counts', () => {
    expect(parseElf(overlapping('real-last')).dynamic?.needed).toEqual(['liba.so']);
    expect(parseElf(overlapping('real-first')).dynamic?.needed).not.toEqual(['liba.so']);
  });

  it('a string goes on in the next segment where it is adjacent in memory and file', () => {
    const bytes = buildElf({
      needed: ['liba.so'],
      loadCount: 2,
      // The first name starts one byte into the table; the cut is behind "lib".
      loads: ({ size, strings }) => [
        { offset: 0, filesz: strings + 4 },
        { offset: strings + 4, filesz: size - strings - 4 },
      ],
    });
    expect(parseElf(bytes).dynamic?.needed).toEqual(['liba.so']);
  });

  it('a table may begin in one segment and have its names in the next', () => {
    const bytes = buildElf({
      needed: ['liba.so'],
      loadCount: 2,
      loads: ({ size, strings }) => [
        { offset: 0, filesz: strings + 1 },
        { offset: strings + 1, filesz: size - strings - 1 },
      ],
    });
    expect(parseElf(bytes).dynamic?.needed).toEqual(['liba.so']);
  });

  it('many adjacent segments are looked at a few times each', () => {
    const count = 0xfff0;
    const bytes = buildElf({
      needed: ['liba.so'],
      loadCount: count,
      loads: () => Array.from({ length: count }, (_, index) => ({ offset: index, filesz: 1 })),
    });
    expect(() => parseElf(bytes)).toThrow(ElfFormatError);
    const few = 4096;
    let looks = 0;
    const segment = { type: c.PT_LOAD, filesz: 1 };
    const segments = Array.from({ length: few }, (_, index) =>
      Object.defineProperty({ ...segment, vaddr: index }, 'offset', {
        get: () => {
          looks++;
          return index;
        },
      }),
    );
    expect(fileRange(segments as never, 0)?.length).toBeLessThan(few);
    expect(looks).toBeGreaterThan(0);
    expect(looks).toBeLessThan(32 * few);
  });
});

describe('what the loaders do not look at', () => {
  it('DT_STRSZ: names behind it are read', () => {
    expect(dynamicOf({ needed: ['liba.so'], strsz: 1, soname: 'me' })).toMatchObject({
      needed: ['liba.so'],
      soname: 'me',
    });
  });

  it.each([0x7fffffff, 2 ** 60])('DT_SONAME outside of all segments: %d', (soname) => {
    const section = dynamicOf({ needed: ['liba.so'], tags: [[c.DT_SONAME, soname]] });
    expect(section?.soname).toBeUndefined();
    expect(section?.needed).toEqual(['liba.so']);
  });
});

describe('damaged dynamic sections', () => {
  const damaged: readonly [what: string, options: ElfOptions, fact: RegExp][] = [
    ['no DT_NULL', { unterminated: true, needed: ['a'] }, /no DT_NULL before/],
    [
      'names without DT_STRTAB',
      { strtab: false, needed: ['a'] },
      /there are names, but no DT_STRTAB/,
    ],
    [
      'DT_STRTAB nowhere',
      { strtab: 0x4f0000, needed: ['a'] },
      /DT_STRTAB 0x4f0000 is in no PT_LOAD/,
    ],
    [
      'a name outside the table',
      { tags: [[c.DT_NEEDED, 0x7fffffff]] },
      /the string of tag 0x1 is at 0x7fffffff, outside the string table/,
    ],
    [
      'a name beyond 2^53',
      { tags: [[c.DT_RPATH, 2 ** 60]] },
      /the string of tag 0xf is at 0x1000000000000000, outside/,
    ],
  ];
  it.each(damaged)('%s', (_what, options, fact) => {
    let error: unknown;
    try {
      parseElf(buildElf(options));
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(ElfFormatError);
    expect(error).toMatchObject({ code: 'ELF_BAD_DYNAMIC' });
    expect((error as ElfFormatError).fact).toMatch(fact);
    expect(Number.isFinite((error as ElfFormatError).offset)).toBe(true);
  });

  it.each(Array.from({ length: 12 }, (_, index) => 64 + index * 40))(
    'truncated to %d bytes: an ElfFormatError or less text, never another error',
    (size) => {
      const bytes = buildElf({ needed: ['liba.so', 'libb.so'], soname: 'me', rpath: '/r' });
      try {
        parseElf(bytes.slice(0, size));
      } catch (error) {
        expect(error).toBeInstanceOf(ElfFormatError);
      }
    },
  );

  /** A file of 1 TB whose bytes are `fill` behind what `bytes` has. */
  function endless(bytes: Uint8Array, fill: number): ByteSource & { readonly count: () => number } {
    let count = 0;
    return {
      size: 2 ** 40,
      count: () => count,
      read(offset, length) {
        expect(length).toBeLessThanOrEqual(1 << 26);
        count += length;
        const piece = new Uint8Array(length).fill(fill);
        if (offset < bytes.length) piece.set(bytes.subarray(offset, offset + length));
        return piece;
      },
    };
  }

  it('a section without end is given up, not read to its end', () => {
    const bytes = buildElf({ unterminated: true, needed: ['a'] });
    // PT_LOAD and PT_DYNAMIC claim nearly everything.
    const view = new DataView(bytes.buffer);
    view.setBigUint64(64 + 32, BigInt(2 ** 40), true);
    view.setBigUint64(64 + 56 + 32, BigInt(2 ** 39), true);
    const source = endless(bytes, 0x01);
    expect(() => parseElf(source)).toThrow(/no DT_NULL among its first 65536 entries/);
    expect(source.count()).toBeLessThan(4 << 20);
  });

  it('a name without end is given up, not read to its end', () => {
    const bytes = buildElf({ tags: [[c.DT_NEEDED, 0x100000]] });
    new DataView(bytes.buffer).setBigUint64(64 + 32, BigInt(2 ** 40), true);
    const source = endless(bytes, 0x41);
    expect(() => parseElf(source)).toThrow(/more than 16777216 bytes/);
    expect(source.count()).toBeLessThan(64 << 20);
  });
});
