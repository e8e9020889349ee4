/**
 * What was read of files in one run, kept by where their bytes are. An overlay and a planned image
 * lend the files of other roots, so a file that both the root and the image have is read once. So is a
 * file with several names.
 */
import type { ByteSource } from '../elf/byte-source.js';
import type { ElfFile } from '../elf/elf-file.js';
import type { Relocations } from '../elf/relocations.js';
import type { DynamicSymbols } from '../elf/symbols.js';
import type { SymbolVersions } from '../elf/versions.js';
import { originOf, type RealPath, type Root } from '../root/root.js';
import type { GoProgram } from './go-build.js';

/** What is known of one file; a field is absent until something asks for it. */
export interface FileRecord {
  /** Small reads near each other cost one; gone again once the headers are parsed. */
  source?: ByteSource;
  head?: Uint8Array;
  elf?: ElfFile;
  /** Why there is no {@link elf}: what was thrown, which names no file. */
  error?: unknown;
  /** What DT_VERNEED and DT_VERDEF say; null in a file without dynamic symbols. */
  versions?: SymbolVersions | null;
  /** Symbol tables, read and counted; null in a file that has none. */
  symbols?: DynamicSymbols | null;
  /** The same before its symbols are read. */
  unread?: DynamicSymbols | null;
  /** Random access for the tables. */
  tables?: ByteSource;
  relocations?: Relocations;
  /** For each relocation the table that defined its symbol in some process. */
  bindings?: (DynamicSymbols | undefined)[];
  imports?: ReadonlySet<string>;
  functions?: ReadonlySet<string>;
  goProgram?: GoProgram | null;
  /** Texts of its data by the part that they contain. */
  texts?: Map<string, readonly string[]>;
  /** Which of some names, joined by NUL, are whole texts of its data. */
  among?: Map<string, ReadonlySet<string>>;
  /** The same for sets of names that many objects are asked about. */
  vocabularies?: Map<ReadonlySet<string>, ReadonlySet<string>>;
  /** Absolute paths in its data. */
  paths?: readonly string[];
  /** First matches in the whole file, by the source of the pattern; null for none. */
  matches?: Map<string, RegExpExecArray | null>;
}

interface RecordsOfRoot {
  readonly byPath: Map<RealPath, FileRecord>;
  /** The same by what is equal for all names of a file. */
  readonly byId: Map<string, FileRecord>;
}

/** The records of one run. */
export class FileStore {
  readonly #records = new Map<Root, RecordsOfRoot>();

  /** The record of a file; a new one for a file that nothing was asked about. */
  record(root: Root, path: RealPath): FileRecord {
    const origin = originOf(root, path);
    let records = this.#records.get(origin.root);
    if (records === undefined) {
      records = { byPath: new Map(), byId: new Map() };
      this.#records.set(origin.root, records);
    }
    let record = records.byPath.get(origin.path);
    if (record === undefined) {
      const id = origin.root.lstat(origin.path)?.id;
      record = (id === undefined ? undefined : records.byId.get(id)) ?? {};
      if (id !== undefined) records.byId.set(id, record);
      records.byPath.set(origin.path, record);
    }
    return record;
  }
}
