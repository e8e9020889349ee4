/**
 * Section headers: read in both classes and byte orders, and what tells a debug file whose program
 * headers still claim the contents.
 */
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../src/elf/byte-source.js';
import * as c from '../../src/elf/constants.js';
import { parseElf } from '../../src/elf/elf-file.js';
import { readSections } from '../../src/elf/sections.js';
import { buildElf, type ElfOptions } from '../support/elf-builder.js';
import { ENCODINGS } from '../support/encodings.js';
import { appendSections, type BuiltSection } from '../support/section-builder.js';

const PROGBITS = 1;
const ALLOC = c.SHF_ALLOC;

describe.each(ENCODINGS)('%d bits, %s-endian', (elfClass, endian) => {
  it('reads type, flags, place and link', () => {
    const shape = { class: elfClass, endian };
    const section = { type: 2, flags: 7, address: 0x1234, offset: 0x40, size: 0x30, link: 5 };
    const bytes = appendSections(buildElf(shape), [section]);
    expect(readSections(bytesSource(bytes), shape)).toEqual([section]);
  });
});

describe('section headers', () => {
  const shape = { class: 64, endian: 'little' } as const;

  it('are none in a file without a table, and in one that is cut off', () => {
    expect(readSections(bytesSource(buildElf()), shape)).toEqual([]);
    const bytes = appendSections(buildElf(), [{ type: PROGBITS }]);
    expect(readSections(bytesSource(bytes.slice(0, -1)), shape)).toEqual([]);
  });
});

/** The contents of a program, taken out as eu-strip does: headers stay, bytes do not. */
function debugFile(options: ElfOptions, sections: readonly BuiltSection[]): Uint8Array {
  const bytes = buildElf(options);
  const headers = 64 + 56 * (new DataView(bytes.buffer).getUint16(56, true) as number);
  // Debug information where the contents were, and more of it than of them.
  const filled = new Uint8Array(bytes.length * 2).fill(0x2e);
  filled.set(bytes.subarray(0, headers));
  return appendSections(filled, sections);
}

const NOBITS = { type: c.SHT_NOBITS, flags: ALLOC };
const NOTE = { type: c.SHT_NOTE, flags: ALLOC };
const DEBUG_INFO = { type: PROGBITS };

describe('debug files', () => {
  const program = { interpreter: '/lib/ld.so', needed: ['libc.so.6'] };

  it.each([
    ['a program', program],
    ['a library', { needed: ['libc.so.6'], soname: 'libx.so.1' }],
    ['a static program', { type: c.ET_EXEC }],
  ] as const)('of %s', (_what, options) => {
    const elf = parseElf(debugFile(options, [NOBITS, NOTE, DEBUG_INFO]));
    expect(elf.debugOnly).toBe(true);
    expect(elf.dynamic).toBeUndefined();
    expect(elf.interpreter).toBeUndefined();
  });

  it('with zeros where the dynamic section was', () => {
    const bytes = debugFile(program, [NOBITS]);
    const headers = 64 + 56 * 5;
    bytes.fill(0, headers, buildElf(program).length);
    expect(parseElf(bytes).debugOnly).toBe(true);
  });

  it('that ends before the segments would', () => {
    const bytes = buildElf(program);
    const headers = 64 + 56 * 5;
    const short = appendSections(bytes.slice(0, headers), [NOBITS, DEBUG_INFO]);
    expect(parseElf(short).debugOnly).toBe(true);
  });

  it('a damaged program is none', () => {
    expect(() => parseElf(debugFile(program, [{ type: PROGBITS, flags: ALLOC }, NOBITS]))).toThrow(
      /cut off or damaged/,
    );
    expect(() => parseElf(debugFile(program, []))).toThrow(/cut off or damaged/);
  });

  it('a whole program with odd sections is none', () => {
    expect(parseElf(appendSections(buildElf(program), [NOBITS])).debugOnly).toBe(false);
  });
});
