/**
 * The tables of dynamic symbols as the loaders look into them: numbers and bytes of one symbol at a
 * time, by its index. Each table is read when it is first looked at. What a symbol means as a whole
 * is said by symbols.ts.
 * Source: gABI chapter 4, "Symbol Table"; glibc elf/dl-version.c.
 */

import type { Address } from './address.js';
import { type ByteSource, decodeText, FieldReader } from './byte-source.js';
import * as c from './constants.js';
import { type DynamicFile, readTable, tableRange, tagNumber } from './dynamic-table.js';
import { NameTable } from './name-table.js';
import { parseRelocations } from './relocations.js';
import { parseSymbolHash, type SymbolHash } from './symbol-hash.js';
import { parseVersions, type SymbolVersions } from './versions.js';

/** A version as DT_VERSYM names it by index. */
interface IndexedVersion {
  readonly name: string;
  readonly hash: number;
  readonly file?: string;
  readonly hidden: boolean;
}

/** Fields by class: offsets of st_name, st_info, st_other, st_shndx, st_value and st_size. */
const LAYOUT = {
  32: { entry: 16, info: 12, other: 13, section: 14, value: 4, size: 8 },
  64: { entry: 24, info: 4, other: 5, section: 6, value: 8, size: 16 },
} as const;

const NO_NAME = new Uint8Array(0);

/** The symbol table of one file. Fields of symbols outside the table read as 0. */
export class SymbolTable {
  readonly #source: ByteSource;
  readonly #elf: DynamicFile;
  readonly #layout: (typeof LAYOUT)[32 | 64];
  #names: NameTable | undefined;
  #hash: SymbolHash | null | undefined;
  #count: number | undefined;
  #bytes: Uint8Array | undefined;
  #fields: FieldReader | undefined;
  #versym: FieldReader | null | undefined;
  #versions: SymbolVersions | undefined;
  #byIndex: ReadonlyMap<number, IndexedVersion> | undefined;

  constructor(source: ByteSource, elf: DynamicFile) {
    this.#source = source;
    this.#elf = elf;
    this.#layout = LAYOUT[elf.header.class];
  }

  /** Reads every table now, so that later calls cannot throw. */
  load(): void {
    this.#table;
    this.names.load();
    this.versionIndex(0);
    this.versionOf(0);
    this.hash;
  }

  /** e_machine: some have rules of their own for symbols. */
  get machine(): number {
    return this.#elf.header.machine;
  }

  /** DT_STRTAB. */
  get names(): NameTable {
    this.#names ??= new NameTable(this.#source, this.#elf);
    return this.#names;
  }

  /** DT_VERNEED and DT_VERDEF. */
  get versions(): SymbolVersions {
    this.#versions ??= parseVersions(this.#source, this.#elf, this.names);
    return this.#versions;
  }

  /** Undefined in a file that nothing can be found in by name. */
  get hash(): SymbolHash | undefined {
    if (this.#hash === undefined) this.#hash = parseSymbolHash(this.#source, this.#elf) ?? null;
    return this.#hash ?? undefined;
  }

  /**
   * Number of symbols, the null symbol included. No tag says it for all files: it is what the hash
   * table knows, and where that has no exports (so that it tells nothing), what is relocated.
   */
  get count(): number {
    this.#count ??= this.#findCount();
    return this.#count;
  }

  #findCount(): number {
    const range = tableRange(this.#elf, c.DT_SYMTAB, 'DT_SYMTAB');
    const room = range === undefined ? 0 : Math.min(range.length, this.#source.size - range.offset);
    const most = Math.max(0, Math.floor(room / this.#layout.entry));
    const own = tagNumber(this.#elf, c.DT_MIPS_SYMTABNO);
    if (this.#elf.target.machine === 'mips' && own !== undefined) return Math.min(own, most);
    const elfHash = this.#elf.dynamic.tags.has(c.DT_HASH)
      ? parseSymbolHash(this.#source, withoutGnuHash(this.#elf))?.count
      : undefined;
    if (elfHash !== undefined) return Math.min(elfHash, most);
    let count = this.hash?.count ?? 0;
    for (const index of parseRelocations(this.#source, this.#elf).symbols)
      if (index >= count) count = index + 1;
    return Math.min(count, most);
  }

  get #table(): FieldReader {
    if (this.#fields === undefined) {
      const range = tableRange(this.#elf, c.DT_SYMTAB, 'DT_SYMTAB') as {
        offset: number;
        length: number;
      };
      this.#bytes = readTable(this.#source, range, this.count * this.#layout.entry);
      this.#fields = new FieldReader(this.#bytes, this.#elf.header.endian === 'little');
    }
    return this.#fields;
  }

  /** st_info: the type in the low four bits, the binding above them. */
  info(index: number): number {
    this.#table;
    return this.#bytes?.[index * this.#layout.entry + this.#layout.info] ?? 0;
  }

  /** st_other: the visibility in the low two bits. */
  other(index: number): number {
    this.#table;
    return this.#bytes?.[index * this.#layout.entry + this.#layout.other] ?? 0;
  }

  section(index: number): number {
    return this.#table.u16(index * this.#layout.entry + this.#layout.section) ?? 0;
  }

  value(index: number): Address {
    const at = index * this.#layout.entry + this.#layout.value;
    return this.#table.address(at, this.#elf.header.class) ?? 0;
  }

  /** Whether the value is another than 0, without the cost of a 64-bit number. */
  hasValue(index: number): boolean {
    const at = index * this.#layout.entry + this.#layout.value;
    const low = this.#table.u32(at) ?? 0;
    return low !== 0 || (this.#elf.header.class === 64 && (this.#table.u32(at + 4) ?? 0) !== 0);
  }

  /** The bytes of a name without the NUL; empty outside the string table. */
  nameBytes(index: number): Uint8Array {
    const offset = this.#table.u32(index * this.#layout.entry);
    return offset === undefined ? NO_NAME : this.names.bytesAt(offset);
  }

  /** Whether a symbol has just this name, compared in place. */
  hasName(index: number, name: Uint8Array): boolean {
    const offset = this.#table.u32(index * this.#layout.entry);
    return offset === undefined ? name.length === 0 : this.names.hasAt(offset, name);
  }

  name(index: number): string {
    return decodeText(this.nameBytes(index));
  }

  /** DT_VERSYM's number for a symbol, hidden bit included; undefined in a file without versions. */
  versionIndex(index: number): number | undefined {
    if (this.#versym === undefined) {
      const range = tableRange(this.#elf, c.DT_VERSYM, 'DT_VERSYM');
      this.#versym =
        range === undefined
          ? null
          : new FieldReader(
              readTable(this.#source, range, this.count * 2),
              this.#elf.header.endian === 'little',
            );
    }
    return this.#versym === null ? undefined : (this.#versym.u16(index * 2) ?? 0);
  }

  /** What a number of DT_VERSYM (without the hidden bit) means; none for local and base ones. */
  versionOf(number: number): IndexedVersion | undefined {
    this.#byIndex ??= indexVersions(this.versions);
    return this.#byIndex.get(number);
  }

  /** Whether a symbol can have a version: DT_VERSYM counts only where there are versions to name. */
  get hasVersions(): boolean {
    const { needs, definitions = [] } = this.versions;
    return needs.length > 0 || definitions.length > 0;
  }

  /** st_size, in bytes. */
  size(index: number): number {
    const at = index * this.#layout.entry + this.#layout.size;
    return this.#table.word(at, this.#elf.header.class) ?? 0;
  }
}

function withoutGnuHash(elf: DynamicFile): DynamicFile {
  const tags = new Map(elf.dynamic.tags);
  tags.delete(c.DT_GNU_HASH);
  tags.delete(c.DT_MIPS_XHASH);
  return { ...elf, dynamic: { ...elf.dynamic, tags } };
}

/** dl-version.c (_dl_check_map_versions): the base version is not among them. */
function indexVersions({ needs, definitions = [] }: SymbolVersions): Map<number, IndexedVersion> {
  const byIndex = new Map<number, IndexedVersion>();
  for (const { file, versions } of needs)
    for (const { index, name, hash, hidden } of versions)
      byIndex.set(index, { name, hash, hidden, file });
  for (const { base, index, name, hash } of definitions)
    if (!base) byIndex.set(index, { name, hash, hidden: false });
  return byIndex;
}
