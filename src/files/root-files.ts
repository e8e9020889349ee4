/**
 * The files of a root as ELF objects, each resolved, read and parsed once in a run, however many
 * programs need it.
 */
import { type ByteSource, pagedSource } from '../elf/byte-source.js';
import { type ElfFile, parseElf, parseElfAs } from '../elf/elf-file.js';
import {
  type ElfHeader,
  hasElfMagic,
  notElf,
  parseElfHeader,
  parseProgramHeaders,
} from '../elf/header.js';
import { parseShebang, type Shebang } from '../elf/script.js';
import { describeTruncation } from '../elf/truncation.js';
import { describeErrno, ElfdepsError, ElfFormatError, errnoOf } from '../errors.js';
import { namesIn } from '../root/list-directory.js';
import { type ResolvedPath, resolvePath, type UnresolvedPath } from '../root/resolve-path.js';
import { type Entry, type RealPath, type Root, readFile } from '../root/root.js';
import { ElfCode } from './elf-code.js';
import { ElfSymbols, keepVersions } from './elf-symbols.js';
import { ElfTexts } from './elf-texts.js';
import { type FileRecord, FileStore } from './file-store.js';
import type { RootElf } from './root-elf.js';

/** Bytes of the largest file that is read as a whole, and of the largest list of names. */
const MAX_WHOLE_FILE = 1 << 26;
const MAX_TEXT_FILE = 1 << 20;
/**
 * Steps of the searches of one program's libraries: one a path, and one more for each 64 characters, since
 * long paths take longer. Real programs need some ten thousand.
 */
const MAX_STEPS = 1 << 19;
const CHARACTERS_PER_STEP = 64;
/** Paths that are remembered, those of some hundred programs. */
const MAX_REMEMBERED = 1 << 21;

/** How many more steps the searches of one program may take. */
export interface LookupBudget {
  left: number;
}

export function newLookupBudget(): LookupBudget {
  return { left: MAX_STEPS };
}

/** Holds an ELF header, and all that the kernel reads of a script's first line. */
const HEAD_BYTES = 256;

/** What is known of the files of one root; made anew where they may have changed. */
export class RootFiles {
  readonly root: Root;
  readonly #resolved = new Map<string, ResolvedPath | UnresolvedPath>();
  readonly #texts = new Map<string, string | undefined>();
  readonly #names = new Map<string, readonly string[]>();
  readonly #errors = new Map<RealPath, ElfdepsError>();
  readonly #store: FileStore;
  /** Symbol tables of the root's files. */
  readonly symbols: ElfSymbols;
  /** Texts in the root's files. */
  readonly texts: ElfTexts;
  /** What the code of the root's files calls and is made of. */
  readonly code: ElfCode;
  /** The program whose libraries are looked for. */
  #search: { readonly program: string; readonly budget: LookupBudget } | undefined;

  /** `store` holds what the run has read already, of this root or of another that lends its files. */
  constructor(root: Root, store: FileStore = new FileStore()) {
    this.root = root;
    this.#store = store;
    this.symbols = new ElfSymbols(root, store);
    this.texts = new ElfTexts(root, store);
    this.code = new ElfCode(root, store, this.symbols, this.texts);
  }

  /** The files of another root in the same run: what is read already is not read again. */
  inRoot(root: Root): RootFiles {
    return root === this.root ? this : new RootFiles(root, this.#store);
  }

  /**
   * The result of `search`, whose steps are counted: many needed names in many directories are few
   * bytes of a file, yet each pair of them is a path. More than half a million, or than `budget` has left
   * of them, throw ELF_BAD_DYNAMIC.
   */
  searchFor<Result>(
    program: string,
    search: () => Result,
    budget: LookupBudget = newLookupBudget(),
  ): Result {
    const outer = this.#search;
    this.#search = { program, budget };
    try {
      return search();
    } finally {
      this.#search = outer;
    }
  }

  /** {@link resolvePath}, remembered. */
  resolve(path: string): ResolvedPath | UnresolvedPath {
    this.#spend(path);
    let resolved = this.#resolved.get(path);
    if (resolved === undefined) {
      resolved = resolvePath(this.root, path);
      if (this.#resolved.size >= MAX_REMEMBERED) this.#resolved.clear();
      this.#resolved.set(path, resolved);
    }
    return resolved;
  }

  /** The kind of what a path leads to; undefined where that is nothing. */
  kindAt(path: string): Entry['kind'] | undefined {
    const file = this.resolve(path);
    return file.found ? file.entry.kind : undefined;
  }

  /** Where a path leads; the path itself where that is nowhere. */
  realPathOf(path: string): string {
    const file = this.resolve(path);
    return file.found ? file.path : path;
  }

  /** Counts a path of a search. */
  #spend(path: string): void {
    if (this.#search === undefined) return;
    const { program, budget } = this.#search;
    budget.left -= 1 + Math.floor(path.length / CHARACTERS_PER_STEP);
    if (budget.left >= 0) return;
    const message = 'its libraries would be looked for at too many paths';
    throw new ElfdepsError('ELF_BAD_DYNAMIC', message, { path: program });
  }

  /** The first 256 bytes of a file, or all of a shorter one. Throws what the root throws. */
  head(file: ResolvedPath): Uint8Array {
    const known = this.record(file.path);
    known.head ??= new Uint8Array(this.#source(file).read(0, HEAD_BYTES));
    return known.head;
  }

  /** The `#!` line of a script; undefined of all else, and of what cannot be read. */
  shebangAt(path: string): Shebang | undefined {
    const file = this.resolve(path);
    if (!file.found || file.entry.kind !== 'file') return undefined;
    try {
      return parseShebang(this.head(file));
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
      return undefined;
    }
  }

  /** Random access to a file's bytes; small reads near each other cost one. */
  #source(file: ResolvedPath): ByteSource {
    const known = this.record(file.path);
    known.source ??= pagedSource({
      size: file.entry.size,
      // A damaged file may claim sizes that no buffer has: never ask for more than there is.
      read: (offset, length) =>
        offset >= file.entry.size
          ? new Uint8Array(0)
          : this.root.read(file.path, offset, Math.min(length, file.entry.size - offset)),
    });
    return known.source;
  }

  /**
   * The parsed file. Throws {@link ElfFormatError} with the path when it is no sound ELF file, and
   * FILE_UNREADABLE when the root cannot read it; the same error again for a second call.
   */
  elf(file: ResolvedPath): ElfFile {
    const known = this.record(file.path);
    if (known.elf === undefined) {
      if (known.error !== undefined) throw this.#named(known.error, file.path);
      try {
        // Texts are asked about too: the parser need not see them.
        const head = this.head(file);
        if (head.length > 0 && !hasElfMagic(head)) throw notElf();
        const source = this.#source(file);
        known.elf = parseElf(source);
        // Most commands ask for them, and the file is open.
        keepVersions(known, source, known.elf);
      } catch (error) {
        known.error = error;
        throw this.#named(error, file.path);
      } finally {
        // What is parsed is not read again: let the pages go.
        delete known.source;
      }
    }
    return known.elf;
  }

  /** The error about one name of a file. */
  #named(error: unknown, path: RealPath): ElfdepsError {
    const named = this.#errors.get(path) ?? nameTheFile(error, path);
    this.#errors.set(path, named);
    return named;
  }

  /** The parsed file, or undefined where {@link elf} would throw. */
  findElf(file: ResolvedPath): ElfFile | undefined {
    try {
      return this.elf(file);
    } catch (error) {
      if (error instanceof ElfdepsError) return undefined;
      throw error;
    }
  }

  /**
   * The file as a loader of `own`'s class and byte order maps it that does not compare these; undefined
   * when it makes no sense so.
   */
  elfAs(own: Pick<ElfHeader, 'class' | 'endian'>, file: ResolvedPath): ElfFile | undefined {
    const elf = this.findElf(file);
    if (elf?.header.class === own.class && elf.header.endian === own.endian) return elf;
    try {
      return parseElfAs(own, this.#source(file));
    } catch (error) {
      if (error instanceof ElfFormatError || errnoOf(error) !== undefined) return undefined;
      throw error;
    } finally {
      delete this.record(file.path).source;
    }
  }

  /**
   * That a file whose program headers are there ends before its segments, so that it cannot be read
   * though a loader maps it; undefined for every other file.
   */
  truncation(file: ResolvedPath): string | undefined {
    if (this.findElf(file) !== undefined) return undefined;
    try {
      const source = this.#source(file);
      const segments = parseProgramHeaders(source, parseElfHeader(source));
      return describeTruncation(segments, file.entry.size);
    } catch (error) {
      if (error instanceof ElfFormatError || errnoOf(error) !== undefined) return undefined;
      throw error;
    }
  }

  /** The text of a list of names, links followed, or undefined when it cannot be read. */
  readText(path: string): string | undefined {
    if (!this.#texts.has(path)) {
      const bytes = this.readBytes(path, MAX_TEXT_FILE);
      this.#texts.set(path, bytes && new TextDecoder().decode(bytes));
    }
    return this.#texts.get(path);
  }

  /** All bytes of a file, likewise; one larger than any cache, loader or libc counts as unreadable. */
  readBytes(path: string, limit = MAX_WHOLE_FILE): Buffer | undefined {
    const file = this.resolve(path);
    if (!file.found || file.entry.kind !== 'file' || file.entry.size > limit) return undefined;
    try {
      const { buffer, byteOffset, length } = readFile(this.root, file.path, limit);
      return Buffer.from(buffer, byteOffset, length);
    } catch (error) {
      if (errnoOf(error) !== undefined) return undefined;
      throw error;
    }
  }

  /** The names in a directory, links followed; none where there is no such directory. */
  namesIn(directory: string): readonly string[] {
    let names = this.#names.get(directory);
    if (names === undefined) {
      names = namesIn(this.root, directory);
      this.#names.set(directory, names);
    }
    return names;
  }

  /** The ELF file that a path leads to, parsed; undefined where there is none. */
  elfAt(path: string): RootElf | undefined {
    const file = this.resolve(path);
    if (!file.found || file.entry.kind !== 'file') return undefined;
    const elf = this.findElf(file);
    return elf && { realPath: file.path, entry: file.entry, elf };
  }

  /** The record of a file, for the modules of this room. */
  record(path: RealPath): FileRecord {
    return this.#store.record(this.root, path);
  }
}

function nameTheFile(error: unknown, path: string): ElfdepsError {
  if (error instanceof ElfFormatError) return error.at(path);
  const code = errnoOf(error);
  if (code === undefined) throw error;
  return new ElfdepsError('FILE_UNREADABLE', describeErrno(code), { path, cause: error });
}
