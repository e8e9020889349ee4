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
  readonly #outsideOfLibc: readonly LoadedObject[];

  constructor(closure: Closure, facts: ObjectFacts, options: NeedOptions) {
    this.closure = closure;
    this.files = facts.files;
    this.options = options;
    this.#facts = facts;
    this.#outsideOfLibc = closure.objects.filter(
      ({ name, role }) =>
        role === 'program' || (role !== 'interpreter' && !C_LIBRARY.test(baseName(name))),
    );
  }

  /**
   * The first object outside of the C library that imports one of `names`, the program before its
   * libraries.
   */
  findImport(names: readonly string[]): Import | undefined {
    for (const object of this.#outsideOfLibc) {
      const symbol = this.#importOf(object, names);
      if (symbol !== undefined) return { object, symbol };
    }
    return undefined;
  }

  /** The first of `names` that the program itself imports. */
  findOwnImport(names: readonly string[]): Import | undefined {
    const object = this.program;
    const symbol = object && this.#importOf(object, names);
    return symbol === undefined ? undefined : { object: object as LoadedObject, symbol };
  }

  #importOf(object: LoadedObject, names: readonly string[]): string | undefined {
    const imports = this.#facts.imports(object);
    return imports.size === 0 ? undefined : names.find((name) => imports.has(name));
  }

  /**
   * The evidence in words: an import of one of `names`, a function of Go that the program has, or that
   * the user asks for this kind.
   */
  because(
    kind: string,
    names: readonly string[],
    ofGo: readonly string[] = [],
  ): string | undefined {
    const found = this.findImport(names);
    if (found !== undefined) return importText(found);
    return this.goCall(ofGo) ?? (this.isAsked(kind) ? `--with ${kind}` : undefined);
  }

  /** Whether the user asks for a kind by its name. */
  isAsked(kind: string): boolean {
    return this.options.asked?.includes(kind) ?? false;
  }

  /** Whether the program is one of Go. */
  get isGo(): boolean {
    return this.program !== undefined && this.#facts.goProgram(this.program) !== undefined;
  }

  /** That a program of Go has one of `names`, in words with its release. */
  goCall(names: readonly string[]): string | undefined {
    const { program, closure } = this;
    const go = program && this.#facts.goProgram(program);
    const name = names.find((each) => go?.functions.has(each));
    if (program === undefined || go === undefined || name === undefined) return undefined;
    const usesC = closure.libc !== null && go.settings.get('CGO_ENABLED') !== '0';
    return `${program.path} has ${name} (${go.version}, ${usesC ? 'with' : 'without'} cgo)`;
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

  /** The names in a directory of the root; none where there is no such directory. */
  namesIn(directory: string): readonly string[] {
    return this.#facts.namesIn(directory);
  }

  /** The text of a configuration file, or undefined when it cannot be read. */
  readText(path: string): string | undefined {
    return this.#facts.readText(path);
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
