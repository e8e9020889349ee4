/**
 * What a file is for and how it is linked, as file(1) tells it from the type, PT_INTERP, the needs and
 * DF_1_PIE. And the `#!` line, as binfmt_script of Linux reads it.
 */
import { describe, expect, it } from 'vitest';
import { DF_1_PIE, ET_CORE, ET_DYN, ET_EXEC, ET_REL } from '../../src/elf/constants.js';
import { type ElfKind, type Linkage, parseElf } from '../../src/elf/elf-file.js';
import { parseShebang } from '../../src/elf/script.js';
import { buildElf, type ElfOptions, encode } from '../support/elf-builder.js';

const interpreter = '/lib64/ld-linux-x86-64.so.2';
const needed = ['libc.so.6'];
const pie = { flags1: DF_1_PIE };

const kinds: readonly [what: string, options: ElfOptions, kind: ElfKind, linkage: Linkage][] = [
  ['static', { type: ET_EXEC }, 'executable', 'static'],
  ['static-pie', { ...pie }, 'executable', 'static-pie'],
  ['dynamic executable', { type: ET_EXEC, interpreter, needed }, 'executable', 'dynamic'],
  ['PIE', { ...pie, interpreter, needed }, 'executable', 'dynamic'],
  ['PIE of an old linker', { interpreter, needed }, 'executable', 'dynamic'],
  ['PIE with a SONAME', { ...pie, interpreter, needed, soname: 'x' }, 'executable', 'dynamic'],
  ['shared library', { needed, soname: 'libx.so.1' }, 'shared-library', 'dynamic'],
  ['shared library without SONAME', { needed }, 'shared-library', 'dynamic'],
  ['shared library without needs', { soname: 'libx.so.1' }, 'shared-library', 'dynamic'],
  ['libc.so.6', { interpreter, soname: 'libc.so.6' }, 'shared-library', 'dynamic'],
  ['PIE with an interpreter and no needs (Go)', { ...pie, interpreter }, 'executable', 'dynamic'],
  ['PIE with needs and no interpreter', { ...pie, needed }, 'executable', 'dynamic'],
  ['a packed program (UPX)', { type: ET_EXEC, dynamic: false }, 'executable', 'static'],
  [
    'static with an empty dynamic section',
    { type: ET_EXEC, dynamic: true },
    'executable',
    'static',
  ],
  ['relocatable', { type: ET_REL }, 'relocatable', 'static'],
  ['core', { type: ET_CORE }, 'core', 'static'],
  [
    'a library without dynamic section',
    { type: ET_DYN, dynamic: false },
    'shared-library',
    'static',
  ],
];

describe('kind and linkage', () => {
  it.each(kinds)('%s', (_what, options, kind, linkage) => {
    expect(parseElf(buildElf(options))).toMatchObject({ kind, linkage });
  });
});

describe('interpreter', () => {
  it('is the text of PT_INTERP up to its NUL', () => {
    expect(parseElf(buildElf({ interpreter: '/lib/ld.so\0garbage' })).interpreter).toBe(
      '/lib/ld.so',
    );
  });

  it('is all of PT_INTERP where it has no NUL', () => {
    const bytes = buildElf({ interpreter: '/lib/ld.so' });
    const at = Buffer.from(bytes).indexOf('/lib/ld.so') + '/lib/ld.so'.length;
    bytes[at] = 0x58;
    expect(parseElf(bytes).interpreter).toBe('/lib/ld.soX');
  });
});

describe('what the kernel refuses', () => {
  const path = '/lib/ld.so';
  const size = path.length + 1;
  /** p_filesz of PT_INTERP, which is the second program header. */
  const sized = (filesz: number, interpreter = path) =>
    parseElf(buildElf({ interpreter, patch: [[64 + 56 + 32, filesz & 0xff, filesz >> 8]] }));

  it.each([
    ['as it is', size, path, undefined],
    ['without the NUL', size - 1, path, 'interpreter-unterminated'],
    ['of two bytes', 2, '/l', 'interpreter-unterminated'],
    ['of one byte', 1, undefined, 'interpreter-too-short'],
    ['of no byte', 0, undefined, 'interpreter-too-short'],
    ['longer than the file', 4096, undefined, 'interpreter-cut-off'],
    ['longer than PATH_MAX', 4097, path, 'interpreter-too-long'],
  ])('PT_INTERP %s', (_what, filesz, interpreter, startFault) => {
    expect(sized(filesz)).toMatchObject({ interpreter, startFault });
  });

  it('an empty path', () => {
    expect(sized(2, '\0')).toMatchObject({
      interpreter: undefined,
      startFault: 'interpreter-empty',
    });
  });

  it('a file without program headers', () => {
    expect(parseElf(buildElf({ phnum: 0 })).startFault).toBe('no-segments');
    expect(parseElf(buildElf({ type: ET_REL })).startFault).toBeUndefined();
  });
});

describe('the first line of a script', () => {
  it.each([
    ['#!/bin/sh\n', { interpreter: '/bin/sh' }],
    ['#! /bin/sh\n', { interpreter: '/bin/sh' }],
    ['#!\t/bin/sh \t\n', { interpreter: '/bin/sh' }],
    ['#!/bin/sh', { interpreter: '/bin/sh' }],
    ['#!/usr/bin/env python3\n', { interpreter: '/usr/bin/env', argument: 'python3' }],
    ['#!/usr/bin/env -S a b  c \n', { interpreter: '/usr/bin/env', argument: '-S a b  c' }],
    ['#!/bin/sh\r\n', { interpreter: '/bin/sh\r' }],
    ['#!/bin/sh\0 -x\n', { interpreter: '/bin/sh' }],
    ['#!\n', undefined],
    ['#!   \n/bin/sh', undefined],
    ['#', undefined],
    ['', undefined],
    [' #!/bin/sh\n', undefined],
    ['\ufeff#!/bin/sh\n', undefined],
  ])('%j', (text, expected) => {
    expect(parseShebang(encode(text))).toEqual(expected);
  });
});
