/**
 * The tables that the dynamic section points to (symbols, strings, versions, hashes, relocations),
 * read by address through PT_LOAD as the loaders do, bounded by the bytes of the segment. Section
 * headers are never looked at.
 */
import { ElfFormatError, hex } from '../errors.js';
import { type ByteSource, decodeText, FieldReader } from './byte-source.js';
import * as c from './constants.js';
import { type DynamicSection, fileRange } from './dynamic.js';
import type { ElfFile } from './elf-file.js';

/** More bytes than any table of a real file has: beyond them it is damage. */
const MAX_TABLE_BYTES = 1 << 28;

/** An ELF file that has a dynamic section. */
export type DynamicFile = ElfFile & { readonly dynamic: DynamicSection };

/** Where a table's bytes are, and how many there are at most. */
export interface TableRange {
  readonly offset: number;
  readonly length: number;
}

/**
 * Where the table is that a tag points to, or undefined when the tag is absent.
 * Throws {@link ElfFormatError} ELF_BAD_DYNAMIC when its address is in no PT_LOAD segment.
 */
export function tableRange(elf: DynamicFile, tag: number, name: string): TableRange | undefined {
  const address = elf.dynamic.tags.get(tag);
  if (address === undefined) return undefined;
  const range = fileRange(elf.segments, address);
  if (range === undefined)
    throw new ElfFormatError(
      'ELF_BAD_DYNAMIC',
      `${name} ${hex(address)} is in no PT_LOAD segment`,
      0,
    );
  return range;
}

/** At most `length` bytes of a table; fewer where its segment or the file ends before. */
export function readTable(source: ByteSource, range: TableRange, length: number): Uint8Array {
  const wanted = Math.min(length, range.length);
  if (Math.min(wanted, source.size - range.offset) > MAX_TABLE_BYTES)
    throw new ElfFormatError(
      'ELF_BAD_DYNAMIC',
      `a table at byte ${hex(range.offset)} has ${hex(wanted)} bytes`,
      range.offset,
    );
  return source.read(range.offset, wanted);
}

/**
 * A table whose size nobody says, such as a chain of version records: read from its start as far
 * as fields are asked for. What lies outside the segment reads as undefined.
 */
export class OpenTable {
  readonly #source: ByteSource;
  readonly #range: TableRange;
  readonly #little: boolean;
  #fields: FieldReader;
  #wanted = 4096;

  constructor(source: ByteSource, elf: ElfFile, range: TableRange) {
    this.#source = source;
    this.#range = range;
    this.#little = elf.header.endian === 'little';
    this.#fields = this.#read();
  }

  u16(offset: number): number | undefined {
    return this.#upTo(offset + 2).u16(offset);
  }

  u32(offset: number): number | undefined {
    return this.#upTo(offset + 4).u32(offset);
  }

  #upTo(end: number): FieldReader {
    if (end > this.#wanted && end <= this.#range.length) {
      while (this.#wanted < end) this.#wanted *= 4;
      this.#fields = this.#read();
    }
    return this.#fields;
  }

  #read(): FieldReader {
    return new FieldReader(readTable(this.#source, this.#range, this.#wanted), this.#little);
  }
}

/** The bytes of DT_STRTAB, DT_STRSZ of them. Throws {@link ElfFormatError} when there are none. */
export function readStrings(source: ByteSource, elf: DynamicFile): Uint8Array {
  const range = tableRange(elf, c.DT_STRTAB, 'DT_STRTAB');
  if (range === undefined)
    throw new ElfFormatError('ELF_BAD_DYNAMIC', 'there are names, but no DT_STRTAB', 0);
  return readTable(source, range, elf.dynamic.tags.get(c.DT_STRSZ) ?? range.length);
}

/** Longer than any name of a symbol, mangled or not; the rest of such a one is not looked at. */
const MAX_NAME_BYTES = 1 << 16;

/** The bytes of the string at `offset`, which may end with the table; empty outside of it. */
export function nameBytesAt(strings: Uint8Array, offset: number): Uint8Array {
  const longest = strings.subarray(offset, offset + MAX_NAME_BYTES);
  const end = longest.indexOf(0);
  return end < 0 ? longest : longest.subarray(0, end);
}

/** The string at `offset`. Throws {@link ElfFormatError} where it begins outside the table. */
export function stringAt(strings: Uint8Array, offset: number): string {
  if (offset >= strings.length)
    throw new ElfFormatError(
      'ELF_BAD_DYNAMIC',
      `a name is at ${hex(offset)}, outside the string table of ${hex(strings.length)} bytes`,
      0,
    );
  return decodeText(nameBytesAt(strings, offset));
}
