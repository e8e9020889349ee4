/**
 * What detectors ask about single objects, found out once however many programs load them: imported
 * names, the release of a libc, texts in the read-only data.
 */
import type { ObjectSymbols } from '../closure/object-symbols.js';
import { PT_LOAD } from '../elf/constants.js';
import type { ProgramHeader } from '../elf/header.js';
import { ElfdepsError } from '../errors.js';
import type { LoadedObject } from '../loader/loader.js';
import type { ObjectFiles } from '../loader/object-files.js';
import type { RealPath } from '../root/root.js';

const CHUNK = 1 << 20;
/** Bytes of data that are kept between two questions. */
const MOST_KEPT = 1 << 25;
/** Characters each way that a text may have. */
const REACH = 256;
/** More texts with the same part tell nothing more. */
const MOST_TEXTS = 1000;

const NO_NAMES: ReadonlySet<string> = new Set();

export class ObjectFacts {
  readonly files: ObjectFiles;
  readonly #symbols: ObjectSymbols;
  readonly #imports = new Map<RealPath, ReadonlySet<string>>();
  readonly #texts = new Map<string, readonly string[]>();
  #last: { readonly path: RealPath; readonly pieces: readonly Buffer[] } | undefined;

  constructor(files: ObjectFiles, symbols: ObjectSymbols) {
    this.files = files;
    this.#symbols = symbols;
  }

  /** Names without versions; none where the tables are damaged, which checks tell. */
  imports(object: LoadedObject): ReadonlySet<string> {
    let names = this.#imports.get(object.realPath);
    if (names === undefined) {
      const read = () =>
        this.#symbols
          .of(object)
          ?.imports()
          .map(({ name }) => name);
      names = new Set(unlessDamaged(read) ?? NO_NAMES);
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

  /** Texts of the object's data that contain `part`, in file order. */
  texts(object: LoadedObject, part: string): readonly string[] {
    const key = `${object.realPath}\0${part}`;
    let texts = this.#texts.get(key);
    if (texts === undefined) {
      texts = this.#findTexts(object, Buffer.from(part, 'latin1'));
      this.#texts.set(key, texts);
    }
    return texts;
  }

  #findTexts(object: LoadedObject, part: Buffer): string[] {
    const texts = new Set<string>();
    for (const bytes of this.#pieces(object))
      for (let found = bytes.indexOf(part); found >= 0; found = bytes.indexOf(part, found + 1)) {
        texts.add(textAround(bytes, found));
        if (texts.size === MOST_TEXTS) return [...texts];
      }
    return [...texts];
  }

  /** The data in pieces that overlap; that of the last small object is kept for the next question. */
  #pieces(object: LoadedObject): Iterable<Buffer> {
    if (this.#last?.path === object.realPath) return this.#last.pieces;
    const segments = dataSegments(object.elf.segments);
    const size = segments.reduce((sum, { filesz }) => sum + filesz, 0);
    if (size > MOST_KEPT) return this.#readPieces(object, segments);
    this.#last = { path: object.realPath, pieces: [...this.#readPieces(object, segments)] };
    return this.#last.pieces;
  }

  *#readPieces(object: LoadedObject, segments: readonly ProgramHeader[]): Generator<Buffer> {
    for (const segment of segments)
      for (let at = 0; at < segment.filesz; at += CHUNK) {
        const length = Math.min(CHUNK + REACH, segment.filesz - at);
        const bytes = this.#read(object, segment.offset + at, length);
        yield Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
        if (bytes.length < length) break;
      }
  }

  #read({ realPath, entry }: LoadedObject, offset: number, length: number): Uint8Array {
    if (offset >= entry.size) return new Uint8Array(0);
    try {
      return this.files.root.read(realPath, offset, Math.min(length, entry.size - offset));
    } catch {
      return new Uint8Array(0);
    }
  }
}

/**
 * Where texts are: behind the code, where a linker separates the two (binutils since 2.31), otherwise
 * anywhere.
 */
function dataSegments(segments: readonly ProgramHeader[]): ProgramHeader[] {
  const loaded = segments.filter(({ type }) => type === PT_LOAD);
  const code = loaded.findIndex(({ executable }) => executable);
  const hasOwn = loaded.some(
    ({ executable, writable }, index) => index > code && !executable && !writable,
  );
  return hasOwn ? loaded.filter(({ executable }) => !executable) : loaded;
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
