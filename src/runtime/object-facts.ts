/**
 * What detectors ask about single objects and files, found out once however many programs there are:
 * imported names, the release of a libc, texts in the read-only data, names and texts of the root.
 */
import type { ObjectSymbols } from '../closure/object-symbols.js';
import { PT_GNU_EH_FRAME, PT_LOAD } from '../elf/constants.js';
import type { ProgramHeader } from '../elf/header.js';
import { ElfdepsError } from '../errors.js';
import type { LoadedObject } from '../loader/loader.js';
import type { ObjectFiles } from '../loader/object-files.js';
import { namesIn } from '../root/list-directory.js';
import type { RealPath } from '../root/root.js';
import { type GoBuild, goFunctions, readGoBuild } from './go-program.js';

const CHUNK = 1 << 20;
/** Bytes of data that are kept between two questions. */
const MOST_KEPT = 1 << 26;
/** Characters each way that a text may have. */
const REACH = 256;
/** More texts with the same part tell nothing more. */
const MOST_TEXTS = 1000;

const NO_NAMES: ReadonlySet<string> = new Set();

/** How a program of Go was built, and which of {@link goFunctions} it has. */
export interface GoProgram extends GoBuild {
  readonly functions: ReadonlySet<string>;
}

type Range = Pick<ProgramHeader, 'offset' | 'filesz'>;

/** A file to look into, loaded or not. */
export type ObjectFile = Pick<LoadedObject, 'realPath' | 'entry' | 'elf'>;

export class ObjectFacts {
  readonly files: ObjectFiles;
  readonly #symbols: ObjectSymbols;
  readonly #imports = new Map<RealPath, ReadonlySet<string>>();
  readonly #texts = new Map<string, readonly string[]>();
  readonly #names = new Map<string, readonly string[]>();
  readonly #lines = new Map<string, string | undefined>();
  readonly #goPrograms = new Map<RealPath, GoProgram | null>();
  #last: { readonly path: RealPath; readonly pieces: readonly Buffer[] } | undefined;

  constructor(files: ObjectFiles, symbols: ObjectSymbols) {
    this.files = files;
    this.#symbols = symbols;
  }

  /** Names without versions; none where the tables are damaged, which checks tell. */
  imports(object: LoadedObject): ReadonlySet<string> {
    let names = this.#imports.get(object.realPath);
    if (names === undefined) {
      names = unlessDamaged(() => this.#symbols.importedNames(object)) ?? NO_NAMES;
      this.#imports.set(object.realPath, names);
    }
    return names;
  }

  /** The N of the highest GLIBC_2.N that a libc defines. */
  glibcMinor(libc: LoadedObject): number | undefined {
    const definitions = unlessDamaged(() => this.#symbols.versions(libc)?.definitions) ?? [];
    const minors = definitions.flatMap(({ name }) =>
      /^GLIBC_2\.\d+$/.test(name) ? [Number(name.slice('GLIBC_2.'.length))] : [],
    );
    return minors.length === 0 ? undefined : Math.max(...minors);
  }

  /** What a program of Go tells; undefined for every other object. */
  goProgram(object: LoadedObject): GoProgram | undefined {
    let program = this.#goPrograms.get(object.realPath);
    if (program === undefined) {
      const { size } = object.entry;
      const read = (offset: number, length: number) => this.#read(object, offset, length);
      const build = readGoBuild({ size, read }, object.elf);
      program = build === undefined ? null : { ...build, functions: this.#goFunctions(object) };
      this.#goPrograms.set(object.realPath, program);
    }
    return program ?? undefined;
  }

  #goFunctions(object: LoadedObject): ReadonlySet<string> {
    const found = new Set<string>();
    const missing = new Set<string>(Object.values(goFunctions).flat());
    for (const bytes of this.#pieces(object))
      for (const name of missing)
        if (bytes.includes(`\0${name}\0`, 0, 'latin1')) {
          found.add(name);
          missing.delete(name);
        }
    return found;
  }

  /** The names in a directory of the root; none where there is no such directory. */
  namesIn(directory: string): readonly string[] {
    const names = this.#names.get(directory) ?? namesIn(this.files.root, directory);
    this.#names.set(directory, names);
    return names;
  }

  /** The text of a configuration file, or undefined when it cannot be read. */
  readText(path: string): string | undefined {
    if (!this.#lines.has(path)) this.#lines.set(path, this.files.readText(path));
    return this.#lines.get(path);
  }

  /** Texts of the object's data that contain `part`, in file order. */
  texts(object: ObjectFile, part: string): readonly string[] {
    const key = `${object.realPath}\0${part}`;
    let texts = this.#texts.get(key);
    if (texts === undefined) {
      texts = this.#findTexts(object, Buffer.from(part, 'latin1'));
      this.#texts.set(key, texts);
    }
    return texts;
  }

  #findTexts(object: ObjectFile, part: Buffer): string[] {
    const texts = new Set<string>();
    for (const bytes of this.#pieces(object))
      for (let found = bytes.indexOf(part); found >= 0; found = bytes.indexOf(part, found + 1)) {
        texts.add(textAround(bytes, found));
        if (texts.size === MOST_TEXTS) return [...texts];
      }
    return [...texts];
  }

  /** The data in pieces that overlap; that of the last small object is kept for the next question. */
  #pieces(object: ObjectFile): Iterable<Buffer> {
    if (this.#last?.path === object.realPath) return this.#last.pieces;
    const ranges = dataRanges(object.elf.segments);
    const size = ranges.reduce((sum, { filesz }) => sum + filesz, 0);
    if (size > MOST_KEPT) return this.#readPieces(object, ranges);
    this.#last = { path: object.realPath, pieces: [...this.#readPieces(object, ranges)] };
    return this.#last.pieces;
  }

  *#readPieces(object: ObjectFile, ranges: readonly Range[]): Generator<Buffer> {
    for (const { offset, filesz } of ranges)
      for (let at = 0; at < filesz; at += CHUNK) {
        const length = Math.min(CHUNK + REACH, filesz - at);
        const bytes = this.#read(object, offset + at, length);
        yield Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
        if (bytes.length < length) break;
      }
  }

  #read({ realPath, entry }: ObjectFile, offset: number, length: number): Uint8Array {
    if (offset >= entry.size) return new Uint8Array(0);
    try {
      return this.files.root.read(realPath, offset, Math.min(length, entry.size - offset));
    } catch {
      return new Uint8Array(0);
    }
  }
}

/**
 * Where texts are. GNU ld (since 2.31) puts read-only data behind the code, with the tables for
 * unwinding at its end, and before the code nothing but what the loader reads; other linkers put it
 * anywhere.
 */
function dataRanges(segments: readonly ProgramHeader[]): Range[] {
  const loaded = segments.filter(({ type }) => type === PT_LOAD);
  const behindCode = loaded.slice(loaded.findIndex(({ executable }) => executable) + 1);
  const hasOwn = behindCode.some(({ executable, writable }) => !executable && !writable);
  if (!hasOwn || behindCode.length === loaded.length) return loaded;
  const unwinding = segments.find(({ type }) => type === PT_GNU_EH_FRAME)?.offset;
  return behindCode
    .filter(({ executable }) => !executable)
    .map(({ offset, filesz, writable }) => {
      const isCut =
        !writable && unwinding !== undefined && unwinding > offset && unwinding < offset + filesz;
      return { offset, filesz: isCut ? unwinding - offset : filesz };
    });
}

/** Printable characters around a place, at most {@link REACH} each way. */
function textAround(bytes: Buffer, at: number): string {
  const isEnd = (byte: number | undefined) => byte === undefined || byte < 0x20 || byte >= 0x7f;
  let start = at;
  let end = at;
  while (start > 0 && at - start < REACH && !isEnd(bytes[start - 1])) start--;
  while (end - at < REACH && !isEnd(bytes[end])) end++;
  return bytes.toString('latin1', start, end);
}

function unlessDamaged<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof ElfdepsError) return undefined;
    throw error;
  }
}
