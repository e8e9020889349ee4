/**
 * DT_STRTAB as the loaders read it: from its address on, whatever DT_STRSZ says. That tag tells how
 * much to read at first; a name behind it makes the table grow, up to the end of its segment.
 * Source: glibc elf/dl-lookup.c (check_match), musl ldso/dynlink.c (decode_dyn): neither looks at
 * DT_STRSZ.
 */
import { ElfFormatError, hex } from '../errors.js';
import { type ByteSource, cString, decodeText } from './byte-source.js';
import * as c from './constants.js';
import {
  type DynamicFile,
  MAX_TABLE_BYTES,
  readTable,
  tableRange,
  tagNumber,
} from './dynamic-table.js';
import type { FileRange } from './segment-map.js';

/** Longer than the name of any symbol, mangled or not; what a longer one has behind is ignored. */
const MAX_NAME_BYTES = 1 << 16;
/** Names of versions are shorter; a longer one is read apart. */
const SHORT_NAME_BYTES = 64;

/** The names of symbols and versions of one file, by their offset. */
export class NameTable {
  readonly #source: ByteSource;
  readonly #range: FileRange;
  /** Bytes that the file has of it. */
  readonly #limit: number;
  /** How much of it DT_STRSZ says that there is. */
  readonly #stated: number;
  #known: Uint8Array | undefined;

  /** Throws {@link ElfFormatError} ELF_BAD_DYNAMIC when the file has no DT_STRTAB in its segments. */
  constructor(source: ByteSource, elf: DynamicFile) {
    const range = tableRange(elf, c.DT_STRTAB, 'DT_STRTAB');
    if (range === undefined)
      throw new ElfFormatError('ELF_BAD_DYNAMIC', 'there are names, but no DT_STRTAB', 0);
    this.#source = source;
    this.#range = range;
    this.#limit = Math.min(range.length, source.size - range.offset, MAX_TABLE_BYTES);
    this.#stated = tagNumber(elf, c.DT_STRSZ) ?? range.length;
  }

  /** Reads the table now, so that later calls cannot throw for it. */
  load(): void {
    this.#bytes;
  }

  get #bytes(): Uint8Array {
    this.#known ??= readTable(this.#source, this.#range, this.#stated);
    return this.#known;
  }

  /** The bytes of a name without the NUL; empty outside the segment. */
  bytesAt(offset: number): Uint8Array {
    for (;;) {
      const longest = this.#bytes.subarray(offset, offset + MAX_NAME_BYTES);
      const end = longest.indexOf(0);
      if (end >= 0) return longest.subarray(0, end);
      if (!this.#grow(offset + MAX_NAME_BYTES)) return longest;
    }
  }

  /** Whether the name at `offset` is `name`, compared in place. */
  hasAt(offset: number, name: Uint8Array): boolean {
    if (offset + name.length >= this.#bytes.length) this.#grow(offset + name.length + 1);
    const bytes = this.#bytes;
    for (let i = 0; i < name.length; i++) if (bytes[offset + i] !== name[i]) return false;
    return (bytes[offset + name.length] ?? 0) === 0;
  }

  /**
   * The text at `offset`. Throws {@link ElfFormatError} where it begins outside the segment. A few short names,
   * such as those of versions, are read without the whole table.
   */
  textAt(offset: number): string {
    if (this.#known === undefined && offset < this.#limit) {
      const length = Math.min(SHORT_NAME_BYTES, this.#limit - offset);
      const text = cString(this.#source.read(this.#range.offset + offset, length), 0);
      if (text !== undefined) return text;
    }
    const bytes = this.bytesAt(offset);
    if (offset >= this.#bytes.length)
      throw new ElfFormatError(
        'ELF_BAD_DYNAMIC',
        `a name is at ${hex(offset)}, outside the string table of ${hex(this.#bytes.length)} bytes`,
        0,
      );
    return decodeText(bytes);
  }

  /** Reads up to `end`, or as far as there are bytes; false when there are no more. */
  #grow(end: number): boolean {
    const known = this.#bytes.length;
    if (known >= Math.min(end, this.#limit)) return false;
    const wanted = Math.min(Math.max(end, known * 2), this.#limit);
    this.#known = readTable(this.#source, this.#range, wanted);
    return this.#known.length > known;
  }
}
