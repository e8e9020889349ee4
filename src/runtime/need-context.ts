/**
 * What detectors ask about one program: which object imports a symbol, which libraries are loaded,
 * what the program's read-only data says, and what the root has.
 */
import type { Closure } from '../closure/closure.js';
import type { ObjectSymbols } from '../closure/object-symbols.js';
import { PT_LOAD } from '../elf/constants.js';
import { ElfdepsError } from '../errors.js';
import type { LoadedObject } from '../loader/loader.js';
import type { ObjectFiles } from '../loader/object-files.js';

/** What the user says about the image; nothing of it is required. */
export interface NeedOptions {
  /** Variables of the image. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Who runs the program, as in --user. */
  readonly user?: string;
  /** How much of .note.dlopen counts; `required` without it. */
  readonly dlopen?: 'required' | 'recommended' | 'suggested' | 'none';
  /** Kinds that the user wants whether or not anything speaks for them. */
  readonly asked?: readonly string[];
}

/** An object and the symbol that it imports. */
export interface Import {
  readonly object: LoadedObject;
  readonly symbol: string;
}

/** Parts of a C library call each other: that is no evidence about the program. */
const C_LIBRARY =
  /^(?:libc|libm|libdl|libpthread|librt|libresolv|libutil|libanl|libnsl|libcrypt|libgcc_s|libnss_\w+|ld-linux[\w.-]*|ld64|ld)\.so|^ld-musl|^libc\.musl/;

const CHUNK = 1 << 20;
/** Longer needles and their surroundings are not asked for. */
const OVERLAP = 256;

export class NeedContext {
  readonly closure: Closure;
  readonly files: ObjectFiles;
  readonly options: NeedOptions;
  readonly #symbols: ObjectSymbols;
  readonly #imports: (objects: readonly LoadedObject[]) => ReadonlyMap<string, LoadedObject>;
  #all: ReadonlyMap<string, LoadedObject> | undefined;

  constructor(
    closure: Closure,
    files: ObjectFiles,
    symbols: ObjectSymbols,
    options: NeedOptions,
    importsOf: (object: LoadedObject) => readonly string[],
  ) {
    this.closure = closure;
    this.files = files;
    this.options = options;
    this.#symbols = symbols;
    this.#imports = (objects) => {
      const all = new Map<string, LoadedObject>();
      for (const object of objects)
        if (!C_LIBRARY.test(baseName(object.name)))
          for (const name of importsOf(object)) if (!all.has(name)) all.set(name, object);
      return all;
    };
  }

  /** The first of `names` that an object outside of the C library imports. */
  findImport(names: Iterable<string>): Import | undefined {
    this.#all ??= this.#imports(this.closure.objects);
    for (const symbol of names) {
      const object = this.#all.get(symbol);
      if (object !== undefined) return { object, symbol };
    }
    return undefined;
  }

  /** The first of `names` that the program itself imports. */
  findOwnImport(names: Iterable<string>): Import | undefined {
    for (const symbol of names) {
      const found = this.findImport([symbol]);
      if (found !== undefined && found.object === this.program) return found;
    }
    return undefined;
  }

  /** The evidence in words: an import, or that the user asks for this kind. */
  because(kind: string, found: Import | undefined): string | undefined {
    if (found !== undefined) return importText(found);
    return this.options.asked?.includes(kind) ? `--with ${kind}` : undefined;
  }

  /** The program as an object; absent when nothing of it is loaded (a script). */
  get program(): LoadedObject | undefined {
    return this.closure.objects[0];
  }

  /** The loaded object whose soname or file name fits. */
  loaded(name: RegExp): LoadedObject | undefined {
    return this.closure.objects.find(
      (object) => name.test(object.elf.dynamic?.soname ?? '') || name.test(baseName(object.path)),
    );
  }

  /** The N of glibc 2.N, by the versions that its libc defines; undefined for other C libraries. */
  get glibcMinor(): number | undefined {
    if (this.closure.libc !== 'glibc') return undefined;
    const libc = this.loaded(/^libc\.so\.6/);
    if (libc === undefined) return undefined;
    try {
      const minors = (this.#symbols.versions(libc)?.definitions ?? []).flatMap(({ name }) =>
        /^GLIBC_2\.(\d+)$/.test(name) ? [Number(name.slice('GLIBC_2.'.length))] : [],
      );
      return minors.length === 0 ? undefined : Math.max(...minors);
    } catch (error) {
      if (error instanceof ElfdepsError) return undefined;
      throw error;
    }
  }

  /** The path, if there is a file or directory in the root. */
  existing(path: string): string[] {
    return this.files.resolve(path).found ? [path] : [];
  }

  /**
   * The first text in an object's data that contains `part` and is accepted: the characters around
   * it up to the next NUL or line break. Reads the file's segments piece by piece.
   */
  findText(
    object: LoadedObject,
    part: string,
    accept: (text: string) => boolean = () => true,
  ): string | undefined {
    const needle = Buffer.from(part, 'latin1');
    for (const segment of object.elf.segments) {
      if (segment.type !== PT_LOAD) continue;
      for (let at = 0; at < segment.filesz; at += CHUNK) {
        const length = Math.min(CHUNK + OVERLAP, segment.filesz - at);
        const bytes = Buffer.from(this.#read(object, segment.offset + at, length));
        for (
          let found = bytes.indexOf(needle);
          found >= 0;
          found = bytes.indexOf(needle, found + 1)
        ) {
          const text = textAround(bytes, found);
          if (accept(text)) return text;
        }
      }
    }
    return undefined;
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

/** At most OVERLAP characters each way. */
function textAround(bytes: Buffer, at: number): string {
  const isEnd = (byte: number | undefined) => byte === undefined || byte < 0x20 || byte >= 0x7f;
  let start = at;
  let end = at;
  while (start > 0 && at - start < OVERLAP && !isEnd(bytes[start - 1])) start--;
  while (end - at < OVERLAP && !isEnd(bytes[end])) end++;
  return bytes.toString('latin1', start, end);
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** `PATH imports SYMBOL`. */
export function importText({ object, symbol }: Import): string {
  return `${object.path} imports ${symbol}`;
}
