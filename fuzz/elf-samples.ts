/**
 * Sound ELF files that the fuzzer begins with: of each class and byte order, of CPUs whose files differ, and with
 * each kind of table and note.
 */
import * as c from '../src/elf/constants.js';
import { goProgram } from '../test/needs/need-worlds.js';
import { ByteWriter, buildElf, type ElfOptions, encode } from '../test/support/elf-builder.js';
import { appendSections } from '../test/support/section-builder.js';
import { ALL_TABLES, type SymbolOptions } from '../test/support/symbol-tables.js';
import { GLIBC_INTERPRETER } from '../test/support/world.js';

/** Tables with versions, and names that needs look for. */
export const TABLES: SymbolOptions = {
  ...ALL_TABLES,
  list: [...ALL_TABLES.list, { name: 'dlopen' }, { name: 'getpwnam' }],
};

export const SAMPLES: readonly ElfOptions[] = [
  {
    interpreter: GLIBC_INTERPRETER,
    needed: ['liba.so', 'libb.so'],
    runpath: '$ORIGIN/x:/lib',
    flags1: c.DF_1_PIE,
  },
  {
    interpreter: GLIBC_INTERPRETER,
    needed: ['liba.so'],
    rpath: '/r:${LIB}',
    symbols: { ...TABLES, hash: 'both' },
    flags1: c.DF_1_PIE,
  },
  { class: 32, endian: 'big', machine: c.EM_MIPS, needed: ['liba.so'], soname: 'me', rpath: '/r' },
  { class: 32, endian: 'big', machine: c.EM_MIPS, symbols: { ...TABLES, hash: 'xhash' } },
  { class: 32, machine: c.EM_ARM, abiTag: [0, 3, 2, 0], needs: [{ kind: 'filter', name: 'f' }] },
  { class: 32, machine: c.EM_ARM, symbols: { ...TABLES, hash: 'elf', rel: true } },
  { endian: 'big', machine: c.EM_S390, dlopen: [[{ soname: ['x.so'] }]], needed: ['y'] },
  { endian: 'big', machine: c.EM_S390, symbols: { ...TABLES, hash: 'elf' } },
  { type: c.ET_CORE, phnum: c.PN_XNUM },
  { type: c.ET_REL },
  { type: c.ET_EXEC, dynamic: false },
  { soname: 'liba.so', symbols: { ...TABLES, hash: 'both' } },
  { machine: c.EM_MIPS, symbols: { ...TABLES, hash: 'both' } },
  { endian: 'big', machine: c.EM_MIPS, symbols: { ...TABLES, hash: 'elf' } },
  { endian: 'big', machine: c.EM_SPARCV9, symbols: { ...TABLES, hash: 'elf' } },
  { machine: c.EM_AARCH64, symbols: { ...TABLES, hash: 'gnu' } },
  { machine: c.EM_RISCV, flags: 5, needed: ['liba.so'] },
  { machine: c.EM_LOONGARCH, flags: 3, needed: ['liba.so'] },
  { endian: 'big', machine: c.EM_PPC64, needed: ['liba.so'] },
  {
    interpreter: GLIBC_INTERPRETER,
    rawNotes: [isaNote(c.GNU_PROPERTY_X86_ISA_1_NEEDED, 2)],
    // Code on a page that a later segment takes away: the flags of the third header say that it is code.
    flags1: c.DF_1_PIE,
    loadCount: 2,
    loads: ({ size }) => [
      { offset: 0, filesz: size },
      { offset: 0, filesz: size },
    ],
    patch: [[64 + 2 * 56 + 4, 5]],
  },
];

/** A property of x86 in a note of GNU. */
function isaNote(type: number, value: number): Uint8Array {
  const out = new ByteWriter(true, true);
  for (const word of [4, 16, 5]) out.u32(word);
  out.bytes(encode('GNU\0'));
  for (const word of [type, 4, value, 0]) out.u32(word);
  return out.result();
}

/** The samples, one with sections, a program of Go, and a script. */
export function elfSeeds(): Uint8Array[] {
  const files = SAMPLES.map((options) => buildElf(options));
  const sections = appendSections(files[0] as Uint8Array, [
    { type: c.SHT_SYMTAB, offset: 64, size: 96 },
    { type: c.SHT_NOTE, flags: c.SHF_ALLOC, offset: 64, size: 64 },
    { type: c.SHT_NOBITS, address: 0x1000, size: 1 << 30 },
  ]);
  const script = Buffer.from('#! /usr/bin/env -S VAR=1 sh -e\n');
  return [...files, sections, goProgram({ functions: ['net.Dial', 'os/user.lookup'] }), script];
}
