/**
 * The tables that the dynamic section points to (symbols, strings, versions, hashes, relocations),
 * read by address through PT_LOAD as the loaders do, bounded by the bytes of the segment. Section
 * headers are never looked at.
 */
import { ElfFormatError, hex } from '../errors.js';
import { type ByteSource, FieldReader } from './byte-source.js';
import type { DynamicSection } from './dynamic.js';
import type { ElfFile } from './elf-file.js';
import { type FileRange, fileRange } from './segment-map.js';

/** More bytes than any table of a real file has: beyond them it is damage. */
export const MAX_TABLE_BYTES = 1 << 28;

/** An ELF file that has a dynamic section. */
export type DynamicFile = ElfFile & { readonly dynamic: DynamicSection };

/**
 * Where the table is that a tag points to, or undefined when the tag is absent.
 * Throws {@link ElfFormatError} ELF_BAD_DYNAMIC when its address is in no PT_LOAD segment.
 */
export function tableRange(elf: DynamicFile, tag: number, name: string): FileRange | undefined {
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
export function readTable(source: ByteSource, range: FileRange, length: number): Uint8Array {
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
 * A table of unknown size, such as a chain of version records: read from its start as far
 * as fields are asked for. What lies outside the segment reads as undefined.
 */
export class OpenTable {
  readonly #source: ByteSource;
  readonly #range: FileRange;
  readonly #little: boolean;
  #fields: FieldReader;
  #wanted = 4096;

  constructor(source: ByteSource, elf: ElfFile, range: FileRange) {
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

/**
 * The value of a tag that is a size or a count, rounded above 2^53; undefined when the tag is absent.
 */
export function tagNumber(elf: DynamicFile, tag: number): number | undefined {
  const value = elf.dynamic.tags.get(tag);
  return value === undefined ? undefined : Number(value);
}
