/**
 * Symbol versions: which versions a file asks of which of its needed files (DT_VERNEED), which it
 * defines (DT_VERDEF), and which number in DT_VERSYM means which of them.
 * Source: Ulrich Drepper, "ELF Symbol Versioning"; glibc elf/dl-version.c. Chains are followed as
 * the loader does, by their `next` fields, whatever DT_VERNEEDNUM and DT_VERDEFNUM say.
 */
import { ElfFormatError, hex } from '../errors.js';
import type { ByteSource } from './byte-source.js';
import * as c from './constants.js';
import { type DynamicFile, OpenTable, tableRange } from './dynamic-table.js';
import type { NameTable } from './name-table.js';

/** One version that a file asks for. */
export interface NeededVersion {
  readonly name: string;
  /** vna_hash: the ELF hash of the name, as the linker wrote it. */
  readonly hash: number;
  /** VER_FLG_WEAK: the loader goes on without it. */
  readonly weak: boolean;
  /** What DT_VERSYM has for a symbol of this version, without the hidden bit. */
  readonly index: number;
  /** The hidden bit of vna_other: only a definition of just this version will do. */
  readonly hidden: boolean;
}

/** What is asked of one needed file. */
export interface VersionNeed {
  /** The needed name that the versions are looked for in. */
  readonly file: string;
  readonly versions: readonly NeededVersion[];
}

/** One version that a file defines. */
export interface VersionDefinition {
  readonly name: string;
  readonly hash: number;
  readonly index: number;
  /** VER_FLG_BASE: the name of the file itself, which no symbol is looked up by. */
  readonly base: boolean;
  readonly weak: boolean;
  /** The versions that this one includes. */
  readonly parents: readonly string[];
}

/** What DT_VERNEED and DT_VERDEF say. */
export interface SymbolVersions {
  readonly needs: readonly VersionNeed[];
  /** Undefined in a file without DT_VERDEF, which the loader accepts for any version. */
  readonly definitions?: readonly VersionDefinition[];
}

/** Those of a file without either table. */
export const NO_VERSIONS: SymbolVersions = { needs: [] };

/** More records, and more text, than any real file has. */
const MAX_RECORDS = 1 << 16;
const MAX_CHARACTERS = 1 << 24;

/**
 * Decodes both tables, given the string table.
 * Throws {@link ElfFormatError} ELF_BAD_DYNAMIC when a record is outside the file's segments.
 */
export function parseVersions(
  source: ByteSource,
  elf: DynamicFile,
  names: NameTable,
): SymbolVersions {
  const needRange = tableRange(elf, c.DT_VERNEED, 'DT_VERNEED');
  const definitionRange = tableRange(elf, c.DT_VERDEF, 'DT_VERDEF');
  const needs =
    needRange === undefined
      ? []
      : parseNeeds(new Records(new OpenTable(source, elf, needRange), 'DT_VERNEED'), names);
  if (definitionRange === undefined) return { needs };
  const table = new OpenTable(source, elf, definitionRange);
  return { needs, definitions: parseDefinitions(new Records(table, 'DT_VERDEF'), names) };
}

/** Elf_Verneed: version, cnt, file, aux, next. Elf_Vernaux: hash, flags, other, name, next. */
function parseNeeds(records: Records, names: NameTable): VersionNeed[] {
  return records.chain(0, 12, (at) => ({
    file: records.text(names, records.u32(at + 4)),
    versions: records.chain(at + records.u32(at + 8), 12, (aux) => {
      const other = records.u16(aux + 6);
      return {
        name: records.text(names, records.u32(aux + 8)),
        hash: records.u32(aux),
        weak: (records.u16(aux + 4) & c.VER_FLG_WEAK) !== 0,
        index: other & 0x7fff,
        hidden: (other & 0x8000) !== 0,
      };
    }),
  }));
}

/** Elf_Verdef: version, flags, ndx, cnt, hash, aux, next. Elf_Verdaux: name, next. */
function parseDefinitions(records: Records, names: NameTable): VersionDefinition[] {
  return records.chain(0, 16, (at) => {
    const flags = records.u16(at + 2);
    const [name = '', ...parents] = records.chain(at + records.u32(at + 12), 4, (aux) =>
      records.text(names, records.u32(aux)),
    );
    return {
      name,
      hash: records.u32(at + 8),
      index: records.u16(at + 4) & 0x7fff,
      base: (flags & c.VER_FLG_BASE) !== 0,
      weak: (flags & c.VER_FLG_WEAK) !== 0,
      parents,
    };
  });
}

/** Chains of records in one table. Counts all of them, so that no file makes it go on and on. */
class Records {
  readonly #table: OpenTable;
  readonly #name: string;
  #left = MAX_RECORDS;
  #characters = MAX_CHARACTERS;

  constructor(table: OpenTable, name: string) {
    this.#table = table;
    this.#name = name;
  }

  u16(offset: number): number {
    return this.#table.u16(offset) ?? this.#outside(offset);
  }

  u32(offset: number): number {
    return this.#table.u32(offset) ?? this.#outside(offset);
  }

  text(names: NameTable, offset: number): string {
    const text = names.textAt(offset);
    this.#characters -= text.length;
    if (this.#characters < 0)
      throw new ElfFormatError(
        'ELF_BAD_DYNAMIC',
        `the names of ${this.#name} have more than ${MAX_CHARACTERS} characters`,
        0,
      );
    return text;
  }

  /** Each record from `start`; the distance to the next one, or 0, is `nextAt` bytes into it. */
  chain<T>(start: number, nextAt: number, decode: (at: number) => T): T[] {
    const decoded: T[] = [];
    for (let at = start; ; ) {
      if (this.#left-- === 0)
        throw new ElfFormatError(
          'ELF_BAD_DYNAMIC',
          `${this.#name} has more than ${MAX_RECORDS} records`,
          0,
        );
      const next = this.u32(at + nextAt);
      decoded.push(decode(at));
      if (next === 0) return decoded;
      at += next;
    }
  }

  #outside(offset: number): never {
    throw new ElfFormatError(
      'ELF_BAD_DYNAMIC',
      `a record of ${this.#name} at ${hex(offset)} is outside its segment`,
      0,
    );
  }
}
