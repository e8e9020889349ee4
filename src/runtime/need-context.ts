/**
 * What detectors ask about one program: which object imports a symbol, which libraries are loaded,
 * what the program's read-only data says, and what the root has.
 */
import type { Closure } from '../closure/closure.js';
import type { LoadedObject } from '../loader/loader.js';
import type { ObjectFiles } from '../loader/object-files.js';
import type { ObjectFacts } from './object-facts.js';

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

export class NeedContext {
  readonly closure: Closure;
  readonly files: ObjectFiles;
  readonly options: NeedOptions;
  readonly #facts: ObjectFacts;

  constructor(closure: Closure, facts: ObjectFacts, options: NeedOptions) {
    this.closure = closure;
    this.files = facts.files;
    this.options = options;
    this.#facts = facts;
  }

  /** The first of `names` that an object outside of the C library imports. */
  findImport(names: Iterable<string>): Import | undefined {
    for (const symbol of names)
      for (const object of this.closure.objects)
        if (this.#facts.imports(object).has(symbol) && !C_LIBRARY.test(baseName(object.name)))
          return { object, symbol };
    return undefined;
  }

  /** The first of `names` that the program itself imports. */
  findOwnImport(names: Iterable<string>): Import | undefined {
    const object = this.program;
    if (object === undefined) return undefined;
    for (const symbol of names)
      if (this.#facts.imports(object).has(symbol)) return { object, symbol };
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
    return this.#facts.glibcMinor(libc);
  }

  /** The path, if there is a file or directory in the root. */
  existing(path: string): string[] {
    return this.files.resolve(path).found ? [path] : [];
  }

  /**
   * The first text in an object's data that contains `part` and is accepted: the characters around
   * it up to the next NUL or line break.
   */
  findText(
    object: LoadedObject,
    part: string,
    accept: (text: string) => boolean = () => true,
  ): string | undefined {
    return this.#facts.texts(object, part).find(accept);
  }
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** `PATH imports SYMBOL`. */
export function importText({ object, symbol }: Import): string {
  return `${object.path} imports ${symbol}`;
}
