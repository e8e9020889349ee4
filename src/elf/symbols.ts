/**
 * Dynamic symbols: what a file imports and exports, with versions, binding, type and visibility.
 * Found as the loaders find them, from the dynamic section, without section headers. Reads more
 * than parseElf does, and therefore only when asked.
 */
import { ElfFormatError } from '../errors.js';
import type { Address } from './address.js';
import type { ByteSource } from './byte-source.js';
import * as c from './constants.js';
import type { DynamicFile } from './dynamic-table.js';
import type { ElfFile } from './elf-file.js';
import { NameHash } from './symbol-hash.js';
import { SymbolTable } from './symbol-table.js';

/** One row of the dynamic symbol table. Numbers are those of the specification. */
export interface ElfSymbol {
  readonly index: number;
  readonly name: string;
  readonly binding: 'local' | 'global' | 'weak' | 'unique' | 'other';
  /** STT_*: 1 data, 2 function, 6 thread-local, 10 indirect function. */
  readonly type: number;
  /** STV_*: 0 default, 1 internal, 2 hidden, 3 protected. */
  readonly visibility: number;
  /** Whether the file defines it: its section is not SHN_UNDEF. */
  readonly defined: boolean;
  readonly value: Address;
  readonly size: number;
  /** The version asked for, or defined; absent when there is none. */
  readonly version?: string;
  /** Of a definition: one that only a reference to just this version finds (`name@version`). */
  readonly hidden: boolean;
  /** Of an import with a version: the needed file that shall define it. */
  readonly file?: string;
}

/**
 * The dynamic symbols of a file, or undefined when it has no dynamic section or no DT_SYMTAB.
 * Tables are read when they are first looked at; that may throw {@link ElfFormatError} as well.
 */
export function parseSymbols(source: ByteSource, elf: ElfFile): DynamicSymbols | undefined {
  if (elf.dynamic === undefined || !elf.dynamic.tags.has(c.DT_SYMTAB)) return undefined;
  return new DynamicSymbols(source, elf as DynamicFile);
}

/** More text than the names of any real file have, even the largest C++ libraries. */
const MAX_CHARACTERS = 1 << 27;

/** The symbols of one file, one by one or all together. */
export class DynamicSymbols extends SymbolTable {
  /** One symbol with everything that is known of it. */
  symbol(index: number): ElfSymbol {
    const info = this.info(index);
    const versym = this.versionIndex(index) ?? 0;
    const version = this.versionOf(versym & 0x7fff);
    const defined = this.section(index) !== c.SHN_UNDEF;
    return {
      index,
      name: this.name(index),
      binding: BINDINGS[info >> 4] ?? 'other',
      type: info & 15,
      visibility: this.other(index) & 3,
      defined,
      value: this.value(index),
      size: this.size(index),
      version: version?.name,
      hidden: defined && (versym & 0x8000) !== 0,
      file: version?.file,
    };
  }

  /** All symbols that the file takes from others, weak ones included. */
  imports(): ElfSymbol[] {
    return [...this.#where((index) => this.#isImport(index))].map((index) => this.symbol(index));
  }

  /** The names of {@link imports}, which is all that most callers want, and less to decode. */
  importedNames(): ReadonlySet<string> {
    const names = new Set<string>();
    for (const index of this.#where((each) => this.#isImport(each))) names.add(this.name(index));
    return names;
  }

  /** All symbols that others can take from the file. */
  exports(): ElfSymbol[] {
    const isExport = (index: number) =>
      this.section(index) !== c.SHN_UNDEF &&
      this.info(index) >> 4 !== c.STB_LOCAL &&
      !HIDDEN.has(this.other(index) & 3);
    return [...this.#where(isExport)].map((index) => this.symbol(index));
  }

  /** Definitions of a name in any version, by the hash table. */
  definitions(name: string): ElfSymbol[] {
    const hash = new NameHash(new TextEncoder().encode(name));
    return (this.hash?.candidates(hash) ?? [])
      .map((index) => this.symbol(index))
      .filter((symbol) => symbol.defined && symbol.name === name);
  }

  #isImport(index: number): boolean {
    return this.section(index) === c.SHN_UNDEF && this.info(index) >> 4 !== c.STB_LOCAL;
  }

  /**
   * Indices of symbols, without the null symbol. Throws when their names are longer than the whole
   * file could hold: many may lie over each other.
   */
  *#where(isWanted: (index: number) => boolean): Generator<number> {
    let characters = 0;
    for (let index = 1; index < this.count; index++) {
      if (!isWanted(index)) continue;
      characters += this.nameBytes(index).length;
      if (characters > MAX_CHARACTERS)
        throw new ElfFormatError(
          'ELF_BAD_DYNAMIC',
          `the names of the symbols have more than ${MAX_CHARACTERS} characters`,
          0,
        );
      yield index;
    }
  }
}

const HIDDEN: ReadonlySet<number> = new Set([c.STV_HIDDEN, c.STV_INTERNAL]);

const BINDINGS: Readonly<Record<number, ElfSymbol['binding']>> = {
  [c.STB_LOCAL]: 'local',
  [c.STB_GLOBAL]: 'global',
  [c.STB_WEAK]: 'weak',
  [c.STB_GNU_UNIQUE]: 'unique',
};
