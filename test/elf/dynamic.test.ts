/**
 * The dynamic section: what is read from it, how addresses become offsets, and its kinds of damage.
 */
import { describe, expect, it } from 'vitest';
import type { ByteSource } from '../../src/elf/byte-source.js';
import * as c from '../../src/elf/constants.js';
import { parseElf } from '../../src/elf/elf-file.js';
import { ElfFormatError } from '../../src/errors.js';
import { buildElf, type ElfOptions } from '../support/elf-builder.js';

const dynamicOf = (options: ElfOptions) => parseElf(buildElf(options)).dynamic;

describe.each([
  [64, 'little'],
  [64, 'big'],
  [32, 'little'],
  [32, 'big'],
] as const)('%d bits, %s-endian', (elfClass, endian) => {
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
      { patch: [], tags: [[c.DT_SONAME, 2 ** 60]] },
      /the string of tag 0xe is at 0x1000000000000000, outside/,
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
