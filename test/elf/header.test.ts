/**
 * The ELF header and the program header table: both classes and byte orders, the fields that are
 * read, and what is no ELF file or a damaged one.
 */
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../src/elf/byte-source.js';
import * as c from '../../src/elf/constants.js';
import { parseElfHeader, parseProgramHeaders } from '../../src/elf/header.js';
import { ElfFormatError, type ErrorCode } from '../../src/errors.js';
import { buildElf, encode } from '../support/elf-builder.js';
import { ENCODINGS } from '../support/encodings.js';

const parse = (bytes: Uint8Array) => {
  const source = bytesSource(bytes);
  const header = parseElfHeader(source);
  return { header, segments: parseProgramHeaders(source, header) };
};

describe.each(ENCODINGS)('%d bits, %s-endian', (elfClass, endian) => {
  it('reads every field of the header', () => {
    const { header } = parse(
      buildElf({
        class: elfClass,
        endian,
        machine: c.EM_PPC64,
        flags: 0x12345678,
        osabi: 3,
        abiVersion: 2,
        type: c.ET_EXEC,
      }),
    );
    expect(header).toEqual({
      class: elfClass,
      endian,
      osabi: 3,
      abiVersion: 2,
      type: c.ET_EXEC,
      machine: c.EM_PPC64,
      flags: 0x12345678,
      entry: 0x400000 + (elfClass === 64 ? 64 : 52),
      phoff: elfClass === 64 ? 64 : 52,
      phentsize: elfClass === 64 ? 56 : 32,
      phnum: 2,
    });
  });

  it('reads the program headers in file order', () => {
    const bytes = buildElf({
      class: elfClass,
      endian,
      interpreter: '/lib/ld.so',
      abiTag: [0, 3, 2, 0],
    });
    const { segments } = parse(bytes);
    const types = [6, c.PT_INTERP, c.PT_LOAD, c.PT_DYNAMIC, c.PT_NOTE, c.PT_GNU_STACK];
    expect(segments.map((segment) => segment.type)).toEqual(types);
    expect(segments[2]).toEqual({
      type: c.PT_LOAD,
      offset: 0,
      vaddr: 0,
      filesz: bytes.length,
      memsz: bytes.length,
      align: 0x1000,
      readable: true,
      writable: true,
      executable: false,
    });
    const interpreter = segments[1];
    const at = interpreter?.offset ?? 0;
    expect(bytes.slice(at, at + (interpreter?.filesz ?? 0))).toEqual(encode('/lib/ld.so\0'));
  });
});

describe('header', () => {
  it('has flags above 2^31 as a positive number', () => {
    expect(parse(buildElf({ flags: 0xf0000000 })).header.flags).toBe(0xf0000000);
  });

  it('a relocatable file has no program headers', () => {
    expect(parse(buildElf({ type: c.ET_REL })).segments).toEqual([]);
  });

  it('a core file with PN_XNUM has its count in section header 0', () => {
    const bytes = buildElf({ type: c.ET_CORE, phnum: c.PN_XNUM });
    const whole = new Uint8Array(128 + 64);
    whole.set(bytes.slice(0, 64));
    const view = new DataView(whole.buffer);
    view.setBigUint64(40, 128n, true);
    view.setUint32(128 + 44, 7, true);
    expect(parseElfHeader(bytesSource(whole)).phnum).toBe(7);
  });

  it('any other file takes e_phnum as it stands', () => {
    expect(parseElfHeader(bytesSource(buildElf({ phnum: c.PN_XNUM }))).phnum).toBe(c.PN_XNUM);
  });
});

const bad: readonly [
  what: string,
  bytes: Uint8Array,
  code: ErrorCode,
  offset: number,
  fact: string,
][] = [
  ['nothing', new Uint8Array(0), 'EMPTY_FILE', 0, 'the file is empty'],
  ['text', encode('#!/bin/sh\n'), 'NOT_ELF', 0, 'not an ELF file'],
  ['one byte of the magic', Uint8Array.of(0x7f), 'NOT_ELF', 0, 'not an ELF file'],
  ['an archive', encode('!<arch>\n'), 'NOT_ELF', 0, 'not an ELF file'],
  ['class 3', buildElf({ patch: [[4, 3]] }), 'ELF_BAD_HEADER', 4, 'EI_CLASS is 3, expected 1 or 2'],
  ['data 0', buildElf({ patch: [[5, 0]] }), 'ELF_BAD_HEADER', 5, 'EI_DATA is 0, expected 1 or 2'],
  ['only the magic', buildElf({ truncate: 4 }), 'ELF_BAD_HEADER', 4, 'EI_CLASS is undefined'],
  [
    'half a header',
    buildElf({ truncate: 40 }),
    'ELF_TRUNCATED',
    40,
    'the ELF header ends at byte 0x40, but the file has 0x28 bytes',
  ],
  [
    'half a header of 32 bits',
    buildElf({ class: 32, truncate: 51 }),
    'ELF_TRUNCATED',
    51,
    'the ELF header ends at byte 0x34, but the file has 0x33 bytes',
  ],
  [
    'a header and nothing else',
    buildElf({ truncate: 64 }),
    'ELF_TRUNCATED',
    64,
    'program headers end at byte 0xe8, but the file has 0x40 bytes',
  ],
  [
    'program headers of another size',
    buildElf({ phentsize: 32 }),
    'ELF_BAD_HEADER',
    54,
    'e_phentsize is 32, expected 56',
  ],
  [
    'program headers of another size, 32 bits',
    buildElf({ class: 32, phentsize: 56 }),
    'ELF_BAD_HEADER',
    42,
    'e_phentsize is 56, expected 32',
  ],
  [
    'more program headers than bytes',
    buildElf({ phnum: 0xfffe }),
    'ELF_TRUNCATED',
    64,
    'program headers end',
  ],
  [
    'a table at the end of the world',
    buildElf({ phoff: 2 ** 62 }),
    'ELF_TRUNCATED',
    2 ** 62,
    'program headers end',
  ],
];

describe('damaged headers', () => {
  it.each(bad)('%s', (_what, bytes, code, offset, fact) => {
    let error: unknown;
    try {
      parse(bytes);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(ElfFormatError);
    expect(error).toMatchObject({ code, offset });
    expect((error as ElfFormatError).fact).toContain(fact);
    expect((error as ElfFormatError).at('/x').message).toBe(
      `/x: ${(error as ElfFormatError).fact}`,
    );
  });
});
