/**
 * Relocations that look for a symbol, in the order in which glibc's loader goes through them: which
 * symbols a file binds when it starts, and which only at the first call through the PLT.
 * Relative relocations (DT_RELR among them) look for nothing and are passed over unread.
 * Source: glibc elf/do-rel.h, elf/dynamic-link.h and the elf_machine_type_class of each port.
 */

import { distance } from './address.js';
import { type ByteSource, FieldReader } from './byte-source.js';
import * as c from './constants.js';
import { type DynamicFile, readTable, tableRange, tagNumber } from './dynamic-table.js';
import type { FileRange } from './segment-map.js';

/** How a relocation looks its symbol up: bits as in glibc's elf_machine_type_class. */
export const CLASS_PLT = 1;
export const CLASS_COPY = 2;

/** Look-ups, one an index; a row of look-ups for the same symbol and class is one. */
export interface Relocations {
  /** Indexes in the dynamic symbol table. */
  readonly symbols: Uint32Array;
  /** {@link CLASS_PLT} and {@link CLASS_COPY}. */
  readonly classes: Uint8Array;
  /** Look-ups from here on are made at the first call, unless the process binds at its start. */
  readonly lazyFrom: number;
}

interface Machine {
  readonly copy: number;
  /** Jump slots, and what is thread-local. */
  readonly plt: ReadonlySet<number>;
}

const machine = (copy: number, ...plt: number[]): Machine => ({ copy, plt: new Set(plt) });

/** R_*_COPY, then R_*_JUMP_SLOT and the TLS relocations, of each processor supplement. */
const MACHINES: Readonly<Record<number, Machine>> = {
  [c.EM_386]: machine(5, 7, 14, 35, 36, 37, 41),
  [c.EM_X86_64]: machine(5, 7, 16, 17, 18, 36),
  [c.EM_ARM]: machine(20, 22, 13, 17, 18, 19),
  [c.EM_AARCH64]: machine(1024, 1026, 1028, 1029, 1030, 1031),
  [c.EM_PPC]: machine(19, 21, 68, 73, 78),
  [c.EM_PPC64]: machine(19, 21, 68, 73, 78),
  [c.EM_S390]: machine(9, 11, 54, 55, 56),
  [c.EM_RISCV]: machine(4, 5, 6, 7, 8, 9, 10, 11, 12),
  [c.EM_LOONGARCH]: machine(4, 5, 6, 7, 8, 9, 10, 11, 13, 14),
  [c.EM_MIPS]: machine(126, 127, 38, 39, 40, 41, 47, 48),
  [c.EM_SPARC]: machine(19, 21, 74, 75, 76, 77, 78, 79),
  [c.EM_SPARC32PLUS]: machine(19, 21, 74, 75, 76, 77, 78, 79),
  [c.EM_SPARCV9]: machine(19, 21, 74, 75, 76, 77, 78, 79),
  [c.EM_68K]: machine(19, 21, 40, 41, 42),
  [c.EM_SH]: machine(162, 164, 149, 150, 151),
  [c.EM_ALPHA]: machine(24, 26, 31, 33, 35, 38),
  [c.EM_PARISC]: machine(128, 129, 242, 243, 244),
};

const UNKNOWN: Machine = machine(-1);

/** DT_REL and DT_RELA: their tags for address, bytes, and number of relative ones in front. */
const TABLES = [
  { tag: c.DT_REL, size: c.DT_RELSZ, relative: c.DT_RELCOUNT, name: 'DT_REL' },
  { tag: c.DT_RELA, size: c.DT_RELASZ, relative: c.DT_RELACOUNT, name: 'DT_RELA' },
] as const;

/**
 * Decodes the tables that have symbols. Throws {@link ElfFormatError} ELF_BAD_DYNAMIC when one is
 * in no segment; one that ends with its segment ends there.
 */
export function parseRelocations(source: ByteSource, elf: DynamicFile): Relocations {
  const list = new LookupList(elf);
  for (const { tag, size, relative, name } of TABLES) {
    const range = tableRange(elf, tag, name);
    if (range === undefined) continue;
    const bytes = tagNumber(elf, size) ?? 0;
    const entry = entrySize(elf, tag);
    const end = Math.min(bytes, distanceToJumps(elf, tag));
    const skipped = Math.min((tagNumber(elf, relative) ?? 0) * entry, end);
    list.addTable(source, after(range, skipped), end - skipped, entry);
  }
  if (elf.header.machine === c.EM_MIPS) list.addRange(source, elf);
  const symbolCount = list.length;
  const jumpRange = tableRange(elf, c.DT_JMPREL, 'DT_JMPREL');
  if (jumpRange !== undefined) {
    const kind = tagNumber(elf, c.DT_PLTREL) === c.DT_REL ? c.DT_REL : c.DT_RELA;
    list.addTable(source, jumpRange, tagNumber(elf, c.DT_PLTRELSZ) ?? 0, entrySize(elf, kind));
  }
  return list.result(symbolCount);
}

/**
 * The types of all relocations of a file, each once: DT_REL, DT_RELA and DT_JMPREL, without the
 * relative ones that DT_RELCOUNT and DT_RELACOUNT count. Throws as {@link parseRelocations} does.
 */
export function parseRelocationTypes(source: ByteSource, elf: DynamicFile): ReadonlySet<number> {
  const types = new Set<number>();
  const add = (range: FileRange, size: number, entry: number) => {
    const bytes = readTable(source, range, size);
    const decode = infoDecoder(elf, new FieldReader(bytes, elf.header.endian === 'little'));
    for (let at = 0; at + entry <= bytes.length; at += entry) types.add(decode(at).type);
  };
  for (const { tag, size, relative, name } of TABLES) {
    const range = tableRange(elf, tag, name);
    if (range === undefined) continue;
    const entry = entrySize(elf, tag);
    const bytes = tagNumber(elf, size) ?? 0;
    const skipped = Math.min((tagNumber(elf, relative) ?? 0) * entry, bytes);
    add(after(range, skipped), bytes - skipped, entry);
  }
  const jumps = tableRange(elf, c.DT_JMPREL, 'DT_JMPREL');
  const kind = tagNumber(elf, c.DT_PLTREL) === c.DT_REL ? c.DT_REL : c.DT_RELA;
  if (jumps !== undefined) add(jumps, tagNumber(elf, c.DT_PLTRELSZ) ?? 0, entrySize(elf, kind));
  return types;
}

/** Some linkers count the jump slots among the others; the loader goes through them once. */
function distanceToJumps({ dynamic: { tags } }: DynamicFile, tag: number): number {
  const jumps = tags.get(c.DT_JMPREL);
  const bytes = jumps === undefined ? -1 : distance(tags.get(tag) ?? 0, jumps);
  return bytes < 0 ? Number.POSITIVE_INFINITY : bytes;
}

function after({ offset, length }: FileRange, skipped: number): FileRange {
  return { offset: offset + skipped, length: Math.max(0, length - skipped) };
}

function entrySize(elf: DynamicFile, tag: number): number {
  return (elf.header.class / 8) * (tag === c.DT_REL ? 2 : 3);
}

class LookupList {
  readonly #elf: DynamicFile;
  readonly #machine: Machine;
  #symbols = new Uint32Array(256);
  #classes = new Uint8Array(256);
  length = 0;

  constructor(elf: DynamicFile) {
    this.#elf = elf;
    this.#machine = MACHINES[elf.header.machine] ?? UNKNOWN;
  }

  addTable(source: ByteSource, range: FileRange, size: number, entry: number): void {
    const bytes = readTable(source, range, size);
    const fields = new FieldReader(bytes, this.#elf.header.endian === 'little');
    const decode = infoDecoder(this.#elf, fields);
    for (let at = 0; at + entry <= bytes.length; at += entry) {
      const { symbol, type } = decode(at);
      if (symbol !== 0 && type !== 0) this.#add(symbol, this.#classOf(type));
    }
  }

  /**
   * MIPS: the symbols from DT_MIPS_GOTSYM on have an entry in the GOT instead of a relocation.
   * Source: glibc sysdeps/mips/dl-machine.h (elf_machine_got_rel).
   */
  addRange(source: ByteSource, elf: DynamicFile): void {
    const end = Math.min(tagNumber(elf, c.DT_MIPS_SYMTABNO) ?? 0, source.size / 16);
    for (let symbol = tagNumber(elf, c.DT_MIPS_GOTSYM) ?? end; symbol < end; symbol++)
      this.#add(symbol, 0);
  }

  #classOf(type: number): number {
    if (type === this.#machine.copy) return CLASS_COPY;
    return this.#machine.plt.has(type) ? CLASS_PLT : 0;
  }

  /** The loader remembers its last look-up, and does not repeat it. */
  #add(symbol: number, lookupClass: number): void {
    const last = this.length - 1;
    if (last >= 0 && this.#symbols[last] === symbol && this.#classes[last] === lookupClass) return;
    if (this.length === this.#symbols.length) {
      this.#symbols = grown(this.#symbols, new Uint32Array(this.length * 2));
      this.#classes = grown(this.#classes, new Uint8Array(this.length * 2));
    }
    this.#symbols[this.length] = symbol;
    this.#classes[this.length] = lookupClass;
    this.length++;
  }

  result(lazyFrom: number): Relocations {
    return {
      symbols: this.#symbols.subarray(0, this.length),
      classes: this.#classes.subarray(0, this.length),
      lazyFrom,
    };
  }
}

function grown<T extends Uint8Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

interface Info {
  symbol: number;
  type: number;
}

/** r_info into symbol and type; the one object it gives is used again for the next entry. */
function infoDecoder({ header }: DynamicFile, fields: FieldReader): (at: number) => Info {
  const little = header.endian === 'little';
  if (header.class === 32) return narrowInfo(fields);
  if (header.machine === c.EM_MIPS) return mipsInfo(fields, little);
  return wideInfo(fields, little, header.machine === c.EM_SPARCV9 ? 0xff : 0xffffffff);
}

/** Elf32_Rel: the symbol above the type, which has eight bits. */
function narrowInfo(fields: FieldReader): (at: number) => Info {
  const info: Info = { symbol: 0, type: 0 };
  return (at) => {
    const word = fields.u32(at + 4) ?? 0;
    info.symbol = word >>> 8;
    info.type = word & 0xff;
    return info;
  };
}

/** Elf64_Mips_External_Rel: the symbol, then four bytes with the first type in the last. */
function mipsInfo(fields: FieldReader, little: boolean): (at: number) => Info {
  const info: Info = { symbol: 0, type: 0 };
  return (at) => {
    const word = fields.u32(at + 12) ?? 0;
    info.symbol = fields.u32(at + 8) ?? 0;
    info.type = little ? word >>> 24 : word & 0xff;
    return info;
  };
}

/** Elf64_Rel: the symbol in the high half, the type in the low one, as far as `typeMask` has it. */
function wideInfo(fields: FieldReader, little: boolean, typeMask: number): (at: number) => Info {
  const info: Info = { symbol: 0, type: 0 };
  const symbolAt = little ? 12 : 8;
  const typeAt = little ? 8 : 12;
  return (at) => {
    info.symbol = fields.u32(at + symbolAt) ?? 0;
    info.type = ((fields.u32(at + typeAt) ?? 0) & typeMask) >>> 0;
    return info;
  };
}
