/**
 * From paths to closures: opens each program, chooses the loader that will run it, has the walk
 * resolve its needs. A bad file among many becomes an entry in `errors`; the others are answered.
 */

import type { ElfFile } from '../elf/elf-file.js';
import { parseShebang } from '../elf/script.js';
import { type Target, targetKey } from '../elf/target.js';
import { describeErrno, ElfdepsError, errnoOf } from '../errors.js';
import { RootFiles } from '../files/root-files.js';
import type {
  ConfiguredLoader,
  LoadedObject,
  Loader,
  LoaderName,
  LoaderOptions,
} from '../loader/loader.js';
import { directoryOf } from '../root/path-text.js';
import type { ResolvedPath } from '../root/resolve-path.js';
import type { Root } from '../root/root.js';
import { type Closure, type Interpreter, isOptional, type Program } from './closure.js';
import { failingDlopens } from './failing-dlopens.js';
import { LoaderChoice } from './loader-choice.js';
import { scriptPrograms } from './script-interpreter.js';
import { type DlopenCall, walk } from './walk.js';

/** What to trace with; every field may be left out. */
export interface TraceOptions extends Partial<LoaderOptions> {
  /** Use this loader for every program that has a loader, whatever its interpreter is. */
  readonly loader?: LoaderName;
  /** Calls of dlopen() to walk after a program's start, by the program's path. */
  readonly opens?: ReadonlyMap<string, readonly DlopenCall[]>;
  /**
   * What is known of this root's files already; nothing of them is read again.
   * @internal
   */
  readonly files?: RootFiles;
  /** Called before each program, with how many of `total` are done and the path that comes next. */
  readonly onProgress?: (done: number, total: number, path: string) => void;
}

/** The answer for all programs of a run. */
export interface Trace {
  readonly root: Root;
  /** What was asked for, whether or not it could be read. */
  readonly programs: readonly string[];
  /** In the order of the programs; interpreters of scripts follow their script. */
  readonly closures: readonly Closure[];
  /** Programs that could not be read, libraries that may be there but could not, and why. */
  readonly errors: readonly ElfdepsError[];
  /**
   * The root's files that were read, for whoever reads more of them.
   * @internal
   */
  readonly files: RootFiles;
  /** What was traced with, for whoever traces again. */
  readonly options: TraceOptions;
  /**
   * The loader of a program (by its path), configured; undefined where nothing is loaded.
   * @internal
   */
  loaderOf(program: string): ConfiguredLoader | undefined;
}

/** Traces programs in a root: traceDependencies with its loaders, for rooms that have none. */
export type TraceAgain = (root: Root, programs: readonly string[], options: TraceOptions) => Trace;

/**
 * Traces `programs` (absolute paths in `root`) with the rules of `loaders`. Reads the environment
 * nowhere: what LD_LIBRARY_PATH and LD_PRELOAD shall be is in the options.
 */
export function trace(
  root: Root,
  programs: readonly string[],
  options: TraceOptions,
  loaders: readonly Loader[],
): Trace {
  return new Tracer(root, options, loaders).run(programs);
}

class Tracer {
  readonly #files: RootFiles;
  readonly #root: Root;
  readonly #given: TraceOptions;
  readonly #options: LoaderOptions;
  readonly #choice: LoaderChoice;
  readonly #configured = new Map<string, ConfiguredLoader>();
  readonly #closures = new Map<string, Closure>();
  readonly #loaders = new Map<string, ConfiguredLoader>();
  readonly #errors: ElfdepsError[] = [];

  constructor(root: Root, options: TraceOptions, loaders: readonly Loader[]) {
    this.#root = root;
    this.#given = options;
    this.#files = options.files?.root === root ? options.files : new RootFiles(root);
    this.#options = {
      hwcaps: options.hwcaps ?? (root.isHost ? 'host' : 'none'),
      ldconfig: options.ldconfig ?? false,
      cwd: options.cwd ?? '/',
      ...(options.libraryPath === undefined ? {} : { libraryPath: options.libraryPath }),
      ...(options.preload === undefined ? {} : { preload: options.preload }),
    };
    this.#choice = new LoaderChoice(this.#files, loaders, options.loader, this.#options.cwd);
  }

  run(programs: readonly string[]): Trace {
    // Who traces again shows progress of its own, or none.
    const { onProgress, ...given } = this.#given;
    for (const [done, path] of programs.entries()) {
      onProgress?.(done, programs.length, path);
      try {
        this.#trace(path);
      } catch (error) {
        if (!(error instanceof ElfdepsError)) throw error;
        this.#errors.push(error);
      }
    }
    const closures = [...this.#closures.values()];
    return {
      root: this.#root,
      programs,
      files: this.#files,
      closures,
      errors: [...this.#errors, ...unreadableLibraries(closures)],
      options: given,
      loaderOf: (program) => this.#loaders.get(program),
    };
  }

  /** A program, and after a script the programs that its first line starts, however many in a row. */
  #trace(first: string): void {
    const pending = [first];
    for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
      if (this.#closures.has(path)) continue;
      const file = this.#open(path);
      const program = this.#readProgram(path, file);
      if (program.shebang !== undefined)
        pending.push(...this.#traceScript(path, program, program.shebang).reverse());
      else this.#closures.set(path, this.#close(program, program.elf as ElfFile));
    }
  }

  #open(path: string): ResolvedPath {
    const file = this.#files.resolve(path);
    if (!file.found) {
      if (file.problem === 'ELOOP')
        throw new ElfdepsError('ROOT_SYMLINK_LOOP', 'more than 40 symbolic links', { path });
      const missing = file.problem === 'ENOENT' || file.problem === 'ENOTDIR';
      throw new ElfdepsError(
        missing ? 'FILE_NOT_FOUND' : 'FILE_UNREADABLE',
        describeErrno(file.problem),
        { path, ...(file.problem === 'ENOENT' ? danglingHint(path, file.at) : {}) },
      );
    }
    if (file.entry.kind !== 'file')
      throw new ElfdepsError('NOT_REGULAR_FILE', 'not a regular file', { path });
    return file;
  }

  #readProgram(path: string, file: ResolvedPath): Program {
    const common = { path, realPath: file.path, links: file.links, entry: file.entry };
    try {
      const found = this.#files.findElf(file);
      const shebang = found === undefined ? parseShebang(this.#files.head(file)) : undefined;
      if (shebang !== undefined) return { ...common, kind: 'script', shebang };
      // The second call tells what kept the first from finding one.
      const elf = found ?? this.#files.elf(file);
      return { ...common, kind: elf.kind, elf };
    } catch (error) {
      // Errors speak of the path the user gave.
      if (error instanceof ElfdepsError)
        throw new ElfdepsError(error.code, error.fact, {
          path,
          cause: error,
          ...(error.hint === undefined ? {} : { hint: error.hint }),
        });
      const code = errnoOf(error);
      if (code === undefined) throw error;
      throw new ElfdepsError('FILE_UNREADABLE', describeErrno(code), { path, cause: error });
    }
  }

  /** A script alone; the programs that its first line starts are programs of their own. */
  #traceScript(path: string, program: Program, shebang: NonNullable<Program['shebang']>): string[] {
    const { programs, missing } = scriptPrograms(this.#files, shebang, this.#options.cwd);
    const interpreter = this.#interpreterFile(shebang.interpreter);
    const elf = this.#choice.elfAt(programs.at(-1) as string);
    this.#closures.set(path, {
      program: elf === undefined ? program : { ...program, elf },
      linkage: elf?.linkage ?? 'dynamic',
      target: elf?.target ?? null,
      ...NOTHING_LOADED,
      interpreter,
      diagnostics: missing.map((name) => ({
        code: 'SCRIPT_PROGRAM_MISSING',
        name,
        message: `${path}: env finds no '${name}' in the root's PATH`,
      })),
      complete: interpreter.status === 'found' && missing.length === 0,
    });
    return programs.filter((name) => this.#files.resolve(name).found);
  }

  /** The closure of an ELF file. */
  #close(program: Program, elf: ElfFile): Closure {
    const interpreter =
      elf.interpreter === undefined || elf.debugOnly
        ? null
        : this.#interpreterFile(elf.interpreter);
    const common = { program, linkage: elf.linkage, target: elf.target, interpreter };
    const object: LoadedObject = {
      role: 'program',
      name: program.path,
      path: program.path,
      realPath: program.realPath,
      links: program.links,
      entry: program.entry,
      // A program's origin is where the kernel says it is, a library's the path it is opened by.
      origin: directoryOf(elf.kind === 'executable' ? program.realPath : program.path),
      elf,
    };
    const chosen = elf.dynamic === undefined ? undefined : this.#choice.choose(program.path, elf);
    if (chosen === undefined || elf.linkage !== 'dynamic')
      return {
        ...common,
        ...NOTHING_LOADED,
        objects: [object],
        complete: interpreter?.status !== 'missing',
      };
    const { loader, path } = chosen;
    const own = this.#choice.object(path, elf.target);
    const configured = this.#configure(loader, path, elf.target, own);
    this.#loaders.set(program.path, configured);
    const session = configured.start(object);
    const result = this.#files.searchFor(program.path, () =>
      walk(
        object,
        session,
        {
          listsEveryMiss: loader.listsEveryMiss,
          ...(own === undefined ? {} : { interpreter: own }),
        },
        this.#given.opens?.get(program.path),
      ),
    );
    const vdso = loader.vdsoName(elf.target);
    const closure: { -readonly [K in keyof Closure]: Closure[K] } = {
      ...common,
      loader: loader.name,
      libc: loader.libc,
      traits: loader.traits,
      loaderPath: path,
      objects: result.objects,
      libraries: result.libraries,
      configuration: configured.files,
      ignoredPreloads: result.ignoredPreloads,
      diagnostics: [...result.diagnostics, ...failingDlopens(result.libraries)],
      complete:
        interpreter?.status !== 'missing' &&
        result.fatal === undefined &&
        result.libraries.every((library) => library.status === 'found' || isOptional(library)),
    };
    if (vdso !== undefined) closure.vdso = vdso;
    if (result.fatal !== undefined) closure.fatal = result.fatal;
    if (result.fatalSignal !== undefined) closure.fatalSignal = result.fatalSignal;
    return closure;
  }

  #configure(
    loader: Loader,
    path: string,
    target: Target,
    object: LoadedObject | undefined,
  ): ConfiguredLoader {
    // A file that does not say its float ABI has that of the loader that runs it.
    const actual = object?.elf.target ?? target;
    const key = `${loader.name}\0${path}\0${targetKey(actual)}`;
    let configured = this.#configured.get(key);
    if (configured === undefined) {
      configured = loader.configure({
        files: this.#files,
        target: actual,
        interpreter: object === undefined ? { path } : { path, object },
        options: this.#options,
      });
      this.#configured.set(key, configured);
    }
    return configured;
  }

  #interpreterFile(path: string): Interpreter {
    const file = this.#files.resolve(this.#choice.absolute(path));
    if (!file.found || file.entry.kind !== 'file')
      return { path, status: 'missing', links: file.links };
    return {
      path,
      status: 'found',
      realPath: file.path,
      links: file.links,
      entry: file.entry,
    };
  }
}

/** What no loader has to do with. */
const NOTHING_LOADED = {
  loader: null,
  libc: null,
  traits: null,
  objects: [],
  libraries: [],
  configuration: [],
  ignoredPreloads: [],
  diagnostics: [],
} as const;

function danglingHint(path: string, at: string): { hint?: string } {
  return at === path ? {} : { hint: `nothing stands at ${at}` };
}

/** A missing library of which nobody knows who may not read it: no answer is whole without it. */
function unreadableLibraries(closures: readonly Closure[]): ElfdepsError[] {
  const paths = closures.flatMap(({ libraries }) =>
    libraries.flatMap((library) => {
      if (library.status !== 'missing' || isOptional(library)) return [];
      return library.tried.find(({ outcome }) => outcome === 'unreadable')?.path ?? [];
    }),
  );
  return [...new Set(paths)].map(
    (path) =>
      new ElfdepsError('FILE_UNREADABLE', describeErrno('EACCES'), {
        path,
        hint: 'run elfdeps as a user who may read it',
      }),
  );
}
