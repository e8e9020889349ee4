/**
 * The symbols, versions and relocations of loaded objects, each file read once in a run, however
 * many programs are checked.
 */
import { type ByteSource, pagedSource } from '../elf/byte-source.js';
import type { DynamicFile } from '../elf/dynamic-table.js';
import type { ElfFile } from '../elf/elf-file.js';
import { parseRelocations, parseRelocationTypes, type Relocations } from '../elf/relocations.js';
import { type DynamicSymbols, parseSymbols } from '../elf/symbols.js';
import type { SymbolVersions } from '../elf/versions.js';
import { describeErrno, ElfdepsError, ElfFormatError, errnoOf } from '../errors.js';
import type { RealPath, Root } from '../root/root.js';
import { latin1Text } from './embedded-strings.js';
import { type FileRecord, FileStore } from './file-store.js';
import type { RootElf } from './root-elf.js';

const MAX_WHOLE_FILE = 1 << 24;

const NO_RELOCATIONS: Relocations = {
  symbols: new Uint32Array(0),
  classes: new Uint8Array(0),
  lazyFrom: 0,
};

/**
 * Symbol tables of the objects of one root. The methods throw {@link ElfFormatError} with the path
 * of a file whose tables are damaged, and FILE_UNREADABLE when the root cannot read it.
 */
export class ElfSymbols {
  readonly #root: Root;
  readonly #store: FileStore;

  constructor(root: Root, store: FileStore = new FileStore()) {
    this.#root = root;
    this.#store = store;
  }

  /** The dynamic symbols, versions read and counted; undefined in a file that has none. */
  of({ realPath, entry, elf }: RootElf): DynamicSymbols | undefined {
    const known = this.#record(realPath, entry.size);
    if (known.symbols === undefined)
      known.symbols = named(realPath, () => {
        const symbols = known.unread ?? parseSymbols(known.tables, elf);
        if (symbols === undefined) return null;
        // What is damaged shows here, not in the middle of a look-up.
        symbols.load();
        return symbols;
      });
    return known.symbols ?? undefined;
  }

  /** The names that the object takes from others; none in a file without dynamic symbols. */
  importedNames({ realPath, entry, elf }: RootElf): ReadonlySet<string> {
    const known = this.#record(realPath, entry.size);
    return named(realPath, () => {
      if (known.symbols === undefined) known.unread ??= parseSymbols(known.tables, elf) ?? null;
      return (known.symbols ?? known.unread)?.importedNames() ?? new Set();
    });
  }

  /** DT_VERNEED and DT_VERDEF alone, which is less to read. */
  versions({ realPath, entry, elf }: RootElf): SymbolVersions | undefined {
    const known = this.#store.record(this.#root, realPath);
    if (known.versions === undefined) {
      const source = known.tables ?? this.#source(realPath, entry.size);
      known.versions = named(realPath, () => versionsOf(source, elf));
    }
    return known.versions ?? undefined;
  }

  /** The whole file, or its first 16 MB: for what a loader keeps in its read-only data. */
  bytes({ realPath, entry }: Pick<RootElf, 'realPath' | 'entry'>): Uint8Array {
    const { tables } = this.#record(realPath, entry.size);
    return named(realPath, () => tables.read(0, Math.min(tables.size, MAX_WHOLE_FILE)));
  }

  /** The first match of a pattern among the same bytes, one character a byte; it is kept. */
  match(file: Pick<RootElf, 'realPath' | 'entry'>, pattern: RegExp): RegExpExecArray | undefined {
    const known = this.#record(file.realPath, file.entry.size);
    known.matches ??= new Map();
    let match = known.matches.get(pattern.source);
    if (match === undefined) {
      match = pattern.exec(latin1Text(this.bytes(file)));
      known.matches.set(pattern.source, match);
    }
    return match ?? undefined;
  }

  /** The types of the object's relocations, each once; relative ones in front are left out. */
  relocationTypes({ realPath, entry, elf }: RootElf): ReadonlySet<number> {
    const known = this.#record(realPath, entry.size);
    return named(realPath, () =>
      elf.dynamic === undefined
        ? new Set()
        : parseRelocationTypes(known.tables, elf as DynamicFile),
    );
  }

  /** What the object looks up when it is relocated. */
  relocations({ realPath, entry, elf }: RootElf): Relocations {
    const known = this.#record(realPath, entry.size);
    known.relocations ??= named(realPath, () =>
      elf.dynamic === undefined
        ? NO_RELOCATIONS
        : parseRelocations(known.tables, elf as DynamicFile),
    );
    return known.relocations;
  }

  /**
   * For each of its relocations, the table that defined the symbol in a process before; undefined for
   * those that were not looked up. The code that looks them up fills it in.
   */
  bindings({ realPath, entry }: RootElf): (DynamicSymbols | undefined)[] {
    const record = this.#record(realPath, entry.size);
    record.bindings ??= [];
    return record.bindings;
  }

  #record(path: RealPath, size: number): FileRecord & { readonly tables: ByteSource } {
    const record = this.#store.record(this.#root, path);
    record.tables ??= this.#source(path, size);
    return record as FileRecord & { readonly tables: ByteSource };
  }

  #source(path: RealPath, size: number): ByteSource {
    return pagedSource({
      size,
      read: (offset, length) =>
        offset >= size
          ? new Uint8Array(0)
          : this.#root.read(path, offset, Math.min(length, size - offset)),
    });
  }
}

/** Reads the versions of a file while it is open. Damage is an error only for callers that ask for versions. */
export function keepVersions(record: FileRecord, source: ByteSource, elf: ElfFile): void {
  try {
    record.versions ??= versionsOf(source, elf);
  } catch (error) {
    if (!(error instanceof ElfFormatError) && errnoOf(error) === undefined) throw error;
  }
}

function versionsOf(source: ByteSource, elf: ElfFile): SymbolVersions | null {
  return parseSymbols(source, elf)?.versions ?? null;
}

function named<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof ElfFormatError) throw error.at(path);
    const code = errnoOf(error);
    if (code === undefined) throw error;
    throw new ElfdepsError('FILE_UNREADABLE', describeErrno(code), { path, cause: error });
  }
}
